package io.ringmain.perf.jmh;

import io.ringmain.engine.io.tls.TlsProvider;
import io.ringmain.perf.broker.TlsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;

/** What two ends of an encrypted connection need: a certificate that both trust, and their steps. */
final class TlsEnds {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private TlsEnds() {}

    /** A key with a certificate for {@code localhost}, which is trusted as well. */
    static KeyStore store() throws Exception {
        final KeyStore store = TlsFiles.newKeyStore();
        // Trusted as itself, which a key entry alone is not.
        store.setCertificateEntry("trusted", store.getCertificate(TlsFiles.ALIAS));
        return store;
    }

    static SSLContext context(final TlsProvider provider, final KeyStore store) throws GeneralSecurityException {
        final SSLContext context = provider.newContext();
        final KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, TlsFiles.password());
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** The client's end, for TLS 1.3 with AES-128-GCM. */
    static SSLEngine client(final SSLContext context) {
        final SSLEngine client = context.createSSLEngine();
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {"TLSv1.3"});
        client.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        return client;
    }

    static boolean isShaking(final SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Takes what has come, says what is to be said; both buffers are ready to be written to before and after. */
    static void step(final SSLEngine engine, final ByteBuffer in, final ByteBuffer out, final ByteBuffer plain)
            throws IOException {
        in.flip();
        while (true) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(NOTHING, out);
            } else if (engine.unwrap(in, plain.clear()).bytesConsumed() == 0) {
                break;
            }
        }
        in.compact();
    }
}
