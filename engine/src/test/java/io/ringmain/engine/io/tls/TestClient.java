package io.ringmain.engine.io.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** The JDK's client, over a {@link TestNetwork}. */
final class TestClient {
    private static final int LENGTH = 64 << 10;

    final SSLEngine engine;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final TestNetwork network;
    private final ByteBuffer in = ByteBuffer.allocate(2 << 20);
    private final ByteBuffer out = ByteBuffer.allocate(LENGTH);
    private final ByteBuffer plain = ByteBuffer.allocate(LENGTH);

    TestClient(final TestNetwork network, final String version) {
        this.network = network;
        this.engine = TestIdentity.INSTANCE.client(version);
    }

    /** Sends as much as is wanted, with what the engine has to say; the source may be empty. */
    void send(final ByteBuffer source) throws SSLException {
        do {
            final SSLEngineResult result = engine.wrap(source, out.clear());
            network.clientSends(Arrays.copyOf(out.array(), out.position()));
            runTasks();
            if (result.bytesProduced() == 0) {
                return;
            }
        } while (source.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    /** Takes what has come, and answers where TLS itself wants an answer. */
    void receive() throws SSLException {
        in.put(network.clientReceives());
        in.flip();
        while (true) {
            runTasks();
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                send(ByteBuffer.allocate(0));
            }
            final SSLEngineResult result = engine.unwrap(in, plain.clear());
            received.write(plain.array(), 0, plain.position());
            if (result.bytesConsumed() == 0) {
                break;
            }
        }
        in.compact();
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
