package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCommandsTest {
    /** 2026-11-23T08:14:07.118204Z. */
    private static final long START_NS = 1_795_421_647_118_204_000L;

    private static final String TIME = "2026-11-23T08:14:07.118204Z";

    @TempDir
    private Path dir;

    private SmallLog log;

    @BeforeEach
    void write() {
        log = new SmallLog(dir, START_NS);
    }

    private CommandRun cat(final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("log", "cat", "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void shouldPrintTimePositionClientTopicQosAndPayload() {
        log.connect(7, "press-07");
        final long position = log.publish(7, "press-07", "plant/line3/rpm", 1, true, "1473");
        final CommandRun run = cat();
        assertEquals(TIME + "  @" + position + "  PUB q1 r  press-07  plant/line3/rpm  4 B  1473\n", run.out());
        assertEquals(ExitCode.OK, run.exitCode());
    }

    @Test
    void shouldSelectByTopicClientPositionTimeAndCount() {
        log.publish(1, "a", "x/1", 0, true, "1");
        final long second = log.publish(1, "b", "x/2", 1, false, "2");
        log.nextBlock(START_NS + 60_000_000_000L);
        final long third = log.publish(1, "a", "y/1", 2, false, "3");
        assertEquals(List.of("1", "2"), payloads(cat("-t", "x/+")));
        assertEquals(List.of("1", "3"), payloads(cat("--client", "a")));
        assertEquals(List.of("3"), payloads(cat("--client", "a", "-t", "y/#")));
        assertEquals(List.of("2", "3"), payloads(cat("--from", "@" + second)));
        assertEquals(List.of("1", "2"), payloads(cat("--to", "@" + third)));
        assertEquals(List.of("3"), payloads(cat("--from", "2026-11-23T08:15")));
        assertEquals(List.of("1", "2"), payloads(cat("--to", "2026-11-23T08:15:00Z")));
        assertEquals(List.of("1", "2", "3"), payloads(cat("--from", "2026-11-23", "--to", "2026-11-24")));
        assertEquals(List.of("1", "2"), payloads(cat("-n", "2")));
        assertEquals(List.of(), payloads(cat("--client", "nobody")));
    }

    private static List<String> payloads(final CommandRun run) {
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.out()
                .lines()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    @Test
    void shouldPrintOtherEventsWithTheirClientWhenAskedForAll() {
        log.connect(7, "press-07");
        log.subscribe(7, "press-07", "plant/#", 1);
        log.publish(7, "press-07", "t", 1, false, "m");
        log.acknowledge(7, "press-07", 4, 12);
        log.disconnect(7, "press-07");
        log.disconnect(9, null);
        final List<String> lines =
                cat("--all").out().lines().map(LogCommandsTest::body).toList();
        assertEquals(
                List.of(
                        "CONNECT  press-07  from 10.0.0.7:5 on local level 5 clean",
                        "SUB  press-07  plant/# q1",
                        "PUB q1  press-07  t  1 B  m",
                        "ACK  press-07  PUBACK 12",
                        "DISCONNECT  press-07  success",
                        "DISCONNECT  #9  success"),
                lines);
        assertEquals(5, cat("--all", "--client", "press-07").out().lines().count());
    }

    private static String body(final String line) {
        return line.split("  ", 3)[2];
    }

    @Test
    void shouldSayWhoItWasWhenAsked() {
        log.publish(7, "press-07", "plant/line3/rpm", 1, false, "1473");
        assertEquals(
                "PUB q1  press-07 by alice@10.0.0.7:5 on local  plant/line3/rpm  4 B  1473\n",
                body(cat("--who").out()));
        final String json = cat("-o", "ndjson").out();
        assertTrue(
                json.contains("\"client\":\"press-07\",\"user\":\"alice\",\"certificate\":\"CN=press\","
                        + "\"peer\":\"10.0.0.7:5\",\"listener\":\"local\",\"protocol\":5,"),
                json);
    }

    @Test
    void shouldShowWhatIsRecordedBesideMessages() {
        log.headers(7, "press-07", "plant/line3/rpm", 4);
        log.authFailed("guest", ReasonCode.NOT_AUTHORIZED);
        log.admin("operator", "snapshot on command");
        assertEquals("PUB q0 headers  press-07  plant/line3/rpm  4 B\n", body(cat().out()));
        assertEquals(
                List.of(
                        "PUB q0 headers  press-07  plant/line3/rpm  4 B",
                        "AUTH_FAILED  guest  not authorized",
                        "ADMIN  operator  snapshot on command"),
                cat("--all").out().lines().map(LogCommandsTest::body).toList());
        final List<String> json = cat("--all", "-o", "ndjson").out().lines().toList();
        assertTrue(json.get(0).endsWith("\"retain\":false,\"dup\":false,\"length\":4}"), json.get(0));
        assertTrue(json.get(1).endsWith("\"reason\":\"not authorized\"}"), json.get(1));
        assertTrue(json.get(2).endsWith("\"actor\":\"operator\",\"action\":\"snapshot on command\"}"), json.get(2));
    }

    @Test
    void shouldEscapeWhatWouldReachTheTerminalAsAnOrder() {
        log.publish(1, "c", "t/\u001b[2J", 1, false, "a\nb\u202e");
        assertEquals("PUB q1  c  t/\\u001b[2J  6 B  a\\nb\\u202e\n", body(cat().out()));
    }

    @Test
    void shouldPrintBytesInHexadecimalAndTheBeginningOfLongPayloads() {
        log.publish(1, "c", "t", 1, false, new byte[] {(byte) 0xFF, 0, 1});
        log.publish(1, "c", "t", 1, false, "ä".repeat(200));
        final List<String> lines =
                cat().out().lines().map(LogCommandsTest::body).toList();
        assertEquals("PUB q1  c  t  3 B  0xff0001", lines.get(0));
        assertEquals("PUB q1  c  t  400 B  " + "ä".repeat(128) + "...", lines.get(1));
        assertTrue(cat("--full").out().contains("ä".repeat(200)));
    }

    @Test
    void shouldPrintAnObjectPerLineAsNdjson() {
        final long position = log.publish(3, "c", "t/\"", 2, true, "1\n");
        log.publish(3, "c", "t", 1, false, new byte[] {(byte) 0xFF});
        final List<String> lines = cat("-o", "ndjson").out().lines().toList();
        assertEquals(
                "{\"time\":\"" + TIME + "\",\"position\":" + position + ",\"type\":\"publish\",\"client\":\"c\","
                        + "\"user\":\"alice\",\"certificate\":\"CN=press\","
                        + "\"peer\":\"10.0.0.7:5\",\"listener\":\"local\",\"protocol\":5,"
                        + "\"connection\":3,\"topic\":\"t/\\\"\",\"qos\":2,\"retain\":true,\"dup\":false,\"length\":2,"
                        + "\"payload\":\"1\\n\"}",
                lines.get(0));
        assertTrue(lines.get(1).endsWith("\"length\":1,\"payload_base64\":\"/w==\"}"), lines.get(1));
    }

    @Test
    void shouldSayWhatIsWrongWithThePlaceFilterOrDirectory() {
        assertEquals(ExitCode.USAGE, cat("--from", "yesterday").exitCode());
        assertEquals(ExitCode.USAGE, cat("--from", "-").exitCode());
        assertEquals(ExitCode.USAGE, cat("-t", "a#").exitCode());
        final CommandRun run =
                CommandRun.of("log", "cat", "--data", dir.resolve("no").toString());
        assertEquals(ExitCode.NOT_FOUND, run.exitCode());
        assertTrue(run.err().contains("no log in"), run.err());
    }

    @Test
    void shouldVerifyAnIntactLog() {
        log.publish(1, "c", "t", 1, false, "m");
        log.publish(1, "c", "t", 1, false, "m");
        log.close();
        final CommandRun run = CommandRun.of("log", "verify", "--data", dir.toString());
        assertEquals(ExitCode.OK, run.exitCode());
        assertTrue(run.out().startsWith("intact: 1 segments, 1 blocks, 2 records, positions 0 to "), run.out());
    }

    @Test
    void shouldFindAFlippedByteAndSayWhere() throws IOException {
        log.publish(1, "c", "t", 1, false, "before");
        final long position = log.publish(1, "c", "t", 1, false, "flip-me");
        log.nextBlock(START_NS + 1);
        log.publish(1, "c", "t", 1, false, "behind");
        log.close();
        final Path segment = segment();
        flip(segment, "flip-me");
        final CommandRun run = CommandRun.of("log", "verify", "--data", dir.toString());
        assertEquals(ExitCode.DAMAGED, run.exitCode());
        assertTrue(run.out().matches("(?s)\\Q" + segment + "\\E: byte \\d+, position " + position + ": .*"), run.out());
        assertTrue(run.out().contains("damaged, 1 found"), run.out());
        final CommandRun cat = cat();
        assertEquals(ExitCode.DAMAGED, cat.exitCode());
        assertEquals(1, cat.out().lines().count(), "what is intact before the damage is printed");
        assertTrue(cat.err().contains("position " + position), cat.err());
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(final Path file, final String text) throws IOException {
        final String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        try (RandomAccessFile segment = new RandomAccessFile(file.toFile(), "rw")) {
            segment.seek(bytes.indexOf(text));
            segment.write(text.charAt(0) ^ 1);
        }
    }

    private CommandRun log(final String verb, final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("log", verb, "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void shouldListTheSegments() {
        log.publish(1, "a", "x", 1, false, "1");
        final long second = log.publish(1, "a", "x", 1, false, "2");
        final CommandRun run = log("ls");
        assertEquals(ExitCode.OK, run.exitCode());
        final String[] lines = run.out().split("\n");
        assertEquals(
                List.of("segment", "first", "next", "from", "to", "records", "bytes"),
                List.of(lines[0].trim().split(" +")));
        assertTrue(lines[1].matches(".*[.]cq4 +0 +" + 2 * second + "  " + TIME + "  " + TIME + " +2 +\\d+"), lines[1]);
        assertTrue(log("ls", "-o", "csv").out().contains(".cq4,0," + 2 * second + "," + TIME + "," + TIME + ",2,"));
    }

    @Test
    void shouldGetOneRecordWhole() {
        log.publish(1, "a", "x", 1, false, "first");
        final long second = log.publish(1, "b", "y", 2, true, "second");
        assertTrue(log("get", "@" + second).out().contains("\"connection\":1,\"topic\":\"y\""));
        assertEquals("second", log("get", "@" + second, "--payload").out());
        assertEquals(ExitCode.NOT_FOUND, log("get", "@" + (second + 8)).exitCode());
        assertEquals(ExitCode.USAGE, log("get", "-5m").exitCode());
    }

    private CommandRun retain(final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("log", "retain", "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    @Test
    void shouldShowWhatRetentionWouldRemoveAndRemoveNothing() throws IOException {
        log.publish(1, "a", "x", 1, false, "1");
        log.close();
        log = new SmallLog(dir, START_NS + 1);
        final long snapshot = log.publish(1, "a", "x", 1, false, "2");
        log.close();
        final CommandRun without = retain("--dry-run", "--time", "0s");
        assertTrue(without.out().contains("there is no snapshot"), without.out());
        new SnapshotDirectory(dir).newWriter(snapshot, START_NS).finish();
        final CommandRun run = retain("--dry-run", "--size", "0");
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        final List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).matches("goes   .*\\.cq4  @0 to @.* are kept"), lines.get(0));
        assertTrue(lines.get(1).matches("stays  .*: it is appended to, or was last"), lines.get(1));
        assertTrue(lines.get(2).startsWith("1 of 2 segments would go at the next snapshot"), lines.get(2));
        assertTrue(lines.get(2).endsWith("; live records in them would be kept"), lines.get(2));
        assertEquals(2, LogInspector.open(dir).segments().size());
    }

    @Test
    void shouldLeaveRemovingToTheBroker() {
        final CommandRun run = retain();
        assertEquals(ExitCode.REFUSED, run.exitCode());
        assertTrue(run.err().contains("the broker removes segments by itself"), run.err());
        assertEquals(
                ExitCode.CONFIGURATION, retain("--dry-run", "--time", "soon").exitCode());
    }

    @Test
    void shouldSealNothingWhenNoBrokerRuns() {
        log.close();
        final CommandRun run = CommandRun.of("log", "seal", "--data", dir.toString());
        assertEquals(ExitCode.UNREACHABLE, run.exitCode());
        assertTrue(run.err().contains("no broker uses " + dir), run.err());
        assertEquals(
                ExitCode.NOT_FOUND,
                CommandRun.of("log", "seal", "--data", dir + "/none").exitCode());
    }
}
