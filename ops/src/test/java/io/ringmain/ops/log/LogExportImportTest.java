package io.ringmain.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogExportImportTest {
    private static final long START_NS = 1_795_421_647_118_204_000L;

    @TempDir
    private Path dir;

    private Path data;
    private Path file;
    private Path imported;
    private long second;

    @BeforeEach
    void write() {
        data = dir.resolve("data");
        file = dir.resolve("incident.archive");
        imported = dir.resolve("imported");
        try (SmallLog log = new SmallLog(data, START_NS)) {
            log.connect(1, "a");
            log.publish(1, "a", "x/1", 1, true, "1");
            second = log.publish(1, "b", "x/2", 2, false, "two\nlines");
            log.nextBlock(START_NS + 60_000_000_000L);
            log.publish(1, "a", "y/1", 0, false, new byte[] {(byte) 0xFF, 0});
            log.disconnect(1, "a");
        }
    }

    private static CommandRun run(final String... arguments) {
        return CommandRun.of(arguments);
    }

    private CommandRun export(final String... options) {
        return run(Stream.concat(
                        Stream.of("log", "export", file.toString(), "--data", data.toString()), Stream.of(options))
                .toArray(String[]::new));
    }

    private CommandRun importIt() {
        return run("log", "import", file.toString(), "--data", imported.toString());
    }

    private String cat(final Path from, final String... options) {
        return run(Stream.concat(Stream.of("log", "cat", "--data", from.toString(), "-o", "ndjson"), Stream.of(options))
                        .toArray(String[]::new))
                .out();
    }

    @Test
    void shouldReadTheSameFromWhatWasImported() {
        final CommandRun exported = export("--all");
        assertEquals(ExitCode.OK, exported.exitCode(), exported.err());
        assertTrue(exported.out().startsWith("exported 5 records, positions 0 to "), exported.out());
        final CommandRun run = importIt();
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.out().contains("\nselection: --data " + data + " --all\n"), run.out());
        assertEquals(cat(data, "--all"), cat(imported, "--all"));
        assertEquals(cat(data, "-t", "x/2"), cat(imported, "-t", "x/2"));
        assertEquals(
                ExitCode.OK, run("log", "verify", "--data", imported.toString()).exitCode());
        assertEquals(
                "two\nlines",
                run("log", "get", "@" + second, "--payload", "--data", imported.toString())
                        .out());
    }

    @Test
    void shouldHoldTheSelectionAlone() {
        assertTrue(export("-t", "x/#", "-q", "2").out().startsWith("exported 1 records, positions " + second));
        importIt();
        assertEquals(cat(data, "-t", "x/2"), cat(imported, "--all"));
    }

    @Test
    void shouldTakeAlongWhatAMessageCantBeUnderstoodWithout() {
        data = dir.resolve("notes");
        final long refused;
        try (SmallLog log = new SmallLog(data, START_NS)) {
            final long connect = log.connectWithWill(1, "w", "last/words", "farewell");
            log.publish(1, "a", "x/other", 1, false, "between");
            refused = log.publish(1, "a", "x/refused", 1, false, "no");
            log.publish(1, "a", "x/taken", 1, false, "yes");
            log.notTaken(refused, ReasonCode.QUOTA_EXCEEDED);
            log.willPublished(log.disconnect(1, "w"), connect, "last/words", "w");
            log.publish(1, "a", "x/other", 1, false, "behind");
        }
        assertTrue(export("-t", "x/refused", "-t", "x/taken", "-t", "last/#")
                .out()
                .startsWith("exported 5 records, positions 0 to "));
        importIt();
        assertEquals(cat(data, "-t", "x/refused", "-t", "x/taken", "-t", "last/#"), cat(imported));
        assertTrue(cat(imported, "-t", "x/refused").contains("quota exceeded"), cat(imported));
        assertTrue(cat(imported, "-t", "last/words").contains("farewell"), cat(imported));
        assertEquals("", cat(imported, "-t", "x/other"));
    }

    @Test
    void shouldHoldNoMoreThanWasAskedFor() {
        assertTrue(export("-n", "2").out().startsWith("exported 2 records, positions "));
        importIt();
        assertEquals(cat(data, "-n", "2"), cat(imported, "--all"));
    }

    @Test
    void shouldOverwriteNothing() throws IOException {
        Files.writeString(file, "precious");
        assertEquals(ExitCode.REFUSED, export().exitCode());
        assertEquals("precious", Files.readString(file));
        Files.delete(file);
        export();
        assertEquals(
                ExitCode.REFUSED,
                run("log", "import", file.toString(), "--data", data.toString()).exitCode());
        assertEquals(ExitCode.OK, importIt().exitCode());
        assertEquals(ExitCode.REFUSED, importIt().exitCode());
    }

    @Test
    void shouldSayWhatIsDamaged() throws IOException {
        export();
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        final CommandRun run = importIt();
        assertEquals(ExitCode.DAMAGED, run.exitCode());
        assertTrue(run.err().contains("damaged archive " + file), run.err());
        assertFalse(Files.exists(imported));
    }

    @Test
    void shouldSayWhatIsNotThere() {
        assertEquals(ExitCode.NOT_FOUND, importIt().exitCode());
        assertEquals(
                ExitCode.NOT_FOUND,
                run(
                                "log",
                                "export",
                                file.toString(),
                                "--data",
                                dir.resolve("no").toString())
                        .exitCode());
        assertFalse(Files.exists(file));
        assertEquals(ExitCode.USAGE, export("--from", "yesterday").exitCode());
        assertEquals(ExitCode.USAGE, run("log", "import", file.toString()).exitCode());
    }

    @Test
    void shouldSayWhereItCantWrite() {
        file = dir.resolve("no").resolve("where");
        final CommandRun run = export();
        assertEquals(ExitCode.FAILED, run.exitCode());
        assertTrue(run.err().contains("can't write " + file), run.err());
    }

    @Test
    void shouldTellHowFarItIs() {
        try (ByteProgress progress = new ByteProgress("import")) {
            assertEquals(
                    "import  25%  256 MB/1,024 MB  128 MB/s  eta 6 s",
                    progress.line(256L << 20, 1024L << 20, 2_000_000_000L));
        }
    }
}
