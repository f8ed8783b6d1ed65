package io.ringmain.engine.io.websocket;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelException;
import io.ringmain.engine.io.LayeredChannel;
import io.ringmain.protocol.websocket.CloseCode;
import io.ringmain.protocol.websocket.FrameDecoder;
import io.ringmain.protocol.websocket.UpgradeAnswer;
import io.ringmain.protocol.websocket.UpgradeRequest;
import io.ringmain.protocol.websocket.UpgradeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * One WebSocket of a client. Until its request is answered a read gives nothing; then it gives what binary frames carry.
 *
 * <p>Frames are decoded where they were read to, and of a frame nothing is kept but its header, so that a frame may be of
 * any length that the limits allow. A Close frame is the end of the stream, as if the client had closed: MQTT says goodbye
 * with DISCONNECT. What came before a Close frame, or before a fault, is given first, wherever the network has split it.
 */
final class WebSocketChannel extends LayeredChannel {
    private static final int DISCARDING_READS = 16;

    private final WebSocketOptions options;
    private final Counters counters;
    private final FrameDecoder decoder;
    private final FrameOutput output;

    /** Null once it was answered. */
    private UpgradeRequest request;

    /** The request as far as it came, null while all of it may still come in one piece. */
    private ExpandableArrayBuffer kept;

    private int keptLength;

    /** Where the client is will be in the request. */
    private final boolean fromProxy;

    /** Where the client is, if it came through a proxy; null if it didn't, and until that is known. */
    private InetAddress client;

    private boolean readInterest = true;
    private boolean closed;

    WebSocketChannel(final Channel lower, final WebSocketOptions options, final Counters counters) {
        super(lower);
        this.options = options;
        this.counters = counters;
        this.decoder = new FrameDecoder(options.maxFrameBeforeConnect(), options.maxEmptyFrames());
        this.output = new FrameOutput(lower);
        this.fromProxy = ForwardedFor.isTrusted(lower.socket().inetAddress(), options.trustedProxies());
        this.request = new UpgradeRequest(options.maxHeaderBytes(), options.maxHeaders());
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (decoder.isEnded()) {
            return end();
        }
        final int start = target.position();
        final int count = lower.read(target);
        if (count <= 0) {
            return count;
        }
        final Scratch scratch = Scratch.get();
        scratch.other.wrap(target);
        if (request != null) {
            target.position(start);
            onRequestBytes(scratch.other, start, count);
            return 0;
        }
        final int payload = decoder.decode(scratch.other, start, start + count);
        target.position(start + payload);
        if (isPingDue()) {
            // Not answered here: a network that takes nothing more must not cost what has come.
            lower.interest(readInterest, true);
        }
        return payload == 0 && decoder.isEnded() ? end() : payload;
    }

    private boolean isPingDue() {
        return decoder.pingLength() != FrameDecoder.NONE;
    }

    /** The end of the stream, or the fault that ends it. */
    private int end() throws ChannelException {
        if (decoder.isClosed()) {
            return -1;
        }
        throw new ChannelException(faultCounter(decoder.closeCode()), "WebSocket: " + decoder.fault());
    }

    private static CounterId faultCounter(final int closeCode) {
        return switch (closeCode) {
            case CloseCode.UNSUPPORTED_DATA -> CounterId.WEBSOCKET_CLOSED_TEXT;
            case CloseCode.MESSAGE_TOO_BIG -> CounterId.WEBSOCKET_CLOSED_FRAME_TOO_LARGE;
            case CloseCode.POLICY_VIOLATION -> CounterId.WEBSOCKET_CLOSED_EMPTY_FRAMES;
            default -> CounterId.WEBSOCKET_CLOSED_PROTOCOL_FAULT;
        };
    }

    private void onRequestBytes(final DirectBuffer bytes, final int offset, final int count) throws IOException {
        final UpgradeResult result;
        if (kept == null) {
            result = request.read(bytes, offset, count);
        } else {
            append(bytes, offset, count);
            result = request.read(kept, 0, keptLength);
        }
        if (result != UpgradeResult.INCOMPLETE) {
            decide(result == UpgradeResult.ACCEPTED ? options.rules().check(request) : result);
        } else if (kept == null) {
            kept = new ExpandableArrayBuffer(Math.max(count, ExpandableArrayBuffer.INITIAL_CAPACITY));
            append(bytes, offset, count);
        }
    }

    /** One byte more than may be shows that there are too many. */
    private void append(final DirectBuffer bytes, final int offset, final int count) {
        final int taken = Math.min(count, options.maxHeaderBytes() + 1 - keptLength);
        kept.putBytes(keptLength, bytes, offset, taken);
        keptLength += taken;
    }

    private void decide(final UpgradeResult result) throws IOException {
        String fault = request.fault();
        UpgradeResult decision = result;
        if (result == UpgradeResult.ACCEPTED) {
            try {
                client = ForwardedFor.client(lower.inetAddress(), request, options.trustedProxies());
            } catch (final IllegalArgumentException ex) {
                fault = ex.getMessage();
                decision = UpgradeResult.MALFORMED;
            }
        }
        final byte[] answer = UpgradeAnswer.encode(decision, request);
        if (decision != UpgradeResult.ACCEPTED) {
            output.answer(answer);
            lower.flush();
            throw new ChannelException(refusalCounter(decision), refusal(decision, fault));
        }
        request = null;
        kept = null;
        counters.increment(CounterId.WEBSOCKET_UPGRADES);
        if (!output.answer(answer) || !flush()) {
            lower.interest(readInterest, true);
        }
    }

    private String refusal(final UpgradeResult result, final String fault) {
        return "WebSocket refused: "
                + switch (result) {
                    case ORIGIN_NOT_ALLOWED -> "its origin " + printable(request.origin()) + " is not in the list";
                    case NO_SUCH_PATH -> "its path " + printable(request.path()) + " is not served";
                    case NO_UPGRADE -> "it asks for no WebSocket of version 13";
                    case NO_SUB_PROTOCOL -> "it offers no sub-protocol that is MQTT";
                    case MALFORMED -> fault.isEmpty() ? "its key is not 16 bytes" : fault;
                    default -> fault;
                };
    }

    /** The parser has refused control characters; what is left is made short and free of other alphabets. */
    private static String printable(final String text) {
        final String ascii = text.replaceAll("[^ -~]", "?");
        return "'" + (ascii.length() > 80 ? ascii.substring(0, 80) + "..." : ascii) + "'";
    }

    private static CounterId refusalCounter(final UpgradeResult result) {
        return switch (result) {
            case ORIGIN_NOT_ALLOWED -> CounterId.WEBSOCKET_REFUSED_ORIGIN;
            case NO_SUCH_PATH -> CounterId.WEBSOCKET_REFUSED_PATH;
            case NO_UPGRADE -> CounterId.WEBSOCKET_REFUSED_VERSION;
            case NO_SUB_PROTOCOL -> CounterId.WEBSOCKET_REFUSED_SUB_PROTOCOL;
            case HEADER_TOO_LARGE -> CounterId.WEBSOCKET_REFUSED_HEADER_LIMIT;
            default -> CounterId.WEBSOCKET_REFUSED_REQUEST;
        };
    }

    @Override
    public void opened() {
        decoder.maxFrameLength(options.maxFrame());
        super.opened();
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        return output.write(source, decoder);
    }

    @Override
    public boolean flush() throws IOException {
        return lower.flush() && output.flush(decoder) && lower.flush();
    }

    @Override
    public boolean hasBuffered() {
        return decoder.isEnded() || lower.hasBuffered();
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        readInterest = read;
        lower.interest(read, write || output.isHolding() || isPingDue());
    }

    @Override
    public String peer() {
        return client == null ? lower.peer() : client.getHostAddress() + " by " + lower.peer();
    }

    @Override
    public String address() {
        if (client != null) {
            return client.getHostAddress();
        }
        return isClientUnknown() ? null : lower.address();
    }

    @Override
    public InetAddress inetAddress() {
        return client != null || isClientUnknown() ? client : lower.inetAddress();
    }

    private boolean isClientUnknown() {
        return fromProxy && request != null;
    }

    @Override
    public int heldBytes() {
        return lower.heldBytes() + (kept == null ? 0 : kept.capacity()) + output.heldBytes();
    }

    /** Says goodbye with a Close frame if one may stand here, and takes what is unread: it would make a reset of the end. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                if (request == null) {
                    output.close(decoder.isEnded() ? decoder.closeCode() : CloseCode.NORMAL);
                    lower.flush();
                }
                discardUnread();
            } catch (final IOException ignored) {
                // The network is gone; there is nobody to say it to.
            }
        }
        lower.close();
    }

    /** From the network itself: a layer that reads may begin something, such as a hand-shake. */
    private void discardUnread() throws IOException {
        final ByteBuffer scratch = Scratch.get().bytes;
        for (int i = 0; i < DISCARDING_READS; i++) {
            if (lower.socket().read(scratch.clear()) <= 0) {
                return;
            }
        }
    }
}
