package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class NioTransportTest {
    private static final long WAIT_MS = 10;

    private final NioTransport accepting = new NioTransport();
    private final NioTransport other = new NioTransport();
    private final InetSocketAddress address = (InetSocketAddress)
            accepting.listen(new ListenerConfig("test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    private Channel accepted;

    @TempDir
    private Path directory;

    private final Transport.Handler handler = new Transport.Handler() {
        @Override
        public void onAccept(final Channel socket, final ListenerConfig listener) {
            accepted = socket;
        }

        @Override
        public void onReadable(final Connection connection) {}

        @Override
        public void onWritable(final Connection connection) {}
    };

    @AfterEach
    void close() {
        accepting.close();
        other.close();
    }

    @Test
    void shouldTellThePeerWhenAChannelIsClosed() throws IOException {
        try (Socket client = connect()) {
            accepting.adopt(accepted, connection());
            accepting.poll(handler, 0);
            accepted.close();
            accepting.poll(handler, WAIT_MS);
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void shouldCloseAChannelThatWasNeverAdoptedAtOnce() throws IOException {
        try (Socket client = connect()) {
            accepted.close();
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void shouldCloseOnTheTransportThatHasAdoptedTheChannelLast() throws IOException {
        try (Socket client = connect()) {
            accepting.adopt(accepted, connection());
            accepted.release();
            other.adopt(accepted, connection());
            accepted.close();
            other.poll(handler, WAIT_MS);
            accepting.poll(handler, 0);
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void shouldCloseAChannelBetweenTwoTransportsAtOnce() throws IOException {
        try (Socket client = connect()) {
            accepting.adopt(accepted, connection());
            accepted.release();
            accepted.close();
            accepting.poll(handler, 0);
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void shouldCloseWhatIsLeftWhenItIsClosedItself() throws IOException {
        try (Socket client = connect()) {
            accepting.adopt(accepted, connection());
            accepted.close();
            accepting.close();
            assertEquals(-1, client.getInputStream().read());
        }
    }

    /** A listener whose clients can't be accepted stays ready: it would be reported without end. */
    @Test
    void shouldRestAWhileWhenTheProcessIsOutOfFileDescriptors() throws Exception {
        final Path said = directory.resolve("said");
        final Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 128 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DescriptorsRunOut.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        process.waitFor(20, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertEquals("""
                first: true
                out of descriptors: true
                resting: true
                tried again: true
                enough again: true
                """, Files.readString(said));
        assertEquals(0, process.waitFor());
    }

    @Test
    void shouldNameThePeer() throws IOException {
        try (Socket client = connect()) {
            assertEquals("127.0.0.1:" + client.getLocalPort(), accepted.peer());
            accepted.close();
            assertTrue(accepted.peer().endsWith(":" + client.getLocalPort()), accepted.peer());
        }
    }

    private Connection connection() {
        return new Connection(accepted, "test", new BufferPool(), 0);
    }

    private Socket connect() throws IOException {
        final Socket client = new Socket(address.getAddress(), address.getPort());
        client.setSoTimeout(20_000);
        while (accepted == null) {
            accepting.poll(handler, WAIT_MS);
        }
        return client;
    }
}
