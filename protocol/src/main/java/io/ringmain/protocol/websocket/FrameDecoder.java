package io.ringmain.protocol.websocket;

import io.ringmain.protocol.Utf8;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Turns the frames of a client into the bytes that its binary messages carry, where they lie: it takes masks and headers
 * away. Keeps its place over any split of the stream, and of the stream itself nothing but a control frame that isn't
 * complete.
 *
 * <pre>
 *  0                        1                  2                2, 4 or 10    6, 8 or 14
 *  +-----+-----+----------+------+-----------+----------------+-------------+----------------
 *  | FIN | RSV | opcode 4 | MASK | length 7  | length u16/u64 | masking key | payload, masked
 *  +-----+-----+----------+------+-----------+----------------+-------------+----------------
 * </pre>
 *
 * After a Close frame or a fault it takes nothing more.
 */
public final class FrameDecoder {
    /** Most bytes of payload that a control frame may have. */
    static final int MAX_CONTROL_PAYLOAD = 125;
    /** {@link #pingLength}: no Ping waits for its answer. */
    public static final int NONE = -1;

    private static final int FIN = 0x80;
    private static final int RESERVED_BITS = 0x70;
    private static final int OPCODE_BITS = 0x0F;
    private static final int MASKED = 0x80;
    private static final int KEY_LENGTH = 4;
    private static final int U16_LENGTH = 126;
    private static final int SMALLEST_U64 = 0x1_0000;

    private final int maxEmptyFrames;
    private int maxFrameLength;

    /** Bytes of the header that were read. */
    private int headerRead;
    /** Where its masking key begins. */
    private int keyStart;

    private int opcode;
    private boolean isFinal;
    private long length;

    /** Little endian, turned so that its lowest byte belongs to the next byte of the payload. */
    private int key;

    private boolean inPayload;
    private int left;

    /** A message was begun and is not complete. */
    private boolean inMessage;

    private int emptyFrames;

    /** Payload of the control frame that is being read, null until there was one. */
    private byte[] control;

    private byte[] ping;
    private int pingLength = NONE;
    private boolean closed;
    private int closeCode;
    private String fault;

    /**
     * @param maxFrameLength most bytes of payload of a data frame, until {@link #maxFrameLength} says otherwise.
     * @param maxEmptyFrames most data frames without payload that may follow each other.
     */
    public FrameDecoder(final int maxFrameLength, final int maxEmptyFrames) {
        this.maxFrameLength = maxFrameLength;
        this.maxEmptyFrames = maxEmptyFrames;
    }

    /** Most bytes of payload of a data frame whose header comes from now on. */
    public void maxFrameLength(final int bytes) {
        maxFrameLength = bytes;
    }

    /**
     * Decodes what has come.
     *
     * @param offset of the first byte that has come; the payload is put there.
     * @param limit behind the last one.
     * @return bytes of payload, which may be 0. {@link #pingLength}, {@link #isClosed} and {@link #fault} say what came
     *     behind it.
     */
    public int decode(final MutableDirectBuffer buffer, final int offset, final int limit) {
        int from = offset;
        int to = offset;
        while (from < limit && !isEnded()) {
            if (!inPayload) {
                onHeaderByte(buffer.getByte(from++));
                continue;
            }
            final int count = Math.min(left, limit - from);
            if (Opcode.isControl(opcode)) {
                takeControl(buffer, from, count);
            } else {
                key = Masking.unmask(buffer, from, to, count, key);
                to += count;
            }
            from += count;
            left -= count;
            if (left == 0) {
                endFrame();
            }
        }
        return to - offset;
    }

    /** After a Close frame or a fault: nothing more is decoded. */
    public boolean isEnded() {
        return closed || fault != null;
    }

    /** Whether the client has sent a Close frame. */
    public boolean isClosed() {
        return closed;
    }

    /** What the client broke, for people; null if it broke nothing. */
    public String fault() {
        return fault;
    }

    /** The code to answer a Close frame or a fault with. */
    public int closeCode() {
        return closeCode;
    }

    /** Bytes of payload of the last Ping that was not answered, {@link #NONE} if there is none. */
    public int pingLength() {
        return pingLength;
    }

    /** Its payload, in the first bytes. */
    public byte[] ping() {
        return ping;
    }

    /** The Ping, and all before it, were answered. */
    public void pingAnswered() {
        pingLength = NONE;
    }

    private void onHeaderByte(final byte b) {
        if (headerRead == 0) {
            onFirst(b & 0xFF);
        } else if (headerRead == 1) {
            onSecond(b & 0xFF);
        } else if (headerRead < keyStart) {
            length = length << Byte.SIZE | b & 0xFF;
        } else {
            key |= (b & 0xFF) << Byte.SIZE * (headerRead - keyStart);
        }
        headerRead++;
        if (headerRead == keyStart && fault == null) {
            checkLength();
        }
        if (headerRead == keyStart + KEY_LENGTH && fault == null) {
            beginPayload();
        }
    }

    private void onFirst(final int b) {
        opcode = b & OPCODE_BITS;
        isFinal = (b & FIN) != 0;
        // Known with the next byte; until then the key must not seem to begin.
        keyStart = Integer.MAX_VALUE - KEY_LENGTH;
        if ((b & RESERVED_BITS) != 0) {
            fail(CloseCode.PROTOCOL_ERROR, "reserved bits are set, and no extension was agreed on");
            return;
        }
        switch (opcode) {
            case Opcode.CONTINUATION -> {
                if (!inMessage) {
                    fail(CloseCode.PROTOCOL_ERROR, "a continuation of nothing");
                }
            }
            case Opcode.BINARY -> {
                if (inMessage) {
                    fail(CloseCode.PROTOCOL_ERROR, "a new message within another one");
                }
            }
            case Opcode.TEXT -> fail(CloseCode.UNSUPPORTED_DATA, "a text frame, and MQTT is binary");
            case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> {
                if (!isFinal) {
                    fail(CloseCode.PROTOCOL_ERROR, "a fragmented control frame");
                }
            }
            default -> fail(CloseCode.PROTOCOL_ERROR, "opcode " + opcode + " is reserved");
        }
    }

    private void onSecond(final int b) {
        length = b & ~MASKED;
        if ((b & MASKED) == 0) {
            fail(CloseCode.PROTOCOL_ERROR, "a frame without a mask");
        } else if (Opcode.isControl(opcode) && length > MAX_CONTROL_PAYLOAD) {
            fail(CloseCode.PROTOCOL_ERROR, "a control frame of more than " + MAX_CONTROL_PAYLOAD + " bytes");
        }
        key = 0;
        if (length < U16_LENGTH) {
            keyStart = 2;
        } else {
            keyStart = 2 + (length == U16_LENGTH ? Short.BYTES : Long.BYTES);
            length = 0;
        }
    }

    private void checkLength() {
        final long shortest = keyStart == 2 ? 0 : keyStart == 2 + Short.BYTES ? U16_LENGTH : SMALLEST_U64;
        if (length < 0) {
            fail(CloseCode.PROTOCOL_ERROR, "the highest bit of a length is set");
        } else if (length < shortest) {
            fail(CloseCode.PROTOCOL_ERROR, "length " + length + " in more bytes than it needs");
        } else if (!Opcode.isControl(opcode) && length > maxFrameLength) {
            fail(
                    CloseCode.MESSAGE_TOO_BIG,
                    "a frame of " + length + " bytes, where " + maxFrameLength + " are the most");
        }
    }

    private void beginPayload() {
        inPayload = true;
        left = (int) length;
        if (left == 0) {
            endFrame();
        }
    }

    private void endFrame() {
        inPayload = false;
        headerRead = 0;
        if (Opcode.isControl(opcode)) {
            onControl((int) length);
            return;
        }
        inMessage = !isFinal;
        emptyFrames = length == 0 ? emptyFrames + 1 : 0;
        if (emptyFrames > maxEmptyFrames) {
            fail(CloseCode.POLICY_VIOLATION, "more than " + maxEmptyFrames + " frames without payload");
        }
    }

    private void takeControl(final MutableDirectBuffer buffer, final int offset, final int count) {
        if (control == null) {
            control = new byte[MAX_CONTROL_PAYLOAD];
        }
        final int at = (int) length - left;
        for (int i = 0; i < count; i++) {
            control[at + i] = (byte) (buffer.getByte(offset + i) ^ key);
            key = Integer.rotateRight(key, Byte.SIZE);
        }
    }

    private void onControl(final int payloadLength) {
        if (opcode == Opcode.PING) {
            final byte[] spare = ping;
            ping = control == null ? new byte[MAX_CONTROL_PAYLOAD] : control;
            control = spare;
            pingLength = payloadLength;
        } else if (opcode == Opcode.CLOSE) {
            onClose(payloadLength);
        }
    }

    private void onClose(final int payloadLength) {
        if (payloadLength == 0) {
            closed = true;
            closeCode = CloseCode.NO_STATUS;
            return;
        }
        final UnsafeBuffer payload = new UnsafeBuffer(control, 0, payloadLength);
        final int code = payloadLength == 1 ? 0 : payload.getShort(0, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if (!CloseCode.mayBeSent(code)) {
            fail(CloseCode.PROTOCOL_ERROR, "a Close frame without a valid code");
        } else if (!Utf8.validate(payload, Short.BYTES, payloadLength - Short.BYTES)) {
            fail(CloseCode.INVALID_PAYLOAD, "the reason of a Close frame is no UTF-8");
        } else {
            closed = true;
            closeCode = code;
        }
    }

    private void fail(final int code, final String why) {
        if (fault == null) {
            fault = why;
            closeCode = code;
        }
    }
}
