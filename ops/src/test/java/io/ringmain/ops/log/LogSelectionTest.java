package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.storage.log.LogInspector;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is asked for, with what can be told only by other records: wills, and messages that were not taken. */
class LogSelectionTest {
    private static final long START_NS = 1_795_421_647_118_204_000L;

    @TempDir
    private Path dir;

    private SmallLog log;

    @BeforeEach
    void write() {
        log = new SmallLog(dir, START_NS);
    }

    private CommandRun run(final String verb, final String... options) {
        log.close();
        return CommandRun.of(Stream.concat(Stream.of("log", verb, "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private List<String> cat(final String... options) {
        final CommandRun run = run("cat", options);
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        return run.out().lines().map(line -> line.split("  ", 3)[2]).toList();
    }

    @Test
    void shouldTakeOneOfTheValuesOfAnOptionAndAllOptions() {
        log.publish(1, "a", "x/1", 0, false, "1");
        log.publish(1, "b", "x/2", 1, false, "2");
        log.publish(1, "c", "y/1", 2, false, "3");
        assertEquals(2, cat("-t", "x/1", "-t", "y/#").size());
        assertEquals(2, cat("--client", "a", "--client", "c").size());
        assertEquals(List.of("PUB q2  c  y/1  1 B  3"), cat("--client", "a", "--client", "c", "-t", "y/+"));
        assertEquals(2, cat("-q", "0", "-q", "2").size());
        assertEquals(2, cat("-q", "0,1").size());
        assertEquals(3, cat("--user", "alice").size());
        assertEquals(List.of(), cat("--user", "bob"));
        assertEquals(List.of(), cat("-n", "0"));
    }

    @Test
    void shouldSelectByType() {
        log.connect(7, "press-07");
        log.subscribe(7, "press-07", "plant/+/rpm", 1);
        log.subscribe(7, "press-07", "office/#", 0);
        log.subscribe(7, "press-07", "$share/group/lab/+", 0);
        log.publish(7, "press-07", "t", 1, false, "m");
        log.authFailed("guest", ReasonCode.NOT_AUTHORIZED);
        log.admin("operator", "snapshot on command");
        log.disconnect(7, "press-07");
        assertEquals(List.of("AUTH_FAILED  guest  not authorized"), cat("--type", "auth-failed"));
        assertEquals(2, cat("--type", "connect,disconnect").size());
        assertEquals(2, cat("--type", "admin", "--type", "PUBLISH").size());
        assertEquals(List.of("SUB  press-07  plant/+/rpm q1"), cat("--type", "subscribe", "-t", "plant/#"));
        assertEquals(1, cat("--type", "subscribe", "-t", "plant/line3/rpm").size());
        assertEquals(0, cat("--type", "subscribe", "-t", "plant/line3").size());
        assertEquals(1, cat("--type", "subscribe", "-t", "lab/#").size());
        assertEquals(1, cat("--type", "subscribe", "-t", "lab/door").size());
        assertEquals(8, cat("--all").size());
        assertEquals(1, cat("--all", "--client", "guest").size());
        final CommandRun run = run("cat", "--type", "nonsense");
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(run.err().contains("expected one of publish, will, connect,"), run.err());
    }

    @Test
    void shouldShowAWillWhereItWasPublished() {
        final long connect = log.connectWithWill(7, "press-07", "plant/dead", "gone");
        log.publish(8, "b", "t", 1, false, "between");
        final long lost = log.disconnect(7, "press-07");
        final long will = log.willPublished(lost, connect, "plant/dead", "press-07");
        assertEquals(List.of("PUB q1  b  t  7 B  between", "WILL q1 r  press-07  plant/dead  4 B  gone"), cat());
        assertEquals(1, cat("-t", "plant/#", "--user", "alice", "-q", "1").size());
        assertEquals(1, cat("--type", "will", "--client", "press-07").size());
        assertEquals(
                List.of("WILL q1 r  press-07 by alice@10.0.0.7:5 on local  plant/dead  4 B  gone"),
                cat("--type", "will", "--who"));
        assertEquals("gone", run("get", "@" + will, "--payload").out());
        final String json = run("get", "@" + will).out();
        assertTrue(json.contains("\"type\":\"will\",\"client\":\"press-07\",\"user\":\"alice\""), json);
        assertTrue(json.contains("\"payload\":\"gone\",\"cause\":" + lost + "}"), json);
    }

    @Test
    void shouldSayOfAWillWhoseConnectIsGoneWhatTheNoteSays() {
        log.publish(8, "b", "t", 1, false, "m");
        log.willPublished(0, 0, "plant/dead", "press-07");
        assertEquals(
                List.of("WILL  press-07  plant/dead  content no longer in the log"),
                cat("--client", "press-07", "-t", "plant/dead"));
    }

    @Test
    void shouldSayWhatWasNotTaken() {
        final long first = log.publish(7, "press-07", "t", 2, false, "first");
        final long again = log.publish(7, "press-07", "t", 2, false, "again");
        log.publish(7, "press-07", "t", 2, false, "third");
        log.notTaken(again, ReasonCode.QUOTA_EXCEEDED);
        assertEquals(
                List.of(
                        "PUB q2  press-07  t  5 B  first",
                        "PUB q2  press-07  t  5 B  again not taken: quota exceeded",
                        "PUB q2  press-07  t  5 B  third"),
                cat());
        assertEquals(2, cat("-n", "2").size());
        assertTrue(run("get", "@" + again).out().contains("\"not_taken\":\"quota exceeded\""));
        assertTrue(!run("get", "@" + first).out().contains("not_taken"));
        assertEquals(ExitCode.FAILED, run("grep", "again").exitCode());
        assertEquals("1\n", run("grep", "again", "--all", "-c").out());
        assertEquals(
                "2\n",
                run("grep", "-v", "third", "-c", "--all", "--type", "publish").out());
        assertEquals("2\n", run("grep", "", "-c").out());
        assertTrue(
                run("stats", "-o", "csv").out().contains("total,,2,"),
                run("stats", "-o", "csv").out());
        assertEquals(List.of("NOT_TAKEN  -  @" + again + " quota exceeded"), cat("--type", "not-taken"));
    }

    @Test
    void shouldFindTheNoteInASegmentThatHoldsNothingElseOfTheSelection() {
        log.close();
        log = new SmallLog(dir, START_NS, true);
        final long position = log.publish(7, "press-07", "wanted", 1, false, "m");
        final byte[] large = new byte[40 << 10];
        while (log.segments() < 2) {
            log.nextBlock(START_NS);
            log.publish(8, "other", "else", 1, false, large);
        }
        log.notTaken(position, ReasonCode.QUOTA_EXCEEDED);
        while (log.segments() < 4) {
            log.nextBlock(START_NS);
            log.publish(8, "other", "else", 1, false, large);
        }
        assertEquals(List.of("PUB q1  press-07  wanted  1 B  m not taken: quota exceeded"), cat("-t", "wanted"));
        assertEquals(List.of(), cat("-t", "wanted", "--from", "2027-01-01"));
        final Selection selection =
                CommandLine.populateCommand(new Selection(), "--data", dir.toString(), "-t", "wanted");
        final LogInspector inspector = selection.open();
        inspector.scan(0, selection.segments(), (at, buffer, offset, length) -> true);
        assertEquals(2, inspector.segmentsRead(), "the one that holds it, and the one that isn't sealed");
    }
}
