package io.ringmain.perf.load;

import io.ringmain.engine.io.tls.TlsProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The client's side of TLS over a socket of the load generator. It takes any certificate: nothing secret is sent. */
final class LoadTls implements ByteChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int NET_LENGTH = 256 << 10;
    private static final int RECORD_LENGTH = 20 << 10;

    private final SocketChannel socket;
    private final SSLEngine engine;
    private final ByteBuffer in = ByteBuffer.allocateDirect(NET_LENGTH);
    private final ByteBuffer out = ByteBuffer.allocateDirect(NET_LENGTH);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(RECORD_LENGTH);

    private boolean wasFilled;

    /** @param socket that is connected and blocks; the hand-shake is done when this returns. */
    LoadTls(final SocketChannel socket) throws IOException {
        this.socket = socket;
        try {
            final SSLContext context = TlsProvider.AUTO.newContext();
            context.init(null, new TrustManager[] {new Anybody()}, null);
            engine = context.createSSLEngine();
        } catch (final GeneralSecurityException ex) {
            throw new IOException(ex);
        }
        engine.setUseClientMode(true);
        in.limit(0);
        out.limit(0);
        plain.limit(0);
        shakeHands();
    }

    /** Version and cipher suite that were agreed on. */
    String agreed() {
        return engine.getSession().getProtocol() + ", " + engine.getSession().getCipherSuite();
    }

    private void shakeHands() throws IOException {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    out.clear();
                    engine.wrap(NOTHING, out);
                    out.flip();
                    while (out.hasRemaining()) {
                        socket.write(out);
                    }
                }
                default -> {
                    plain.clear();
                    final Status status = engine.unwrap(in, plain).getStatus();
                    plain.flip();
                    if (status == Status.BUFFER_UNDERFLOW && fill() < 0) {
                        throw new IOException("the broker has closed the connection in the TLS hand-shake");
                    }
                }
            }
        }
    }

    private int fill() throws IOException {
        in.compact();
        final int count = socket.read(in);
        in.flip();
        return count;
    }

    /** Bytes that the socket won't report any more may wait to be read: the last target was too small for all. */
    boolean hasBuffered() {
        return wasFilled;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        final int start = target.position();
        boolean ended = false;
        do {
            if (!plain.hasRemaining() && !decrypt(target)) {
                ended = fill() < 0;
                if (ended || !decrypt(target)) {
                    break;
                }
            }
            final int count = Math.min(plain.remaining(), target.remaining());
            target.put(plain.slice(plain.position(), count));
            plain.position(plain.position() + count);
        } while (target.hasRemaining());
        wasFilled = !target.hasRemaining();
        final int count = target.position() - start;
        return count == 0 && ended ? -1 : count;
    }

    /** One record, into the target if it is sure to fit; false if there is none. */
    private boolean decrypt(final ByteBuffer target) throws IOException {
        final boolean fits = target.remaining() >= RECORD_LENGTH;
        final SSLEngineResult result;
        if (fits) {
            result = engine.unwrap(in, target);
        } else {
            plain.clear();
            result = engine.unwrap(in, plain);
            plain.flip();
        }
        return result.bytesConsumed() > 0;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int start = source.position();
        while (true) {
            if (out.hasRemaining()) {
                socket.write(out);
            }
            if (out.hasRemaining() || !source.hasRemaining()) {
                return source.position() - start;
            }
            out.clear();
            while (source.hasRemaining() && out.remaining() >= RECORD_LENGTH) {
                engine.wrap(source, out);
            }
            out.flip();
        }
    }

    /** Whether encrypted bytes wait for the socket. */
    boolean hasUnsent() {
        return out.hasRemaining();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Anybody implements X509TrustManager {
        private static final X509Certificate[] NONE = {};

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType) {}

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return NONE;
        }
    }
}
