package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.client.TestBroker;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateAtCommandTest {
    @TempDir
    private Path data;

    private static MqttClient connect(final TestBroker broker, final String id, final boolean keep) throws IOException {
        return MqttClient.connect("127.0.0.1", broker.port(), ProtocolVersion.V5, 60, c -> {
            c.clientId(id).username("user-of-" + id).cleanStart(!keep);
            return keep ? c.sessionExpiry(3600) : c;
        });
    }

    private static void publish(final MqttClient client, final String topic, final String text, final boolean retain)
            throws IOException {
        client.publish(topic, text.getBytes(StandardCharsets.UTF_8), 1, retain);
    }

    private CommandRun at(final String place, final String... more) {
        return CommandRun.of(Stream.concat(Stream.of("state", "at", place, "--data", data.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private List<String> rows(final String place, final String... more) {
        final CommandRun run = at(
                place, Stream.concat(Stream.of(more), Stream.of("-o", "ndjson")).toArray(String[]::new));
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.out().lines().toList();
    }

    /** Position of the last record, as of now. */
    private String now() {
        final long[] last = {-1};
        LogInspector.open(data).scan(0, (position, buffer, offset, length) -> {
            last[0] = position;
            return true;
        });
        return "@" + last[0];
    }

    @Test
    void shouldShowWhatWasThenAndNotWhatCameLater() throws IOException {
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "press-07", false)) {
            publish(publisher, "plant/rpm", "1473", true);
            publish(publisher, "plant/temp", "20", true);
            try (MqttClient keeper = connect(broker, "keeper", true)) {
                keeper.subscribe(List.of("plant/#", "other"), 2 | 4);
            }
            publish(publisher, "plant/note", "queued", false);
            final String before = now();
            publish(publisher, "plant/rpm", "9999", true);
            publish(publisher, "plant/temp", "", true);
            publish(publisher, "new", "n", true);
            final List<String> retained = rows(before, "retained");
            assertEquals(2, retained.size(), retained.toString());
            assertTrue(retained.get(0).contains("\"topic\":\"plant/rpm\""), retained.get(0));
            assertTrue(retained.get(0).contains("\"publisher\":\"press-07\",\"payload\":\"1473\""), retained.get(0));
            assertTrue(retained.get(1).contains("\"payload\":\"20\""), retained.get(1));
            final List<String> later = rows(now(), "retained");
            assertTrue(
                    later.toString().contains("9999") && later.toString().contains("\"topic\":\"new\""),
                    later.toString());
            assertEquals(2, later.size());
            final List<String> sessions = rows(before, "sessions");
            assertTrue(
                    sessions.get(1)
                            .contains("\"client\":\"press-07\",\"connected\":true,\"user\":\"user-of-press-07\""),
                    sessions.get(1));
            assertTrue(sessions.get(0).contains("\"client\":\"keeper\",\"connected\":false"), sessions.get(0));
            assertTrue(sessions.get(0).contains("\"subscriptions\":2"), sessions.get(0));
            final List<String> subscriptions = rows(before, "subscriptions", "--client", "keeper");
            assertTrue(subscriptions.get(0).contains("\"filter\":\"other\",\"qos\":2"), subscriptions.get(0));
            assertTrue(subscriptions.get(0).contains("no-local"), subscriptions.get(0));
            assertEquals(1, rows(before, "retained", "-t", "+/temp").size());
            assertEquals(List.of(), rows(before, "subscriptions", "--client", "nobody"));
        }
    }

    @Test
    void shouldCountWhatWaitsForAClient() throws IOException {
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            try (MqttClient keeper = connect(broker, "keeper", true)) {
                keeper.subscribe(List.of("t"), 1);
            }
            for (int i = 0; i < 5; i++) {
                publish(publisher, "t", "m" + i, false);
            }
            assertTrue(rows(now(), "sessions", "--client", "keeper").get(0).contains("\"queued\":5"));
        }
    }

    @Test
    void shouldTakeATimeAndSayOfWhenItIs() throws Exception {
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t", "first", true);
            Thread.sleep(20);
            final String between = java.time.Instant.now().toString();
            Thread.sleep(20);
            publish(publisher, "t", "second", true);
            assertTrue(rows(between, "retained").get(0).contains("\"payload\":\"first\""));
            assertTrue(rows("-0s", "retained").get(0).contains("\"payload\":\"second\""));
            assertTrue(at(between).err().startsWith("ringmain: state at position "));
        }
    }

    @Test
    void shouldBeTheSameFromASnapshotAsFromTheBeginning() throws Exception {
        final String early;
        final String late;
        final String fromSnapshot;
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t", "first", true);
            early = now();
            takeSnapshot();
            publish(publisher, "u", "second", true);
            late = now();
            assertEquals(1, rows(early, "retained").size(), "before the snapshot: from the beginning");
            fromSnapshot = at(late).err();
        }
        for (final Path snapshot : new SnapshotDirectory(data).list()) {
            Files.delete(snapshot);
        }
        assertEquals(fromSnapshot, at(late).err(), "position, time and digest");
    }

    private void takeSnapshot() {
        final CommandRun run = CommandRun.of("snapshot", "take", "--data", data.toString());
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
    }

    @Test
    void shouldNameTheOldestStateThatCanBeRebuilt() throws Exception {
        final String lost;
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t", "first", true);
            lost = now();
        }
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t", "second", true);
            takeSnapshot();
        }
        for (final Path old : LogInspector.open(data).segments().subList(0, 1)) {
            Files.delete(old);
        }
        final SnapshotDirectory snapshots = new SnapshotDirectory(data);
        final CommandRun run = at(lost);
        assertEquals(ExitCode.NOT_FOUND, run.exitCode());
        assertTrue(
                run.err()
                        .contains("no snapshot reaches back so far; the oldest state that can be rebuilt is that at @"),
                run.err());
        final String oldest = run.err().replaceAll("(?s).*rebuilt is that at (@\\d+),.*", "$1");
        assertEquals(ExitCode.OK, at(oldest).exitCode(), run.err());
        for (final Path snapshot : snapshots.list()) {
            Files.delete(snapshot);
        }
        assertTrue(at(oldest).err().contains("no state can be rebuilt"), "without any snapshot");
    }

    @Test
    void shouldSayWhatIsWrongWithThePlaceOrTheDirectory() throws IOException {
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t", "first", true);
            assertEquals(ExitCode.NOT_FOUND, at("@99999999").exitCode());
            assertEquals(ExitCode.NOT_FOUND, at("1999-12-31").exitCode());
            assertEquals(ExitCode.USAGE, at("noon").exitCode());
            assertEquals(ExitCode.USAGE, at("@0", "wills").exitCode());
            assertEquals(ExitCode.USAGE, at("@0", "-o", "json").exitCode());
            assertEquals(ExitCode.USAGE, at("@0", "-t", "a#").exitCode());
        }
        data = data.resolve("no");
        assertEquals(ExitCode.NOT_FOUND, at("@0").exitCode());
    }

    @Test
    void shouldPrintTablesJsonAndCsv() throws IOException {
        try (TestBroker broker = new TestBroker(data);
                MqttClient publisher = connect(broker, "p", false)) {
            publish(publisher, "t/\u001b[2J", "a\"b,c", true);
            assertTrue(at(now()).out().contains("t/\\u001b[2J"), at(now()).out());
            assertTrue(at(now(), "retained", "-o", "csv").out().contains("\"a\"\"b,c\""));
            assertTrue(at(now(), "retained", "-o", "json").out().startsWith("["));
        }
    }
}
