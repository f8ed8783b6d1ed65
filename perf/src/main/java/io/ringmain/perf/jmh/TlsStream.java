package io.ringmain.perf.jmh;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.tls.ClientTrust;
import io.ringmain.engine.io.tls.Handshakes;
import io.ringmain.engine.io.tls.ServerCertificate;
import io.ringmain.engine.io.tls.TlsLayer;
import io.ringmain.engine.io.tls.TlsOptions;
import io.ringmain.engine.io.tls.TlsProvider;
import io.ringmain.engine.io.tls.TlsSettings;
import io.ringmain.perf.broker.TlsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Bytes through an encrypted connection as the broker has it, TLS 1.3 with AES-128-GCM, one record each time: written; and
 * encrypted by a client and read, where what the client takes is that of {@link TlsRecord#encrypt}. Both ends are of one
 * provider.
 */
@State(Scope.Thread)
public class TlsStream {
    private static final int NET_LENGTH = 64 << 10;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    @Param({"JDK", "CONSCRYPT"})
    public TlsProvider provider = TlsProvider.JDK;

    /** Bytes of payload; of 16,384 the JDK would make two records. */
    @Param({"1024", "16000"})
    public int length = 1024;

    private final Pipe pipe = new Pipe();
    private final ByteBuffer target = ByteBuffer.allocateDirect(NET_LENGTH);
    private ByteBuffer source;
    private Channel channel;
    private SSLEngine client;

    @Setup
    public void setup() throws Exception {
        source = ByteBuffer.allocateDirect(length);
        final KeyStore store = TlsEnds.store();
        final ServerCertificate certificate = new ServerCertificate(
                List.of(), List.of((X509Certificate) store.getCertificate(TlsFiles.ALIAS)), (PrivateKey)
                        store.getKey(TlsFiles.ALIAS, TlsFiles.password()));
        final TlsSettings settings = TlsSettings.of(TlsOptions.of(provider), List.of(certificate), ClientTrust.NOBODY);
        channel = new TlsLayer(new Handshakes(), new Counters(), settings).over(pipe);
        client = TlsEnds.client(TlsEnds.context(provider, store));
        client.beginHandshake();
        shakeHands();
    }

    /** The broker's side is computed by threads of its own. */
    private void shakeHands() throws IOException {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (TlsEnds.isShaking(client)) {
            TlsEnds.step(client, pipe.toClient, pipe.toServer, target);
            channel.read(target.clear());
            awaitNextStep(deadlineNs);
        }
        client.wrap(source.clear(), pipe.toServer);
        while (channel.read(target.clear()) == 0) {
            awaitNextStep(deadlineNs);
        }
        // Tickets that are on their way.
        TlsEnds.step(client, pipe.toClient, pipe.toServer, target);
        pipe.isKept = false;
    }

    private static void awaitNextStep(final long deadlineNs) {
        if (System.nanoTime() > deadlineNs) {
            throw new IllegalStateException("no hand-shake");
        }
        Thread.onSpinWait();
    }

    @Benchmark
    public int write() throws IOException {
        return channel.write(source.clear());
    }

    @Benchmark
    public int encryptAndRead() throws IOException {
        client.wrap(source.clear(), pipe.toServer);
        return channel.read(target.clear());
    }

    /** The network: memory, and in the end nobody reads what the broker writes. */
    private static final class Pipe implements Channel {
        final ByteBuffer toServer = ByteBuffer.allocateDirect(NET_LENGTH);
        final ByteBuffer toClient = ByteBuffer.allocateDirect(NET_LENGTH);
        boolean isKept = true;

        @Override
        public int read(final ByteBuffer target) {
            final int start = target.position();
            toServer.flip();
            final int limit = toServer.limit();
            toServer.limit(Math.min(limit, target.remaining()));
            target.put(toServer);
            toServer.limit(limit).compact();
            return target.position() - start;
        }

        @Override
        public int write(final ByteBuffer source) {
            final int count = source.remaining();
            if (isKept) {
                toClient.put(source);
            }
            source.position(source.limit());
            return count;
        }

        @Override
        public void interest(final boolean read, final boolean write) {}

        @Override
        public String peer() {
            return "memory";
        }

        @Override
        public String address() {
            return null;
        }

        @Override
        public void release() {}

        @Override
        public void close() {
            throw new IllegalStateException("the broker has closed the connection of a benchmark");
        }
    }
}
