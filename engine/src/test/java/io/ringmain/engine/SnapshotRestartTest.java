package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.Retention;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots taken beside the work, and starts from them. */
@Timeout(60)
class SnapshotRestartTest {
    private static final String CONNECT = "10 0e 0004 4d515454 04 00 0000 0002 6161";

    @TempDir
    private Path dir;

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private BrokerContext context(final ThreadingMode mode) {
        events.clear();
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(mode)
                .durability(Durability.APPEND)
                .ioThreads(1)
                .idleStrategy("back-off")
                .snapshotOnStop(false)
                .eventLog(events::add);
    }

    /** A session with a subscription, and so many retained messages. */
    private static void fill(final RunningBroker broker, final boolean present, final int from, final int to)
            throws IOException {
        try (HexClient client = new HexClient(broker.port())) {
            client.send(CONNECT).expect(present ? "20020100" : "20020000");
            client.send("82 08 0001 0003 782f23 01").expect("90 03 0001 01");
            for (int i = from; i < to; i++) {
                client.send("33 08 0003 722f%02x 0007 %02x".formatted(i, i)).expect("40 02 0007");
            }
            client.send("e000").untilClosed();
        }
    }

    private static void check(final RunningBroker broker, final int count) throws IOException {
        try (HexClient client = new HexClient(broker.port())) {
            client.send(CONNECT).expect("20020100");
            client.send("82 08 0002 0003 722f2b 00").expect("90 03 0002 00");
            for (int i = 0x30; i < 0x30 + count; i++) {
                client.expect("31 06 0003 722f%02x %02x".formatted(i, i));
            }
        }
    }

    private String recovered() {
        return events.stream()
                .filter(line -> line.startsWith("recovered "))
                .findFirst()
                .orElseThrow();
    }

    private List<Path> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("snapshots"))) {
            return files.sorted().toList();
        }
    }

    private static void await(final BrokerContext context, final CounterId id, final long count) {
        while (context.counters().get(id) < count) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldTakeSnapshotsWhileItServesAndStartFromThem(final ThreadingMode mode) throws IOException {
        final BrokerContext context = context(mode).snapshotLogBytes(1000).snapshotHistoryNs(0);
        try (RunningBroker broker = new RunningBroker(context)) {
            fill(broker, false, 0x30, 0x50);
            await(context, CounterId.SNAPSHOTS_TAKEN, 1);
            fill(broker, true, 0x50, 0x60);
            await(context, CounterId.SNAPSHOTS_TAKEN, 2);
        }
        assertEquals(0, context.counters().get(CounterId.SNAPSHOTS_DIVERGED));
        assertEquals(0, context.counters().get(CounterId.SNAPSHOTS_FAILED));
        assertEquals(2, snapshots().size());
        try (RunningBroker broker = new RunningBroker(context(mode))) {
            assertTrue(recovered().contains(" behind the snapshot at position "), recovered());
            check(broker, 0x30);
        }
    }

    @Test
    void shouldTakeOneWhenItStopsSoThatNothingIsReplayed() throws IOException {
        try (RunningBroker broker =
                new RunningBroker(context(ThreadingMode.SHARED).snapshotOnStop(true))) {
            fill(broker, false, 0x30, 0x40);
        }
        try (RunningBroker broker = new RunningBroker(context(ThreadingMode.SHARED))) {
            assertTrue(recovered().startsWith("recovered 0 events behind the snapshot"), recovered());
            check(broker, 0x10);
        }
    }

    @Test
    void shouldUseTheOlderSnapshotOrTheWholeLogWhenTheNewestIsDamaged() throws IOException {
        for (int run = 0; run < 2; run++) {
            try (RunningBroker broker =
                    new RunningBroker(context(ThreadingMode.SHARED).snapshotOnStop(true))) {
                fill(broker, run > 0, 0x30 + 8 * run, 0x38 + 8 * run);
            }
        }
        final List<Path> files = snapshots();
        flipAByte(files.get(1));
        try (RunningBroker broker = new RunningBroker(context(ThreadingMode.SHARED))) {
            assertTrue(
                    events.stream().anyMatch(line -> line.startsWith("not used: damaged snapshot")), events.toString());
            assertTrue(recovered().contains(" behind the snapshot at position "), recovered());
            check(broker, 0x10);
        }
        flipAByte(files.get(0));
        try (RunningBroker broker = new RunningBroker(context(ThreadingMode.SHARED))) {
            assertTrue(!recovered().contains("snapshot"), recovered());
            check(broker, 0x10);
        }
    }

    private static void flipAByte(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    /** As a power loss may leave it when nothing but {@code append} was promised. */
    private void loseTheLogBehindASnapshot() throws IOException {
        try (RunningBroker broker =
                new RunningBroker(context(ThreadingMode.SHARED).snapshotOnStop(true))) {
            fill(broker, false, 0x30, 0x40);
        }
        try (Stream<Path> files = Files.walk(dir.resolve("log"))) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldNeverUseASnapshotOfWhatTheLogLost() throws IOException {
        loseTheLogBehindASnapshot();
        for (int run = 0; run < 2; run++) {
            // The log grows beyond the position of the snapshot, which is of another past all the same.
            try (RunningBroker broker = new RunningBroker(context(ThreadingMode.SHARED))) {
                fill(broker, run > 0, 0x30, 0x60);
            }
            assertFalse(recovered().contains("snapshot"), recovered());
            assertEquals(run == 0, events.stream().anyMatch(line -> line.endsWith("it ends at position 0")));
        }
        assertEquals(1, snapshots().size());
        assertTrue(
                snapshots().get(0).toString().endsWith(".snapshot.aside"),
                snapshots().toString());
    }

    @Test
    void shouldRefuseALogThatEndsBeforeASnapshotWhenWhatIsAcknowledgedIsForced() throws IOException {
        loseTheLogBehindASnapshot();
        final LogException refused = assertThrows(
                LogException.class,
                () -> Broker.launch(context(ThreadingMode.SHARED).durability(Durability.SYNC)));
        assertTrue(refused.isDamage());
        assertTrue(refused.getMessage().contains("ends at position 0"), refused.getMessage());
        assertTrue(
                snapshots().get(0).toString().endsWith(".snapshot"), snapshots().toString());
    }

    private long diskBytes() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private List<String> adminActions() {
        final List<String> actions = new ArrayList<>();
        LogInspector.open(dir).scan(0, (position, buffer, offset, length) -> {
            if (EventHeader.type(buffer, offset) == EventType.ADMIN) {
                actions.add(AdminEvent.action(buffer, offset));
            }
            return true;
        });
        return actions;
    }

    /** Ten segments' worth of messages with one session that is away and some retained messages from the beginning. */
    @Test
    void shouldKeepTheDiskBoundedAndWhatIsLive() throws IOException {
        final int segment = 5 << 20;
        final int messages = 60;
        final String payload = "%02x".formatted(0x61).repeat(1_000_000);
        final BrokerContext context = context(ThreadingMode.SHARED)
                .segmentBytes(segment)
                .snapshotLogBytes(3 << 20)
                .retention(new Retention(0, Long.MAX_VALUE, 0));
        try (RunningBroker broker = new RunningBroker(context)) {
            fill(broker, false, 0x30, 0x38);
            try (HexClient client = new HexClient(broker.port())) {
                client.send("10 0e 0004 4d515454 04 02 0000 0002 6262").expect("20020000");
                for (int i = 1; i <= messages; i++) {
                    client.send("32 c7843d 0003 792f79 %04x".formatted(i) + payload)
                            .expect("40 02 %04x".formatted(i));
                    if (i % 10 == 0) {
                        // The retained messages move on, so that what is live is not the beginning of the log.
                        for (int r = 0x30; r < 0x38; r++) {
                            client.send("33 08 0003 722f%02x 0007 %02x".formatted(r, r))
                                    .expect("40 02 0007");
                        }
                    }
                }
            }
            await(context, CounterId.LOG_SEGMENTS_REMOVED, 6);
            // Of sixteen segments; how many more go depends on when the last snapshot is taken.
            assertTrue(diskBytes() < 11L * segment, "bytes on disk: " + diskBytes());
        }
        assertEquals(0, context.counters().get(CounterId.SNAPSHOTS_DIVERGED));
        assertTrue(adminActions().stream().anyMatch(action -> action.startsWith("retention removed ")));
        try (RunningBroker broker =
                new RunningBroker(context(ThreadingMode.SHARED).segmentBytes(segment))) {
            assertTrue(recovered().contains(" behind the snapshot at position "), recovered());
            check(broker, 8);
        }
        for (final Path snapshot : snapshots()) {
            Files.delete(snapshot);
        }
        final LogException refused = assertThrows(
                LogException.class,
                () -> Broker.launch(context(ThreadingMode.SHARED).segmentBytes(segment)));
        assertTrue(refused.getMessage().contains("there is no snapshot that can be used"), refused.getMessage());
    }
}
