package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code log verify}: the head of the hash chain, anchors, salvaged gaps, exit codes. */
class LogVerifyTest {
    private static final long START_NS = 1_795_421_647_118_204_000L;

    @TempDir
    private Path dir;

    private long second;
    private long end;

    @BeforeEach
    void write() {
        try (SmallLog log = new SmallLog(dir, START_NS)) {
            log.publish(1, "c", "t", 1, false, "first");
            log.nextBlock(START_NS + 1000);
            second = log.publish(1, "c", "t", 1, false, "second");
            log.nextBlock(START_NS + 2000);
            end = log.publish(1, "c", "t", 1, false, "third") + second;
        }
    }

    private CommandRun verify(final String... options) {
        return CommandRun.of(Stream.concat(Stream.of("log", "verify", "--data", dir.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static String head(final CommandRun run) {
        final Matcher head =
                Pattern.compile("head ([0-9a-f]{64}) at position (\\d+)").matcher(run.out());
        assertTrue(head.find(), run.out());
        return head.group(2) + ":" + head.group(1);
    }

    private void open(final boolean salvage) {
        ChronicleMessageLog.open(new LogContext()
                        .dataDir(dir)
                        .segmentBytes(1 << 20)
                        .maxRecordLength(64 << 10)
                        .salvage(salvage))
                .close();
    }

    private void alter(final String text, final String other) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            final List<Path> segments =
                    files.filter(file -> file.toString().endsWith(".cq4")).toList();
            final Path segment = segments.get(segments.size() - 1);
            final String bytes = Files.readString(segment, StandardCharsets.ISO_8859_1);
            assertTrue(bytes.contains(text));
            Files.writeString(segment, bytes.replace(text, other), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void shouldPrintTheHeadAndHoldItAgainstTheLogLater() {
        final CommandRun run = verify();
        assertEquals(ExitCode.OK, run.exitCode());
        assertTrue(run.err().contains(" MB/s"), run.err());
        final String anchor = head(run);
        open(false);
        final CommandRun later = verify("--anchor", anchor);
        assertEquals(ExitCode.OK, later.exitCode(), later.out());
        assertTrue(later.out().contains("anchor " + anchor + " holds"), later.out());
        assertEquals(anchor, head(later), "sealing changes nothing");
    }

    @Test
    void shouldExitWith6WhenTheAnchorDoesNotHold() {
        final String anchor = head(verify());
        final String other = anchor.substring(0, anchor.length() - 1) + (anchor.endsWith("0") ? "1" : "0");
        final CommandRun altered = verify("--anchor", other);
        assertEquals(ExitCode.DAMAGED, altered.exitCode());
        assertTrue(altered.out().contains("anchor: the chain has "), altered.out());
        final String hash = anchor.substring(anchor.indexOf(':'));
        final CommandRun inside = verify("--anchor", second + 8 + hash);
        assertEquals(ExitCode.DAMAGED, inside.exitCode());
        assertTrue(inside.out().contains("anchor: no block begins there"), inside.out());
        final CommandRun behind = verify("--anchor", end + 80 + hash);
        assertEquals(ExitCode.DAMAGED, behind.exitCode());
        assertTrue(behind.out().contains("anchor: behind the end of the log"), behind.out());
        assertEquals(ExitCode.USAGE, verify("--anchor", "12").exitCode());
    }

    @Test
    void shouldNameSalvagedGapsAndBeStrictOtherwise() throws IOException {
        alter("second", "sEcond");
        assertEquals(ExitCode.DAMAGED, verify().exitCode());
        open(true);
        final CommandRun run = verify();
        assertEquals(ExitCode.OK, run.exitCode(), run.out());
        assertTrue(run.out().startsWith("salvaged gap: segment "), run.out());
        assertTrue(run.out().contains("positions " + second + " to " + 2 * second), run.out());
        assertTrue(run.out().contains("intact but for 1 salvaged gaps: 1 segments, 2 blocks, 2 records"), run.out());
        alter("third", "tHird");
        final CommandRun again = verify();
        assertEquals(ExitCode.DAMAGED, again.exitCode());
        assertTrue(again.out().contains("damaged, 1 found"), again.out());
    }
}
