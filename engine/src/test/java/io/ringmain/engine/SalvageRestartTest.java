package io.ringmain.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker on a log that was damaged and salvaged: nobody meets a record that isn't there. */
@Timeout(60)
class SalvageRestartTest {
    private static final String CONNECT_SUBSCRIBER = "10 0e 0004 4d515454 04 00 0000 0002 6161";
    private static final String CONNECT_PUBLISHER = "10 0e 0004 4d515454 04 02 0000 0002 6262";

    @TempDir
    private Path dir;

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private BrokerContext context() {
        events.clear();
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .snapshotOnStop(false)
                .eventLog(events::add);
    }

    /** Ten messages queued for a session that is away, and ten retained ones. */
    private void write(final boolean snapshot) throws IOException {
        try (RunningBroker broker = new RunningBroker(context().snapshotOnStop(snapshot))) {
            try (HexClient client = new HexClient(broker.port())) {
                client.send(CONNECT_SUBSCRIBER).expect("20020000");
                client.send("82 08 0001 0003 782f23 01").expect("90 03 0001 01");
            }
            try (HexClient client = new HexClient(broker.port())) {
                client.send(CONNECT_PUBLISHER).expect("20020000");
                for (int i = 0x30; i < 0x3a; i++) {
                    client.send("32 0d 0003 782f%02x 0007 717565756564"
                                            .formatted(i)
                                            .replace("0d", "0e")
                                    + "%02x".formatted(i))
                            .expect("40 02 0007");
                    client.send("33 0c 0003 722f%02x 0007 6b657074%02x".formatted(i, i))
                            .expect("40 02 0007");
                }
                client.send("e000").untilClosed();
            }
        }
    }

    private void flip(final String text) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file :
                    files.filter(path -> path.toString().endsWith(".cq4")).toList()) {
                final byte[] bytes = Files.readAllBytes(file);
                final int at = new String(bytes, ISO_8859_1).indexOf(text);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                    return;
                }
            }
        }
        throw new AssertionError("not found: " + text);
    }

    private static void expectRetained(final RunningBroker broker) throws IOException {
        try (HexClient client = new HexClient(broker.port())) {
            client.send(CONNECT_PUBLISHER).expect("20020000");
            client.send("82 08 0002 0003 722f2b 00").expect("90 03 0002 00");
            for (int i = 0x30; i < 0x3a; i++) {
                if (i != 0x35) {
                    client.expect("31 0a 0003 722f%02x 6b657074%02x".formatted(i, i));
                }
            }
        }
    }

    /** One that was taken has the digest of the core that served. */
    private void awaitSnapshot(final BrokerContext context) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (context.counters().get(CounterId.SNAPSHOTS_TAKEN) < 1) {
            assertTrue(System.nanoTime() < deadlineNs, events::toString);
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldServeWithoutWhatIsLost(final boolean snapshot) throws IOException {
        write(snapshot);
        flip("queued3");
        flip("kept5");
        final LogException refused = assertThrows(LogException.class, () -> Broker.launch(context()));
        assertTrue(refused.isDamage() && refused.getMessage().contains("--salvage"), refused.getMessage());
        final BrokerContext salvaging = context().salvage(true);
        try (RunningBroker broker = new RunningBroker(salvaging)) {
            assertEquals(
                    2,
                    events.stream().filter(line -> line.startsWith("log: lost")).count(),
                    events.toString());
            // Without a snapshot the replay never saw the lost messages, and nothing refers to them.
            final int references = snapshot ? 2 : 0;
            assertEquals(references, salvaging.counters().get(CounterId.DROPPED_RECORD_LOST));
            assertTrue(
                    events.contains("records lost: " + references + " references to them dropped"), events.toString());
            expectRetained(broker);
            new SnapshotDirectory(dir).request();
            awaitSnapshot(salvaging);
        }
        assertEquals(0, salvaging.counters().get(CounterId.SNAPSHOTS_DIVERGED));
        final BrokerContext later = context();
        try (RunningBroker broker = new RunningBroker(later)) {
            assertEquals(0, later.counters().get(CounterId.DROPPED_RECORD_LOST));
            expectRetained(broker);
            try (HexClient client = new HexClient(broker.port())) {
                client.send(CONNECT_SUBSCRIBER).expect("20020100");
                int packetId = 1;
                for (int i = 0x30; i < 0x3a; i++) {
                    if (i != 0x33) {
                        client.expect("32 0e 0003 782f%02x %04x 717565756564%02x".formatted(i, packetId++, i));
                    }
                }
            }
        }
    }
}
