package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients send and don't read costs memory within a bound, and who stays within it notices nothing. */
@Timeout(60)
class BufferBoundTest {
    private static final long BOUND = 1 << 20;
    private static final int CLIENTS = 300;

    @TempDir
    private Path dir;

    private final List<Socket> sockets = new ArrayList<>();
    private BrokerContext context;
    private RunningBroker broker;

    @BeforeEach
    void start() {
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .ioThreads(1)
                .ioLimits(new IoLimits().bufferBytes(BOUND).slowConsumerWaitNs(0));
        broker = new RunningBroker(context);
    }

    @AfterEach
    void stop() {
        CloseHelper.closeAll(sockets);
        broker.close();
    }

    private static byte[] hex(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String id(final int number) {
        return String.format("%02x", 'a' + number / 26) + String.format("%02x", 'a' + number % 26);
    }

    private Socket connected(final int number) throws IOException {
        final Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(new InetSocketAddress("127.0.0.1", broker.port()));
        sockets.add(socket);
        socket.getOutputStream().write(hex("10 0e 0004 4d515454 04 02 0000 0002" + id(number)));
        socket.getInputStream().readNBytes(4);
        return socket;
    }

    private long count(final CounterId id) {
        return context.counters().get(id);
    }

    private void assertServes() throws IOException {
        try (HexClient other = new HexClient(broker.port())) {
            other.send("10 0e 0004 4d515454 04 02 0000 0002 7a7a").expect("20020000");
            other.send("c000").expect("d000");
        }
    }

    @Test
    void shouldNotTakeTheMemoryThatAClientAnnounces() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            // The header of a PUBLISH of a million bytes, and a few of them.
            final OutputStream out = connected(i).getOutputStream();
            out.write(hex("30 c0 84 3d"));
            out.flush();
            out.write(hex("0001 74"));
        }
        Eventually.holds(() -> count(CounterId.BUFFER_BYTES) > 0);
        assertServes();
        // One more than there are: who asked whether it serves may not be gone yet.
        assertTrue(count(CounterId.BUFFER_BYTES) <= (CLIENTS + 1) * 4096L, "bytes " + count(CounterId.BUFFER_BYTES));
        assertTrue(count(CounterId.CONNECTIONS_CLOSED_BUFFERS) == 0);
    }

    @Test
    void shouldCloseWhoSendsMoreThanAllTogetherMay() throws IOException {
        final byte[] part = new byte[32 << 10];
        for (int i = 0; i < CLIENTS; i++) {
            try {
                final OutputStream out = connected(i).getOutputStream();
                out.write(hex("30 c0 84 3d 0001 74"));
                out.write(part);
            } catch (final IOException ignored) {
                // It was one too many.
            }
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_CLOSED_BUFFERS) > 0);
        assertServes();
        assertTrue(count(CounterId.BUFFER_BYTES) <= 2 * BOUND, "bytes " + count(CounterId.BUFFER_BYTES));
    }

    @Test
    void shouldHoldLittleForEachWhenManyDoNotRead() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            final Socket socket = connected(i);
            socket.getOutputStream().write(hex("82 06 0001 0001 74 00"));
            socket.getInputStream().readNBytes(5);
        }
        final byte[] message = new byte[60_000];
        System.arraycopy(hex("30 dc d4 03 0001 74"), 0, message, 0, 7);
        try (Socket publisher = connected(CLIENTS)) {
            for (int i = 0; i < 100; i++) {
                publisher.getOutputStream().write(message);
            }
        }
        Eventually.holds(
                () -> count(CounterId.DROPPED_QOS0_SLOW) > 0 || count(CounterId.CONNECTIONS_CLOSED_BUFFERS) > 0);
        assertServes();
        assertTrue(count(CounterId.BUFFER_BYTES) <= 2 * BOUND, "bytes " + count(CounterId.BUFFER_BYTES));
    }
}
