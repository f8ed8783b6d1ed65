package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.client.PublishProperties;
import io.ringmain.ops.client.TestBroker;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.storage.log.LogInspector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogReplayCommandTest {
    private static final int PATIENCE_MS = 10_000;
    private static final int NOTHING_MS = 200;

    @TempDir
    private Path dir;

    private Path source;
    private TestBroker recorded;
    private TestBroker target;

    @BeforeEach
    void start() {
        source = dir.resolve("source");
        recorded = new TestBroker(source);
        target = new TestBroker(dir.resolve("target"));
    }

    @AfterEach
    void stop() {
        recorded.close();
        target.close();
    }

    private static MqttClient connect(final TestBroker broker, final String id) throws IOException {
        return MqttClient.connect("127.0.0.1", broker.port(), ProtocolVersion.V5, 60, c -> c.clientId(id));
    }

    private CommandRun replay(final int port, final String... options) {
        return CommandRun.of(Stream.concat(
                        Stream.of("log", "replay", "--data", source.toString(), "-h", "127.0.0.1", "-p", "" + port),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private void publish(final String topic, final int from, final int to, final int qos) throws IOException {
        try (MqttClient publisher = connect(recorded, "press-07")) {
            for (int i = from; i < to; i++) {
                publisher.offer(topic, ("m" + i).getBytes(StandardCharsets.UTF_8), qos, false, new PublishProperties());
            }
            assertEquals(0, publisher.awaitAcknowledged() & 0x80);
        }
    }

    private static List<String> receive(final MqttClient client, final int count) throws IOException {
        final List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final Message message = client.receive(PATIENCE_MS);
            assertNotNull(message, () -> "after " + texts.size() + " messages");
            texts.add(new String(message.payload(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static List<String> numbers(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    @Test
    void shouldPublishEverythingInItsOrderWithItsQos() throws IOException {
        publish("plant/a", 0, 3000, 1);
        publish("plant/b", 3000, 6000, 2);
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 2);
            final CommandRun run = replay(target.port(), "--speed", "max");
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertTrue(run.out().startsWith("published 6,000, refused 0, without content 0, too large 0, "), run.out());
            for (int i = 0; i < 6000; i++) {
                final Message message = subscriber.receive(PATIENCE_MS);
                assertEquals("m" + i, new String(message.payload(), StandardCharsets.UTF_8));
                assertEquals(i < 3000 ? "plant/a" : "plant/b", message.topic());
                assertEquals(i < 3000 ? 1 : 2, message.qos());
            }
            assertNull(subscriber.receive(NOTHING_MS));
        }
    }

    @Test
    void shouldPublishTheSelectionUnderAPrefix() throws IOException {
        publish("plant/a", 0, 10, 1);
        publish("plant/b", 10, 20, 1);
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            replay(target.port(), "--speed", "max", "--prefix", "again/", "-t", "plant/b", "-n", "4");
            final Message first = subscriber.receive(PATIENCE_MS);
            assertEquals("again/plant/b", first.topic());
            assertEquals(numbers(11, 14), receive(subscriber, 3));
            assertNull(subscriber.receive(NOTHING_MS));
        }
    }

    @Test
    void shouldRetainWhatWasRetainedUnlessToldNotTo() throws IOException {
        try (MqttClient publisher = connect(recorded, "press-07")) {
            publisher.publish("state/on", new byte[] {'1'}, 1, true);
        }
        assertEquals(
                ExitCode.OK,
                replay(target.port(), "--speed", "max", "--no-retain").exitCode());
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            assertNull(subscriber.receive(NOTHING_MS));
        }
        assertEquals(ExitCode.OK, replay(target.port(), "--speed", "max").exitCode());
        try (MqttClient subscriber = connect(target, "s2")) {
            subscriber.subscribe(List.of("#"), 1);
            final Message message = subscriber.receive(PATIENCE_MS);
            assertEquals("state/on", message.topic());
            assertTrue(message.retain());
        }
    }

    @Test
    void shouldPassThePropertiesOn() throws IOException {
        try (MqttClient publisher = connect(recorded, "press-07")) {
            publisher.offer(
                    "t",
                    new byte[] {1},
                    1,
                    false,
                    new PublishProperties()
                            .contentType("text/plain")
                            .responseTopic("answers")
                            .correlationData(new byte[] {7})
                            .userProperty("unit", "rpm")
                            .expirySeconds(600));
            publisher.awaitAcknowledged();
        }
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            replay(target.port(), "--speed", "max");
            final Message message = subscriber.receive(PATIENCE_MS);
            assertEquals("text/plain", message.contentType());
            assertEquals("answers", message.responseTopic());
            assertEquals("unit", message.userProperties().get(0).getKey());
            assertTrue(message.expirySeconds() > 500 && message.expirySeconds() <= 600);
        }
    }

    @Test
    void shouldNotFeedABrokerWithItsOwnLogUnlessTold() throws IOException {
        publish("t", 0, 3, 1);
        final CommandRun refused = replay(recorded.port(), "--speed", "max");
        assertEquals(ExitCode.REFUSED, refused.exitCode());
        assertTrue(refused.err().contains("is the broker whose log this is"), refused.err());
        try (MqttClient subscriber = connect(recorded, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            assertEquals(
                    ExitCode.OK,
                    replay(recorded.port(), "--speed", "max", "--yes").exitCode());
            assertEquals(numbers(0, 3), receive(subscriber, 3));
            assertEquals(
                    ExitCode.OK,
                    replay(recorded.port(), "--speed", "max", "--prefix", "p/", "-n", "3")
                            .exitCode());
            assertEquals(numbers(0, 3), receive(subscriber, 3));
            assertNull(subscriber.receive(NOTHING_MS), "a replay ends where the log ended when it began");
        }
    }

    @Test
    void shouldKeepTheSpacingDividedByTheSpeed() {
        assertEquals(500, new ReplaySpeed(2).dueNs(1000));
        assertEquals(1000, new ReplaySpeed.Converter().convert("1x").dueNs(1000));
        assertEquals(2000, new ReplaySpeed.Converter().convert("0.5x").dueNs(1000));
        assertEquals(0, ReplaySpeed.MAX.dueNs(Long.MAX_VALUE));
        assertEquals(ExitCode.USAGE, replay(target.port(), "--speed", "fast").exitCode());
        assertEquals(ExitCode.USAGE, replay(target.port(), "--speed", "0x").exitCode());
    }

    @Test
    void shouldTakeAsLongAsTheRecordingAtItsOwnSpeed() throws Exception {
        publish("t", 0, 1, 1);
        Thread.sleep(600);
        publish("t", 1, 2, 1);
        final long startNs = System.nanoTime();
        assertEquals(ExitCode.OK, replay(target.port(), "--speed", "1x").exitCode());
        assertTrue(System.nanoTime() - startNs >= 590_000_000L, "never earlier than it was recorded");
    }

    @Test
    void shouldReplayWhatWasImported() throws IOException {
        publish("plant/a", 0, 5, 1);
        publish("plant/b", 5, 10, 1);
        final String archive = dir.resolve("b.archive").toString();
        final String imported = dir.resolve("imported").toString();
        assertEquals(
                ExitCode.OK,
                CommandRun.of("log", "export", archive, "--data", source.toString(), "-t", "plant/b")
                        .exitCode());
        assertEquals(
                ExitCode.OK,
                CommandRun.of("log", "import", archive, "--data", imported).exitCode());
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            final CommandRun run = CommandRun.of(
                    "log", "replay", "--data", imported, "-h", "127.0.0.1", "-p", "" + target.port(), "--speed", "max");
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertEquals(numbers(5, 10), receive(subscriber, 5));
        }
    }

    /** A client whose connection is taken by another one: its will is published. */
    private void leaveAWill() throws IOException {
        final MqttClient victim = MqttClient.connect(
                "127.0.0.1",
                recorded.port(),
                ProtocolVersion.V5,
                60,
                c -> c.clientId("victim").will("last/words", "bye".getBytes(StandardCharsets.UTF_8), 1, false));
        connect(recorded, "victim").close();
        victim.close();
        awaitWill();
    }

    @Test
    void shouldReplayAWillThatWasPublished() throws IOException {
        leaveAWill();
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            assertEquals(ExitCode.OK, replay(target.port(), "--speed", "max").exitCode());
            assertEquals(List.of("bye"), receive(subscriber, 1));
        }
    }

    @Test
    void shouldReplayAWillFromAnArchiveThatHoldsMessagesAlone() throws IOException {
        leaveAWill();
        publish("t", 0, 2, 1);
        final String archive = dir.resolve("messages.archive").toString();
        final CommandRun exported =
                CommandRun.of("log", "export", archive, "--data", source.toString(), "-t", "last/#");
        assertTrue(exported.out().startsWith("exported 2 records"), "the will, and its CONNECT: " + exported.out());
        recorded.close();
        source = dir.resolve("imported");
        CommandRun.of("log", "import", archive, "--data", source.toString());
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            assertEquals(ExitCode.OK, replay(target.port(), "--speed", "max").exitCode());
            assertEquals(List.of("bye"), receive(subscriber, 1));
            assertNull(subscriber.receive(NOTHING_MS));
        }
        recorded = new TestBroker(dir.resolve("unused"));
    }

    @Test
    void shouldSayThatItWasCutOff() throws Exception {
        publish("t", 0, 1, 1);
        Thread.sleep(1500);
        publish("t", 1, 2, 1);
        try (MqttClient subscriber = connect(target, "s")) {
            subscriber.subscribe(List.of("#"), 1);
            final CompletableFuture<CommandRun> run =
                    CompletableFuture.supplyAsync(() -> replay(target.port(), "--speed", "0.1x"));
            assertEquals(List.of("m0"), receive(subscriber, 1), "the second is due in 15 s");
            target.close();
            final CommandRun ended = run.get(30, TimeUnit.SECONDS);
            assertEquals(ExitCode.TIMEOUT, ended.exitCode(), ended.err());
            assertTrue(ended.out().startsWith("published 1, "), ended.out());
        }
        target = new TestBroker(dir.resolve("target-again"));
    }

    private void awaitWill() {
        final long deadlineNs = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (CommandRun.of("log", "cat", "--data", source.toString(), "--type", "will")
                .out()
                .isEmpty()) {
            assertTrue(System.nanoTime() < deadlineNs, "no note of the will");
        }
    }

    @Test
    void shouldSayThatItReachesNobody() throws IOException {
        publish("t", 0, 1, 1);
        final int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertEquals(ExitCode.UNREACHABLE, replay(free, "--speed", "max").exitCode());
        assertEquals(ExitCode.USAGE, replay(free, "--prefix", "a/#").exitCode());
        assertEquals(
                ExitCode.NOT_FOUND,
                CommandRun.of("log", "replay", "--data", dir.resolve("no").toString())
                        .exitCode());
    }

    @Test
    void shouldTellHowFarItIs() {
        final String line = new ReplayProgress(1000, 2000).line(1500, 2_000_000_000L);
        assertTrue(line.startsWith("replay [############            ]  50%  "), line);
        assertTrue(line.endsWith("eta 2 s"), line);
    }

    /** The last that the publisher leaves in the log. */
    private void awaitDisconnect() {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
        final boolean[] found = {false};
        while (!found[0]) {
            assertTrue(System.nanoTime() < deadlineNs, "no DISCONNECT in the log");
            LogInspector.open(source).scan(0, (position, buffer, offset, length) -> {
                found[0] |= EventHeader.type(buffer, offset) == EventType.DISCONNECT;
                return true;
            });
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldLeaveTheLogAsItIs() throws IOException {
        publish("t", 0, 100, 1);
        awaitDisconnect();
        final List<LogInspector.SegmentSummary> before =
                LogInspector.open(source).summaries();
        replay(target.port(), "--speed", "max");
        assertEquals(before, LogInspector.open(source).summaries());
    }
}
