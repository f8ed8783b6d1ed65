package io.ringmain.engine.io.tls;

import io.ringmain.engine.auth.ClientCertificate;
import io.ringmain.engine.io.IoBuffer;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * One hand-shake. It is computed in steps, each on a thread of {@link Handshakes}, as far as the records go that have
 * come; between the steps the agent moves bytes from and to the network. All of it runs there, not only the engine's
 * delegated tasks: not every provider has any, and a signature takes as long either way.
 *
 * <p>Owned by one thread at a time: from {@link #begin} until {@link #isRunning} is false by the one that runs it, else by
 * the agent. Who has it last closes the engine, which may keep memory that no collector sees.
 */
final class Handshake {
    private enum Owner {
        AGENT,
        STEP,
        /** The agent waits for it no more: the step is the last that has it. */
        STEP_ALONE
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A record with the fatal alert no_application_protocol, RFC 7301, as it is before anything is encrypted. */
    private static final byte[] NO_APPLICATION_PROTOCOL = {21, 3, 3, 0, 2, 2, 120};

    /** How BoringSSL tells what is wrong, in the middle of where it happened. */
    private static final Pattern BORING_REASON = Pattern.compile("OPENSSL_internal:(\\w+)");

    /** What has to happen before the next step. */
    enum Need {
        /** Wait for a whole record. */
        INPUT,
        /** Send what is there. */
        ROOM,
        /** Go on: it is complete. */
        NOTHING,
        /** Send what is there, then close. */
        END
    }

    final TlsSettings settings;

    /** Records of the client; between steps the position is behind them, as for a read. */
    IoBuffer in;
    /** Records for the client, to be written; null while there are none. */
    IoBuffer out;

    /** Its first step was taken. */
    boolean begun;

    SSLEngine engine;
    Need need = Need.INPUT;
    ClientCertificate certificate;
    String failure;

    private Runnable signal;
    private final AtomicReference<Owner> owner = new AtomicReference<>(Owner.AGENT);
    private boolean noApplication;

    Handshake(final TlsSettings settings) {
        this.settings = settings;
    }

    boolean isRunning() {
        return owner.get() != Owner.AGENT;
    }

    /** The agent gives it away for a step; {@code out} has to be null. */
    void begin(final Runnable whenDone) {
        begun = true;
        signal = whenDone;
        out = TlsBuffers.ofThread().pool.take(2 * TlsRecord.MAX_LENGTH);
        owner.set(Owner.STEP);
    }

    /** Nobody waits for it any more; false if a step has it, with its buffers. The agent's last call. */
    boolean abandon() {
        if (owner.compareAndSet(Owner.STEP, Owner.STEP_ALONE)) {
            return false;
        }
        closeEngine();
        return true;
    }

    /** The step. {@link #end} follows. */
    void compute() {
        in.bytes.flip();
        out.bytes.clear();
        try {
            if (owner.get() == Owner.STEP) {
                step();
            }
        } catch (final SSLException ex) {
            fail(reason(ex));
        } catch (final RuntimeException ex) {
            fail("internal fault: " + ex);
        }
        in.bytes.compact();
        out.bytes.flip();
    }

    /** Gives it back to the agent, if that waits for it. */
    void end() {
        final Runnable whenDone = signal;
        if (owner.compareAndSet(Owner.STEP, Owner.AGENT)) {
            whenDone.run();
        } else {
            closeEngine();
        }
    }

    private void closeEngine() {
        if (engine == null) {
            return;
        }
        try {
            engine.closeOutbound();
            final ByteBuffer unheard = ByteBuffer.allocate(TlsRecord.MAX_LENGTH);
            while (!engine.isOutboundDone()
                    && engine.wrap(NOTHING, unheard.clear()).bytesProduced() > 0) {
                // It is done when it has said everything.
            }
        } catch (final SSLException ignored) {
            // There was nobody to hear it.
        }
        closeInbound(engine);
    }

    /** Lets the engine say its last: an alert, then close_notify. */
    static void closeOutbound(final SSLEngine engine, final ByteBuffer out) throws SSLException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()
                && out.remaining() >= TlsRecord.MAX_LENGTH
                && engine.wrap(NOTHING, out).bytesProduced() > 0) {
            // One record at a time.
        }
    }

    static void closeInbound(final SSLEngine engine) {
        try {
            engine.closeInbound();
        } catch (final SSLException ignored) {
            // The client has not said goodbye, and we don't wait for it.
            return;
        }
    }

    private void step() throws SSLException {
        if (engine == null) {
            engine = settings.newEngine(() -> noApplication = true);
            engine.beginHandshake();
        }
        need = null;
        while (need == null) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap();
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
                default -> complete();
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void wrap() throws SSLException {
        final SSLEngineResult.Status status = engine.wrap(NOTHING, out.bytes).getStatus();
        if (status == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            need = Need.ROOM;
        } else if (status == SSLEngineResult.Status.CLOSED) {
            fail("closed");
        }
    }

    private void unwrap() throws SSLException {
        if (!TlsRecord.isWhole(in.bytes)) {
            need = Need.INPUT;
            return;
        }
        final SSLEngineResult.Status status = engine.unwrap(in.bytes, NOTHING).getStatus();
        if (noApplication) {
            // Conscrypt would go on without ALPN. It has not answered yet, so that this is the first record it sends.
            out.bytes.clear().put(NO_APPLICATION_PROTOCOL);
            failure = "it wants to speak something else (ALPN)";
            need = Need.END;
        } else if (status != SSLEngineResult.Status.OK) {
            fail(status == SSLEngineResult.Status.CLOSED ? "the client has closed it" : "unexpected " + status);
        }
    }

    private void complete() throws SSLException {
        certificate = settings.clientCertificate(engine.getSession());
        need = Need.NOTHING;
    }

    /** What a provider says, with what it says of the cause, shortened to what is meant for people. */
    static String reason(final SSLException ex) {
        final Throwable cause = ex.getCause();
        final String text = ex.getMessage()
                + (cause == null
                                || cause.getMessage() == null
                                || ex.getMessage().contains(cause.getMessage())
                        ? ""
                        : ": " + cause.getMessage());
        final Matcher reason = BORING_REASON.matcher(text);
        return reason.find() ? reason.group(1).toLowerCase(Locale.ROOT).replace('_', ' ') : text;
    }

    /** The engine has an alert to send, if it found out itself. */
    private void fail(final String why) {
        failure = why;
        need = Need.END;
        if (engine == null) {
            return;
        }
        try {
            closeOutbound(engine, out.bytes);
        } catch (final SSLException ignored) {
            // It has nothing more to say.
            return;
        }
    }
}
