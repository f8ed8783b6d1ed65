package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    private static final int RECORDS = 500;
    private static final String TEXT = "node: test\nselection: every third\n";

    @TempDir
    private Path dir;

    private Path log;
    private Path file;
    private Path imported;

    @BeforeEach
    void writeLog() {
        log = dir.resolve("log-of-a-broker");
        file = dir.resolve("some.archive");
        imported = dir.resolve("imported");
        try (MessageLog messageLog = ChronicleMessageLog.open(TestRecords.context(log))) {
            new TestRecords().append(messageLog, 0, RECORDS, 7);
            messageLog.force();
        }
    }

    /** Number of each record by its position, every byte of it checked. */
    private static TreeMap<Long, Long> numbers(final Path dataDir) {
        final TreeMap<Long, Long> numbers = new TreeMap<>();
        LogInspector.open(dataDir).scan(0, (position, buffer, offset, length) -> {
            numbers.put(position, TestRecords.number(buffer, offset, length));
            return true;
        });
        return numbers;
    }

    private ArchiveSummary export() throws IOException {
        try (ArchiveWriter archive = new ArchiveWriter(file, TEXT)) {
            LogInspector.open(log).scan(0, (position, buffer, offset, length) -> {
                if (TestRecords.number(buffer, offset, length) % 3 == 0) {
                    add(archive, position, buffer, offset, length);
                }
                return true;
            });
            return archive.finish();
        }
    }

    private static void add(
            final ArchiveWriter archive,
            final long position,
            final org.agrona.DirectBuffer buffer,
            final int offset,
            final int length) {
        try {
            archive.add(position, 1_000_000L + position, buffer, offset, length);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    private static TreeMap<Long, Long> everyThird(final TreeMap<Long, Long> all) {
        final TreeMap<Long, Long> some = new TreeMap<>(all);
        some.values().removeIf(number -> number % 3 != 0);
        return some;
    }

    @Test
    void shouldKeepRecordsUnderTheirPositionsWithAllTheirBytes() throws IOException {
        final TreeMap<Long, Long> expected = everyThird(numbers(log));
        final ArchiveSummary written = export();
        final TreeMap<Long, Long> read = new TreeMap<>();
        try (ArchiveReader archive = ArchiveReader.open(file)) {
            archive.verify((done, total, records) -> {});
            assertEquals(written, archive.summary());
            archive.scan(0, (position, buffer, offset, length) -> {
                read.put(position, TestRecords.number(buffer, offset, length));
                return true;
            });
        }
        assertEquals(expected, read);
        assertEquals(TEXT, written.text());
        assertEquals(expected.size(), written.records());
        assertEquals(expected.firstKey(), written.firstPosition());
        assertTrue(written.nextPosition() > expected.lastKey());
        assertEquals(Files.size(file), written.fileBytes());
    }

    @Test
    void shouldReadOnFromAPosition() throws IOException {
        export();
        final List<Long> expected = new ArrayList<>(everyThird(numbers(log)).keySet());
        final long[] found = {-1};
        try (ArchiveReader archive = ArchiveReader.open(file)) {
            archive.scan(expected.get(10) + 1, (position, buffer, offset, length) -> {
                found[0] = position;
                return false;
            });
        }
        assertEquals(expected.get(11), found[0]);
    }

    @Test
    void shouldFindEachAlteredByte() throws IOException {
        export();
        final byte[] intact = Files.readAllBytes(file);
        for (int at = 0; at < intact.length; at += 101) {
            final byte[] altered = intact.clone();
            altered[at] ^= 1;
            assertDamaged(altered, "byte " + at);
        }
        final byte[] hash = intact.clone();
        hash[hash.length - 1] ^= 1;
        assertDamaged(hash, "the hash itself");
    }

    @Test
    void shouldFindWhatIsCutOrAppended() throws IOException {
        export();
        final byte[] intact = Files.readAllBytes(file);
        assertDamaged(java.util.Arrays.copyOf(intact, intact.length - 8), "cut");
        assertDamaged(java.util.Arrays.copyOf(intact, intact.length + 8), "longer");
        assertDamaged(new byte[0], "empty");
    }

    private void assertDamaged(final byte[] bytes, final String what) throws IOException {
        Files.write(file, bytes);
        final LogException ex =
                assertThrows(LogException.class, () -> ArchiveImport.run(file, imported, (done, all, n) -> {}), what);
        assertTrue(ex.isDamage(), what + ": " + ex.getMessage());
        assertFalse(Files.exists(imported), "a damaged archive makes nothing");
    }

    @Test
    void shouldBecomeADirectoryThatIsReadAsALog() throws IOException {
        final TreeMap<Long, Long> expected = everyThird(numbers(log));
        export();
        assertNull(ArchiveImport.obstacle(imported));
        ArchiveImport.run(file, imported, (done, total, records) -> {});
        assertEquals(expected, numbers(imported));
        final LogInspector.Summary summary = LogInspector.open(imported).verify(finding -> {}, (done, all, n) -> {});
        assertEquals(0, summary.findings());
        assertEquals(expected.size(), summary.keptRecords());
    }

    @Test
    void shouldBeSpreadOverFilesThatCanBeMapped() throws IOException {
        final TreeMap<Long, Long> expected = everyThird(numbers(log));
        export();
        ArchiveImport.run(file, imported, 4096, (done, total, records) -> {});
        assertEquals(expected, numbers(imported));
        assertTrue(LogInspector.open(imported).keptSummaries().size() > 3);
    }

    @Test
    void shouldNotBeServedFrom() throws IOException {
        export();
        ArchiveImport.run(file, imported, (done, total, records) -> {});
        final TreeMap<Long, Long> before = numbers(imported);
        final LogException ex = assertThrows(
                LogException.class,
                () -> ChronicleMessageLog.open(TestRecords.context(imported)).close());
        assertTrue(ex.getMessage().contains("were imported, to be read"), ex.getMessage());
        assertEquals(before, numbers(imported));
    }

    @Test
    void shouldNotBeImportedOverALogOrWhereABrokerRuns() throws IOException {
        assertTrue(ArchiveImport.obstacle(log).contains("there is a log in"));
        try (MessageLog open = ChronicleMessageLog.open(TestRecords.context(imported))) {
            assertEquals(0, open.appendPosition());
            assertTrue(ArchiveImport.obstacle(imported).contains("is in use"));
        }
    }

    @Test
    void shouldHoldNothingToo() throws IOException {
        try (ArchiveWriter archive = new ArchiveWriter(file, "")) {
            assertEquals(0, archive.finish().records());
        }
        ArchiveImport.run(file, imported, (done, total, records) -> {});
        assertEquals(new TreeMap<>(), numbers(imported));
    }

    @Test
    void shouldLeaveNoFileBehindThatWasNotFinished() throws IOException {
        final ArchiveWriter archive = new ArchiveWriter(file, TEXT);
        assertFalse(Files.exists(file));
        archive.close();
        assertFalse(Files.exists(file));
        assertFalse(Files.exists(dir.resolve("some.archive.tmp")));
    }
}
