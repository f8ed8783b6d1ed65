package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogToolsTest {
    private static final long START_NS = 1_795_421_647_118_204_000L;
    private static final String TIME = "2026-11-23T08:14:07.118204Z";

    @TempDir
    private Path dir;

    private SmallLog log;

    @BeforeEach
    void write() {
        log = new SmallLog(dir, START_NS);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private CommandRun run(final String verb, final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("log", verb, "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private String out(final String verb, final String... options) {
        final CommandRun run = run(verb, options);
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.out();
    }

    @Test
    void shouldQuoteCsvAndEscapeWhatATerminalWouldObey() {
        log.publish(7, "a,b", "t/\"q\"", 1, false, "two\nlines \u001b[2J");
        log.publish(7, "c", "t", 1, false, new byte[] {(byte) 0xFF, 0});
        final String[] lines = out("cat", "-o", "csv").split("\n", 3);
        assertTrue(lines[0].startsWith("time,position,type,client,user,certificate,peer,"), lines[0]);
        assertTrue(lines[1].startsWith(TIME + ",0,publish,\"a,b\",alice,CN=press,10.0.0.7:5,local,5,7,"), lines[1]);
        assertTrue(lines[1].endsWith("\"t/\"\"q\"\"\",1,false,false,,14,\"two"), lines[1]);
        assertTrue(lines[2].startsWith("lines \\u001b[2J\",,"), lines[2]);
        assertTrue(lines[2].contains(",t,1,false,false,,2,,/wA=,"), lines[2]);
    }

    @Test
    void shouldAlignATable() {
        log.publish(7, "press-07", "plant/line3/rpm", 1, false, "1473");
        log.publish(8, "x", "t", 0, false, "long\u001b".repeat(20));
        final String[] lines = out("cat", "-o", "table").split("\n");
        assertEquals(
                List.of("time", "position", "type", "client", "user", "topic", "qos", "length", "about"),
                List.of(lines[0].split(" +")));
        assertEquals(lines[0].indexOf("topic"), lines[1].indexOf("plant/line3"));
        assertEquals(lines[0].indexOf("about"), lines[1].indexOf("1473"));
        assertTrue(lines[2].contains("long\\u001blong") && lines[2].endsWith("..."), lines[2]);
    }

    @Test
    void shouldPrintOneArrayOrNone() {
        assertEquals("[]\n", out("cat", "-o", "json"));
        log = new SmallLog(dir, START_NS);
        log.publish(7, "a", "t", 1, false, "1");
        log.publish(7, "a", "t", 1, false, "2");
        final String json = out("cat", "-o", "json");
        assertTrue(json.startsWith("[{\"time\":") && json.endsWith("}]\n") && json.contains("},{"), json);
        assertEquals("", out("cat", "-o", "ndjson", "-t", "nothing"));
    }

    @Test
    void shouldFindByPattern() {
        log.publish(7, "a", "plant/rpm", 1, false, "Speed 1473");
        log.publish(7, "a", "plant/temp", 1, false, "warm");
        log.publish(7, "a", "plant/raw", 1, false, new byte[] {(byte) 0xFF});
        assertTrue(out("grep", "[0-9]{4}$").endsWith("  plant/rpm  10 B  Speed 1473\n"));
        assertEquals(ExitCode.FAILED, run("grep", "speed").exitCode());
        assertEquals("1\n", out("grep", "-i", "-c", "speed"));
        assertEquals("2\n", out("grep", "-v", "-c", "Speed"));
        assertEquals("3\n", out("grep", "--in", "topic", "-c", "plant"));
        assertEquals("2\n", out("grep", "--in", "both", "-c", "temp|Speed"));
        assertEquals("2\n", out("grep", "-n", "2", "-c", "--in", "topic", "plant"), "-n counts what is found");
        final CommandRun none = run("grep", "-c", "absent");
        assertEquals(ExitCode.FAILED, none.exitCode());
        assertEquals("0\n", none.out());
        final CommandRun wrong = run("grep", "(");
        assertEquals(ExitCode.USAGE, wrong.exitCode());
        assertTrue(wrong.err().contains("Unclosed group near character 1"), wrong.err());
        assertEquals(ExitCode.USAGE, run("grep").exitCode());
    }

    @Test
    void shouldCountByTypeQosTopicClientAndUser() {
        for (int i = 0; i < 3; i++) {
            log.publish(7, "a", "plant/rpm", 1, false, "1473");
        }
        log.nextBlock(START_NS + 2_000_000_000L);
        log.publish(8, "b", "plant/temp", 0, false, "20");
        log.authFailed("guest", 0x87);
        final List<String> lines = out("stats", "-o", "csv").lines().toList();
        assertEquals("by,name,records,bytes,payload_bytes,first,last,per_second", lines.get(0));
        assertTrue(
                lines.get(1).matches("total,,4,\\d+,14," + TIME + ",2026-11-23T08:14:09.118204Z,1\\.500"),
                lines.get(1));
        assertEquals(
                List.of(
                        "type,publish,4",
                        "qos,1,3",
                        "qos,0,1",
                        "topic,plant/rpm,3",
                        "topic,plant/temp,1",
                        "client,a,3",
                        "client,b,1",
                        "user,alice,4"),
                lines.stream()
                        .skip(2)
                        .map(line -> line.replaceAll("^((?:[^,]*,){2}[^,]*).*", "$1"))
                        .toList());
        assertTrue(out("stats", "--all", "-o", "csv").contains("type,auth-failed,1,"));
        final String capped = out("stats", "--max-names", "1", "-o", "csv");
        assertTrue(capped.contains("\"topic, others\",,1,"), capped);
        assertFalse(out("stats", "--top", "1", "-o", "csv").contains("plant/temp"));
    }

    @Test
    void shouldSayWhatTheLogIsAndWhoUsesIt() {
        log.publish(7, "a", "t", 1, false, "m");
        log.nextBlock(START_NS + 1_000);
        final CommandRun running = CommandRun.of("log", "info", "--data", dir.toString());
        assertTrue(
                running.out()
                        .contains(
                                "broker          pid " + ProcessHandle.current().pid()),
                running.out());
        final String text = out("info");
        assertTrue(text.contains("broker          -\n"), text);
        assertTrue(text.contains("first_position  0\n"), text);
        assertTrue(text.contains("first_time      " + TIME + "\n"), text);
        assertTrue(text.contains("segments        1\nrecords         1\n"), text);
        assertTrue(text.contains("gaps            0\n"), text);
        assertTrue(out("info", "-o", "ndjson").contains("\"segments\":1,\"records\":1,"));
    }

    @Test
    void shouldPrintTheLastOverSegments() {
        final byte[] large = new byte[40 << 10];
        int written = 0;
        while (log.segments() < 3) {
            log.publish(7, "a", "n/" + written++, 1, false, large);
            log.nextBlock(START_NS + written);
        }
        assertEquals(last(written, 10), topics(out("tail")));
        assertEquals(last(written, written - 2), topics(out("tail", "-n", Integer.toString(written - 2))));
        assertEquals(last(written, written), topics(out("tail", "-n", "1000000")));
        assertEquals(List.of("n/0"), topics(out("tail", "-n", "5", "-t", "n/0")));
        assertEquals(List.of(), topics(out("tail", "-n", "0")));
        assertEquals(last(written - 1, 1), topics(out("tail", "-n", "1", "-t", "n/" + (written - 2))));
        assertEquals(ExitCode.USAGE, run("tail", "-f", "-o", "json").exitCode());
    }

    private static List<String> last(final int written, final int count) {
        return Stream.iterate(written - count, i -> i + 1)
                .limit(count)
                .map(i -> "n/" + i)
                .toList();
    }

    private static List<String> topics(final String out) {
        return out.lines().map(line -> line.split("  ")[4]).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls", "info", "stats", "cat", "tail", "grep", "get"})
    void shouldExplainItselfAndSayWhenThereIsNoLog(final String verb) {
        final CommandRun help = CommandRun.of("log", verb, "--help");
        assertEquals(ExitCode.OK, help.exitCode());
        assertTrue(help.out().startsWith("Usage: ringmain log " + verb), help.out());
        final Path none = dir.resolve("none");
        final String argument = "grep".equals(verb) ? "x" : "@0";
        final CommandRun run = "grep".equals(verb) || "get".equals(verb)
                ? CommandRun.of("log", verb, "--data", none.toString(), argument)
                : CommandRun.of("log", verb, "--data", none.toString());
        assertEquals(ExitCode.NOT_FOUND, run.exitCode());
        assertEquals("ringmain: no log in " + none.toAbsolutePath() + "\n", run.err());
        assertEquals("", run.out());
    }
}
