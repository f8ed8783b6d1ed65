package io.ringmain.perf.jmh;

import io.ringmain.engine.io.tls.TlsProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
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
        final SSLContext context = TlsEnds.context(provider, TlsEnds.store());
        connect(context);
        alone = server;
        connect(context);
    }

    private void connect(final SSLContext context) throws IOException {
        server = context.createSSLEngine();
        server.setUseClientMode(false);
        server.setEnabledProtocols(new String[] {"TLSv1.3"});
        client = TlsEnds.client(context);
        client.beginHandshake();
        server.beginHandshake();
        toServer.clear();
        toClient.clear();
        while (TlsEnds.isShaking(client) || TlsEnds.isShaking(server)) {
            TlsEnds.step(client, toClient, toServer, target);
            TlsEnds.step(server, toServer, toClient, target);
        }
        // Tickets that are on their way.
        TlsEnds.step(client, toClient, toServer, target);
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
