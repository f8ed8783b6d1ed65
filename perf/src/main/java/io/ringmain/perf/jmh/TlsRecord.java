package io.ringmain.perf.jmh;

import io.ringmain.engine.io.tls.TlsProvider;
import io.ringmain.perf.broker.TlsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManagerFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A TLS 1.3 record, AES-128-GCM: encrypting it, and encrypting and decrypting it; what is between is what decrypting
 * takes. Both ends are of one provider.
 */
@State(Scope.Thread)
public class TlsRecord {
    private static final int NET_LENGTH = 64 << 10;

    @Param({"JDK", "CONSCRYPT"})
    public TlsProvider provider = TlsProvider.JDK;

    /** Bytes of payload. */
    @Param({"1024", "16384"})
    public int length = 1024;

    private final ByteBuffer net = ByteBuffer.allocateDirect(NET_LENGTH);
    private final ByteBuffer toServer = ByteBuffer.allocateDirect(NET_LENGTH);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(NET_LENGTH);
    private final ByteBuffer target = ByteBuffer.allocateDirect(NET_LENGTH);
    private ByteBuffer source;
    private SSLEngine server;
    private SSLEngine client;
    private SSLEngine alone;

    @Setup
    public void setup() throws Exception {
        source = ByteBuffer.allocateDirect(length);
        final KeyStore store = store();
        final SSLContext context = provider.newContext();
        final KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, TlsFiles.password());
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        connect(context);
        alone = server;
        connect(context);
    }

    /** Trusts the certificate as itself, which a key entry alone does not. */
    private static KeyStore store() throws Exception {
        final KeyStore store = TlsFiles.newKeyStore();
        store.setCertificateEntry("trusted", store.getCertificate(TlsFiles.ALIAS));
        return store;
    }

    private void connect(final SSLContext context) throws IOException {
        server = context.createSSLEngine();
        server.setUseClientMode(false);
        server.setEnabledProtocols(new String[] {"TLSv1.3"});
        client = context.createSSLEngine();
        client.setUseClientMode(true);
        client.setEnabledProtocols(new String[] {"TLSv1.3"});
        client.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        client.beginHandshake();
        server.beginHandshake();
        toServer.clear();
        toClient.clear();
        while (isShaking(client) || isShaking(server)) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        // Tickets that are on their way.
        step(client, toClient, toServer);
    }

    private static boolean isShaking(final SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void step(final SSLEngine engine, final ByteBuffer in, final ByteBuffer out) throws IOException {
        in.flip();
        while (true) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                engine.wrap(ByteBuffer.allocate(0), out);
            } else if (engine.unwrap(in, target.clear()).bytesConsumed() == 0) {
                break;
            }
        }
        in.compact();
    }

    @Benchmark
    public int encrypt() throws IOException {
        return alone.wrap(source.clear(), net.clear()).bytesProduced();
    }

    @Benchmark
    public int encryptAndDecrypt() throws IOException {
        server.wrap(source.clear(), net.clear());
        return client.unwrap(net.flip(), target.clear()).bytesProduced();
    }
}
