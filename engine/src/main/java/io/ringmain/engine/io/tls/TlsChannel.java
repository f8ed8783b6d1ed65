package io.ringmain.engine.io.tls;

import io.ringmain.engine.auth.ClientCertificate;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelException;
import io.ringmain.engine.io.IoBuffer;
import io.ringmain.engine.io.LayeredChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * An encrypted connection.
 *
 * <pre>
 *  network -> [ held: part of a record ] -> engine -> [ plain: what didn't fit the reader ] -> MQTT
 *  network <- [ unsent: whole records, some of the first gone ] <- engine <- MQTT
 * </pre>
 *
 * What is in brackets is there only while it holds something. While something is unsent no more is taken, so that this is
 * bounded by {@link TlsBuffers#out}.
 */
final class TlsChannel extends LayeredChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String TLS_1_3 = "TLSv1.3";
    private static final int DISCARDING_READS = 4;

    private final Handshakes handshakes;
    private final Counters counters;

    /** Null when it is complete. */
    private Handshake handshake;

    private SSLEngine engine;
    private ClientCertificate certificate;
    private Runnable signal = () -> {};

    private IoBuffer held;
    private IoBuffer plain;
    private IoBuffer unsent;

    private boolean readWanted = true;
    private boolean writeWanted;
    /** The engine has to say something itself, and first what is unsent must go: nothing is read until then. */
    private boolean answerDue;

    /** What a read has failed with while it had bytes to give: the next one does. */
    private IOException failure;

    private boolean networkEnded;
    /** Nothing more is decrypted: the client has said goodbye, or broken something. */
    private boolean ended;

    private boolean closed;

    TlsChannel(final Channel lower, final TlsSettings settings, final Handshakes handshakes, final Counters counters) {
        super(lower);
        this.handshakes = handshakes;
        this.counters = counters;
        this.handshake = new Handshake(settings);
    }

    boolean isHandshaking() {
        return handshake != null;
    }

    SSLEngine engine() {
        return handshake == null ? engine : handshake.engine;
    }

    /** Whether it has no buffer of its own, as when it is idle. */
    boolean holdsNothing() {
        return held == null && plain == null && unsent == null;
    }

    /** But for what the engine has, which doesn't tell. */
    @Override
    public int heldBytes() {
        final int shaking = handshake == null ? 0 : capacity(handshake.in) + capacity(handshake.out);
        return lower.heldBytes() + shaking + capacity(held) + capacity(plain) + capacity(unsent);
    }

    private static int capacity(final IoBuffer buffer) {
        return buffer == null ? 0 : buffer.capacity();
    }

    @Override
    public void attach(final Runnable signal) {
        this.signal = signal;
        super.attach(signal);
    }

    @Override
    public ClientCertificate certificate() {
        return certificate;
    }

    @Override
    public boolean isEncrypted() {
        return true;
    }

    @Override
    public void interest(final boolean read, final boolean write) {
        readWanted = read;
        writeWanted = write;
        updateInterest();
    }

    private void updateInterest() {
        final boolean computing = handshake != null && handshake.isRunning();
        lower.interest(readWanted && !computing && !answerDue, !computing && (writeWanted || unsent != null));
    }

    @Override
    public boolean hasBuffered() {
        if (handshake != null) {
            return !handshake.isRunning() && lower.hasBuffered();
        }
        return plain != null
                || failure != null
                || networkEnded
                || ended
                || !answerDue && (held != null && TlsRecord.isWhole(held.bytes) || lower.hasBuffered());
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (handshake != null && !shakeHands()) {
            return networkEnded ? -1 : 0;
        }
        final int start = target.position();
        takePlain(target);
        try {
            while (plain == null && target.hasRemaining() && !ended && !answerDue && decryptMore(target)) {
                // The network may have more.
            }
        } catch (final IOException ex) {
            failure = ex;
            ended = true;
        }
        final int count = target.position() - start;
        if (count == 0 && failure != null) {
            throw failure;
        }
        return count > 0 || !networkEnded && !ended ? count : -1;
    }

    /** Goes on with the hand-shake; true when it is complete. */
    private boolean shakeHands() throws IOException {
        if (handshake.isRunning()) {
            return false;
        }
        takeOutput();
        if (handshake.need == Handshake.Need.END) {
            throw failed();
        }
        if (sendUnsent()) {
            switch (handshake.need) {
                case NOTHING -> {
                    complete();
                    return true;
                }
                case INPUT -> {
                    if (readHandshake()) {
                        compute();
                    }
                }
                default -> compute();
            }
        }
        updateInterest();
        return false;
    }

    private void takeOutput() {
        if (handshake.out != null) {
            if (handshake.out.bytes.hasRemaining()) {
                unsent = handshake.out;
            } else {
                TlsBuffers.ofThread().give(handshake.out);
            }
            handshake.out = null;
        }
    }

    private ChannelException failed() throws IOException {
        sendUnsent();
        discardUnread();
        return fault(CounterId.TLS_HANDSHAKES_FAILED, "TLS hand-shake failed: " + handshake.failure);
    }

    /** Bytes that nobody has read make the kernel reset the connection, and the alert would be lost with it. */
    private void discardUnread() throws IOException {
        final ByteBuffer in = TlsBuffers.ofThread().in;
        for (int i = 0; i < DISCARDING_READS && lower.read(in.clear()) > 0; i++) {
            // What the client has sent meanwhile is of no use.
        }
    }

    private void complete() {
        engine = handshake.engine;
        certificate = handshake.certificate;
        handshake.in.bytes.flip();
        held = handshake.in.bytes.hasRemaining() ? handshake.in : null;
        if (held == null) {
            TlsBuffers.ofThread().give(handshake.in);
        }
        handshake = null;
        counters.increment(CounterId.TLS_HANDSHAKES_COMPLETED);
        updateInterest();
    }

    /** Reads for the hand-shake; true if there is a whole record. */
    private boolean readHandshake() throws IOException {
        if (handshake.in == null) {
            handshake.in = TlsBuffers.ofThread().pool.take(0);
            handshake.in.bytes.clear();
        }
        final int count = lower.read(handshake.in.bytes);
        if (count < 0) {
            networkEnded = true;
            if (handshake.in.bytes.position() > 0 || handshake.begun) {
                throw fault(CounterId.TLS_HANDSHAKES_FAILED, "TLS hand-shake failed: the client has gone");
            }
            return false;
        }
        return hasHandshakeRecord();
    }

    private boolean hasHandshakeRecord() throws ChannelException {
        final ByteBuffer in = handshake.in.bytes;
        final int available = in.position();
        final int length = TlsRecord.length(in, 0, available);
        if (length == TlsRecord.INVALID || available > 0 && !handshake.begun && !TlsRecord.isHandshake(in.get(0))) {
            throw fault(
                    CounterId.TLS_HANDSHAKES_FAILED,
                    "TLS hand-shake failed: this is no TLS, it begins with the byte 0x"
                            + Integer.toHexString(in.get(0) & 0xFF));
        }
        if (length > available && !in.hasRemaining()) {
            // With what has come, not with what was announced.
            final IoBuffer larger = TlsBuffers.ofThread().pool.take(2 * in.capacity());
            larger.bytes.clear();
            larger.bytes.put(in.flip());
            TlsBuffers.ofThread().give(handshake.in);
            handshake.in = larger;
        }
        return length != TlsRecord.INCOMPLETE && length <= available;
    }

    /** Has the next step computed. */
    private void compute() throws ChannelException {
        if (!handshakes.tryExecute(handshake, signal)) {
            throw fault(CounterId.TLS_HANDSHAKES_REFUSED, "too many TLS hand-shakes at a time");
        }
    }

    private void takePlain(final ByteBuffer target) {
        if (plain != null) {
            move(plain.bytes, target);
            if (!plain.bytes.hasRemaining()) {
                TlsBuffers.ofThread().give(plain);
                plain = null;
            }
        }
    }

    /** Puts as much as fits. */
    private static void move(final ByteBuffer from, final ByteBuffer to) {
        final int limit = from.limit();
        from.limit(from.position() + Math.min(from.remaining(), to.remaining()));
        to.put(from);
        from.limit(limit);
    }

    /**
     * Reads from the network and decrypts what has come; true if the network may have more. No more is read than the
     * target takes, or than completes a record: less than a record is left over, but when an answer of the engine's has to
     * go first.
     */
    private boolean decryptMore(final ByteBuffer target) throws IOException {
        final ByteBuffer in = TlsBuffers.ofThread().in.clear();
        if (held != null) {
            in.put(held.bytes);
            TlsBuffers.ofThread().give(held);
            held = null;
        }
        final int wanted = Math.max(target.remaining(), TlsRecord.MAX_LENGTH);
        in.limit(Math.min(in.capacity(), Math.max(in.position(), wanted)));
        if (in.hasRemaining() && !networkEnded) {
            readNetwork(in);
        }
        final boolean more = !in.hasRemaining();
        in.flip();
        decrypt(in, target);
        held = ended ? null : TlsBuffers.ofThread().keep(in);
        return more;
    }

    /** What has come before the network failed counts. */
    private void readNetwork(final ByteBuffer in) {
        try {
            if (lower.read(in) < 0) {
                networkEnded = true;
                // An end that nobody has vouched for. It does no harm: a packet of MQTT says how long it is.
                counters.increment(CounterId.TLS_TRUNCATED);
            }
        } catch (final IOException ex) {
            failure = ex;
        }
    }

    /** Decrypts whole records as long as there is room; the last may go into it in part. */
    private void decrypt(final ByteBuffer in, final ByteBuffer target) throws IOException {
        while (target.hasRemaining() && !ended && !answerDue) {
            final int length = TlsRecord.length(in, in.position(), in.remaining());
            if (length == TlsRecord.INVALID) {
                throw fault(CounterId.TLS_RECORDS_BAD, "no TLS record");
            }
            if (length == TlsRecord.INCOMPLETE || length > in.remaining()) {
                return;
            }
            try {
                final SSLEngineResult result = engine.unwrap(in, target);
                if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                    decryptApart(in, target);
                } else {
                    onUnwrapped(result);
                }
            } catch (final SSLException ex) {
                sayGoodbye();
                throw fault(counterOf(ex), "TLS: " + Handshake.reason(ex));
            }
        }
    }

    /** BoringSSL refuses by itself what the JDK would go along with. */
    private static CounterId counterOf(final SSLException ex) {
        return Handshake.reason(ex).contains("renegotiation")
                ? CounterId.TLS_RENEGOTIATIONS_REFUSED
                : CounterId.TLS_RECORDS_BAD;
    }

    /** A record that is longer than the rest of the target, or the rest of one that an engine has begun to hand out. */
    private void decryptApart(final ByteBuffer in, final ByteBuffer target) throws IOException {
        final ByteBuffer apart = TlsBuffers.ofThread().plain.clear();
        final SSLEngineResult result = engine.unwrap(in, apart);
        apart.flip();
        move(apart, target);
        plain = TlsBuffers.ofThread().keep(apart);
        onUnwrapped(result);
    }

    private void onUnwrapped(final SSLEngineResult result) throws IOException {
        if (result.getStatus() == Status.CLOSED) {
            ended = true;
            return;
        }
        final HandshakeStatus status = result.getHandshakeStatus();
        if (status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED) {
            return;
        }
        if (!engine.getSession().getProtocol().equals(TLS_1_3) || status == HandshakeStatus.NEED_TASK) {
            sayGoodbye();
            throw fault(CounterId.TLS_RENEGOTIATIONS_REFUSED, "the client asked for a renegotiation");
        }
        if (status == HandshakeStatus.NEED_WRAP) {
            answerDue = true;
            try {
                answer();
            } catch (final IOException ex) {
                // The client takes nothing more; what it has sent behind this counts.
                failure = ex;
            }
        }
    }

    /** Sends what the engine has to say itself: new keys, tickets. */
    private void answer() throws IOException {
        if (unsent == null) {
            final ByteBuffer out = TlsBuffers.ofThread().out.clear();
            while (answerDue && out.remaining() >= TlsRecord.MAX_LENGTH) {
                wrap(NOTHING, out);
            }
            send(out);
        }
        updateInterest();
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (handshake != null || !flush()) {
            return 0;
        }
        final int start = source.position();
        final ByteBuffer out = TlsBuffers.ofThread().out;
        while ((source.hasRemaining() || answerDue) && unsent == null) {
            out.clear();
            while ((source.hasRemaining() || answerDue) && out.remaining() >= TlsRecord.MAX_LENGTH) {
                wrap(source, out);
            }
            send(out);
        }
        return source.position() - start;
    }

    /** The engine may have to say something behind it: new keys, which the JDK's wants sent before it reads on. */
    private void wrap(final ByteBuffer source, final ByteBuffer out) throws IOException {
        final SSLEngineResult result = engine.wrap(source, out);
        if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
            throw new IOException("TLS: the connection is closed for writing");
        }
        answerDue = result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }

    private void send(final ByteBuffer out) throws IOException {
        out.flip();
        lower.write(out);
        unsent = TlsBuffers.ofThread().keep(out);
    }

    @Override
    public boolean flush() throws IOException {
        if (handshake != null && handshake.isRunning()) {
            return true;
        }
        if (!sendUnsent()) {
            return false;
        }
        if (handshake != null) {
            shakeHands();
        } else if (answerDue) {
            answer();
        }
        return unsent == null && lower.flush();
    }

    private boolean sendUnsent() throws IOException {
        if (unsent != null) {
            lower.write(unsent.bytes);
            if (unsent.bytes.hasRemaining()) {
                return false;
            }
            TlsBuffers.ofThread().give(unsent);
            unsent = null;
        }
        return true;
    }

    private static ChannelException fault(final CounterId counter, final String why) {
        return new ChannelException(counter, why.replaceAll("\\p{Cntrl}", "?"));
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (handshake != null) {
            abandonHandshake();
        } else {
            sayGoodbye();
        }
        final TlsBuffers buffers = TlsBuffers.ofThread();
        buffers.give(held);
        buffers.give(plain);
        buffers.give(unsent);
        held = null;
        plain = null;
        unsent = null;
        lower.close();
    }

    /** What a step works on stays with it; nobody else may have those buffers. */
    private void abandonHandshake() {
        if (handshake.abandon()) {
            TlsBuffers.ofThread().give(handshake.in);
            TlsBuffers.ofThread().give(handshake.out);
        }
    }

    /** Sends close_notify, or the alert that the engine has; once, if the network takes it. Frees what the engine has. */
    private void sayGoodbye() {
        try {
            final ByteBuffer out = TlsBuffers.ofThread().out.clear();
            Handshake.closeOutbound(engine, out);
            if (sendUnsent()) {
                lower.write(out.flip());
            }
        } catch (final IOException ignored) {
            // The client is told what it still hears; the connection ends either way.
        }
        Handshake.closeInbound(engine);
    }
}
