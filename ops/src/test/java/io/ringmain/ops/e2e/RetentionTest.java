package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody needs leaves the disk, and what somebody needs does not, whatever becomes of its segment. */
@Tag("e2e")
@Tag("one-java")
@Timeout(120)
class RetentionTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final int MIB = 1 << 20;
    private static final long NEVER_EXPIRES = 0xFFFF_FFFFL;
    private static final String[] SMALL = {
        "--set", "limits.max_packet_size=64KB",
        "--set", "storage.log.segment=1MB",
        "--set", "storage.snapshot.on_stop=false"
    };

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom(4);

    private BrokerProcess start(final String... settings) throws Exception {
        return BrokerProcess.startOwn(
                dir,
                Stream.concat(Stream.of(SMALL), Stream.of(settings).flatMap(s -> Stream.of("--set", s)))
                        .toArray(String[]::new));
    }

    private static MqttClient connect(final BrokerProcess broker, final String id) throws IOException {
        return MqttClient.connect(
                BrokerProcess.HOST,
                broker.port(),
                V5,
                30,
                c -> c.clientId(id).cleanStart(false).sessionExpiry(NEVER_EXPIRES));
    }

    private CommandRun run(final String... command) {
        return CommandRun.of(Stream.concat(Stream.of(command), Stream.of("--data", dir.toString()))
                .toArray(String[]::new));
    }

    private void takeSnapshots(final int count) {
        for (int i = 0; i < count; i++) {
            final CommandRun run = run("snapshot", "take");
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
        }
    }

    private byte[] payload(final String name, final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        System.arraycopy(name.getBytes(StandardCharsets.UTF_8), 0, bytes, 0, name.length());
        return bytes;
    }

    /** Files of the data directory with these bytes in them. */
    private List<Path> filesWith(final byte[] bytes) throws IOException {
        final String wanted = new String(bytes, StandardCharsets.ISO_8859_1);
        final List<Path> found = new ArrayList<>();
        for (final Path file : files()) {
            try {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(wanted)) {
                    found.add(file);
                }
            } catch (final NoSuchFileException ignored) {
                // Removed meanwhile.
            }
        }
        return found;
    }

    private List<Path> files() throws IOException {
        while (true) {
            try (Stream<Path> all = Files.walk(dir)) {
                return all.filter(Files::isRegularFile).toList();
            } catch (final UncheckedIOException ex) {
                if (!(ex.getCause() instanceof NoSuchFileException)) {
                    throw ex;
                }
                // Removed or moved while the directory was read: it is read again.
            }
        }
    }

    private long diskBytes() throws IOException {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    /** A message goes to a subscriber with QoS 1, who acknowledges it. */
    private byte[] deliver(final BrokerProcess broker, final String name) throws IOException {
        final byte[] payload = payload(name, 500);
        try (MqttClient subscriber = connect(broker, "subscriber");
                MqttClient publisher = connect(broker, "publisher")) {
            subscriber.subscribe(List.of("to/subscriber"), 1);
            publisher.publish("to/subscriber", payload, 1, false);
            assertArrayEquals(payload, subscriber.receive(10_000).payload());
            assertEquals(1, filesWith(payload).size());
            subscriber.disconnect();
        }
        try (MqttClient subscriber = connect(broker, "subscriber")) {
            assertTrue(subscriber.sessionPresent());
            assertNull(subscriber.receive(200), "it was acknowledged");
        }
        return payload;
    }

    @Test
    void shouldLeaveNoPayloadOnDiskWithRetentionZero() throws Exception {
        try (BrokerProcess broker = start("storage.log.retention.time=0s")) {
            final byte[] payload = deliver(broker, "acknowledged");
            takeSnapshots(3);
            awaitGone(broker, payload);
        }
    }

    @Test
    void shouldLeaveNoPayloadOnDiskWithRetentionZeroWhenNothingElseHappens() throws Exception {
        try (BrokerProcess broker = start("storage.log.retention.time=0s", "storage.snapshot.interval=1s")) {
            final byte[] payload = deliver(broker, "acknowledged");
            awaitGone(broker, payload);
        }
    }

    /** The command that takes a snapshot is answered when that is there, and what is dead goes behind it. */
    private void awaitGone(final BrokerProcess broker, final byte[] payload) {
        Await.until(20_000, () -> isGone(payload), broker::output);
    }

    private boolean isGone(final byte[] payload) {
        try {
            return filesWith(payload).isEmpty();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Its segment is gone, and it isn't. */
    private void awaitKept(final BrokerProcess broker, final byte[] payload) {
        Await.until(20_000, () -> isKeptAlone(payload), broker::output);
    }

    private boolean isKeptAlone(final byte[] payload) {
        try {
            final List<Path> files = filesWith(payload);
            return files.size() == 1 && files.get(0).toString().endsWith(".kept");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static int count(final BrokerProcess broker, final String text) {
        return (int) broker.output().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void shouldForgetARetainedPayloadThatWasReplacedAndAWillThatWasNot() throws Exception {
        try (BrokerProcess broker = start("storage.log.retention.time=0s")) {
            final byte[] first = payload("first", 300);
            final byte[] second = payload("second", 300);
            try (MqttClient client = connect(broker, "publisher")) {
                client.publish("state", first, 1, true);
                takeSnapshots(3);
                awaitKept(broker, first);
                client.publish("state", second, 1, true);
            }
            takeSnapshots(3);
            awaitGone(broker, first);
            awaitKept(broker, second);
            assertEquals(ExitCode.OK, run("log", "verify").exitCode());
        }
    }

    @Test
    void shouldTellThePastAsFarAsItReachesAndWhatIsGoneOfIt() throws Exception {
        final byte[] retained = "still known".getBytes(StandardCharsets.UTF_8);
        try (BrokerProcess broker = start("storage.log.retention.time=0s")) {
            try (MqttClient client = connect(broker, "publisher")) {
                client.publish("state", retained, 1, true);
            }
            takeSnapshots(3);
            awaitKept(broker, retained);
        }
        final CommandRun tooOld = run("state", "at", "@0");
        assertEquals(ExitCode.NOT_FOUND, tooOld.exitCode(), tooOld.err());
        final Matcher oldest =
                Pattern.compile("that can be rebuilt is that at (@\\d+), ").matcher(tooOld.err());
        assertTrue(oldest.find(), tooOld.err());
        final CommandRun rebuilt = run("state", "at", oldest.group(1), "retained", "-o", "ndjson");
        assertEquals(ExitCode.OK, rebuilt.exitCode(), rebuilt.err());
        assertTrue(rebuilt.out().contains("\"publisher\":\"publisher\",\"payload\":\"still known\""), rebuilt.out());
        for (final Path file : filesWith(retained)) {
            Files.delete(file);
        }
        final CommandRun gone = run("state", "at", oldest.group(1), "retained", "-o", "ndjson");
        assertTrue(gone.out().contains("\"length\":11,") && gone.out().contains("\"gone\":true"), gone.out());
        assertTrue(run("state", "at", oldest.group(1), "retained").out().contains("gone"), "people see it, too");
    }

    /** Sessions with all that can be live, from the first segment. */
    private final class Live {
        private final Map<String, byte[]> retained = new TreeMap<>();
        private final byte[] queued1 = payload("queued-1", 10_000);
        private final byte[] queued2 = payload("queued-2", 10_000);
        private final byte[] inFlight = payload("in-flight", 10_000);
        private final byte[] will = payload("will", 10_000);
        private final byte[] shared = payload("shared", 10_000);
        private RawClient dying;

        Live(final BrokerProcess broker) throws IOException {
            try (MqttClient offline = connect(broker, "offline");
                    MqttClient member = connect(broker, "member")) {
                offline.subscribe(List.of("queue", "will"), 2);
                member.subscribe(List.of("$share/g/work"), 1);
            }
            dying = RawClient.connected(
                    broker.port(), V5, c -> c.clientId("dying").will("will", will, 1, false));
            try (RawClient busy = RawClient.connected(
                            broker.port(),
                            V5,
                            c -> c.clientId("busy").cleanStart(false).sessionExpiry(NEVER_EXPIRES));
                    MqttClient publisher = connect(broker, "publisher")) {
                busy.subscribe(V5, 1, "flight", 1);
                busy.packet();
                for (int i = 0; i < 20; i++) {
                    retained.put("state/" + i, payload("state" + i, 100 + i));
                    publisher.publish("state/" + i, retained.get("state/" + i), 1, true);
                }
                publisher.publish("queue", queued1, 1, false);
                publisher.publish("queue", queued2, 2, false);
                publisher.publish("work", shared, 1, false);
                publisher.publish("flight", inFlight, 1, false);
                busy.packet();
            }
        }

        void check(final BrokerProcess broker) throws IOException {
            try (MqttClient reader = connect(broker, "reader")) {
                reader.subscribe(List.of("state/#"), 1);
                for (int i = 0; i < retained.size(); i++) {
                    final Message message = reader.receive(10_000);
                    assertNotNull(message, "retained messages: " + i);
                    assertArrayEquals(retained.get(message.topic()), message.payload());
                }
            }
            try (MqttClient offline = connect(broker, "offline")) {
                assertArrayEquals(queued1, offline.receive(10_000).payload());
                assertArrayEquals(queued2, offline.receive(10_000).payload());
                assertArrayEquals(will, offline.receive(10_000).payload());
            }
            try (MqttClient busy = connect(broker, "busy")) {
                assertArrayEquals(inFlight, busy.receive(10_000).payload());
            }
            try (MqttClient member = connect(broker, "member")) {
                assertArrayEquals(shared, member.receive(10_000).payload());
            }
        }
    }

    @Test
    void shouldDeliverWhatIsLiveAfterItsSegmentWasRemovedAndTheBrokerWasKilled() throws Exception {
        final Live live;
        final String digest;
        try (BrokerProcess broker = start("storage.log.retention.time=0s")) {
            live = new Live(broker);
            takeSnapshots(3);
            awaitKept(broker, live.will);
            takeSnapshots(1);
            digest = lastDigest(broker);
            broker.kill();
        }
        live.dying.close();
        try (BrokerProcess broker = start("storage.log.retention.time=0s")) {
            assertTrue(broker.output().contains("recovered 0 events"), broker.output());
            assertEquals(digest, lastDigest(broker));
            takeSnapshots(3);
            live.check(broker);
            takeSnapshots(3);
            assertEquals(0, count(broker, "no snapshot"));
            for (final byte[] payload : List.of(live.queued1, live.queued2, live.inFlight, live.shared, live.will)) {
                awaitGone(broker, payload);
            }
        }
    }

    private static String lastDigest(final BrokerProcess broker) {
        final Matcher matcher = Pattern.compile("digest ([0-9a-f]+)").matcher(broker.output());
        String last = "";
        while (matcher.find()) {
            last = matcher.group(1);
        }
        assertFalse(last.isEmpty(), broker.output());
        return last;
    }

    @Test
    void shouldSealTheCurrentSegmentOnCommand() throws Exception {
        try (BrokerProcess broker = start()) {
            deliver(broker, "sealed");
            final CommandRun sealed = run("log", "seal");
            assertEquals(ExitCode.OK, sealed.exitCode(), sealed.err());
            final String segment = sealed.out().strip().substring("sealed ".length());
            Await.until(() -> Files.exists(dir.resolve("log").resolve(segment)));
            final CommandRun plan = run("log", "retain", "--dry-run", "--time", "0s");
            assertTrue(plan.out().contains("there is no snapshot"), plan.out());
            takeSnapshots(1);
            final CommandRun next = run("log", "retain", "--dry-run", "--time", "0s");
            assertTrue(next.out().startsWith("goes   " + segment), next.out());
            assertTrue(next.out().contains("1 of 2 segments would go at the next snapshot"), next.out());
            assertEquals(ExitCode.OK, run("log", "verify").exitCode());
            assertEquals(0, broker.terminate());
        }
        final CommandRun stopped = run("log", "seal");
        assertEquals(ExitCode.UNREACHABLE, stopped.exitCode());
        assertTrue(stopped.err().contains("no broker uses " + dir), stopped.err());
    }

    @Test
    void shouldEndASegmentByAge() throws Exception {
        try (BrokerProcess broker = start("storage.log.segment_age=1s")) {
            try (MqttClient client = connect(broker, "publisher")) {
                final long deadlineNs = System.nanoTime() + 30_000_000_000L;
                while (run("log", "ls").out().lines().count() < 4) {
                    assertTrue(System.nanoTime() < deadlineNs, "the segment was never ended");
                    client.publish("t", payload("p", 10), 1, false);
                }
            }
        }
    }

    @Test
    void shouldKeepTheDiskBoundedOverTwelveSegmentsOfTraffic() throws Exception {
        soak(12);
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void shouldKeepTheDiskBoundedOverTwoHundredSegmentsOfTraffic() throws Exception {
        soak(200);
    }

    /**
     * With a snapshot for each MiB of log, what is behind the last but one lies in up to four segments of 1.25 MiB, and
     * that is more than the retained size. One more may go just now, the next one lies ready, and there are kept records,
     * snapshots and Chronicle's table.
     */
    private static final long BOUND = 5 * (MIB + MIB / 4) + MIB + MIB / 2;

    private void soak(final int segments) throws Exception {
        final String[] settings = {
            "storage.durability=append", "storage.log.retention.size=2MB", "storage.snapshot.log_bytes=1MB"
        };
        final Live live;
        final String digest;
        try (BrokerProcess broker = start(settings)) {
            live = new Live(broker);
            long most = 0;
            try (MqttClient client = connect(broker, "publisher")) {
                for (int i = 1; i <= segments; i++) {
                    for (int sent = 0; sent < MIB; sent += 32 * 1024) {
                        client.publish("traffic", payload("traffic", 32 * 1024), 1, false);
                        most = Math.max(most, diskBytes());
                    }
                    final int snapshots = i;
                    Await.until(20_000, () -> count(broker, "INFO  snapshot at") >= snapshots, broker::output);
                }
            }
            assertTrue(most < BOUND, "bytes on disk: " + most + ", bound " + BOUND);
            takeSnapshots(2);
            Await.until(20_000, () -> count(broker, "removed segment") >= segments - 2, broker::output);
            assertEquals(ExitCode.OK, run("log", "verify").exitCode());
            digest = lastDigest(broker);
            broker.kill();
            System.out.println(segments + " segments of traffic: at most " + most + " bytes on disk");
        }
        live.dying.close();
        try (BrokerProcess broker = start(settings)) {
            assertEquals(digest, lastDigest(broker));
            live.check(broker);
        }
    }
}
