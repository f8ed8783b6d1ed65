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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Segments go, and what is live in them stays. */
class KeptRecordsTest {
    /** About eight segments of one MiB. */
    private static final int COUNT = 60_000;

    private static final int EVERY = 999;

    private static final Retention NOTHING_MORE = new Retention(0, Long.MAX_VALUE, 0);
    private static final Retention SMALL = new Retention(Long.MAX_VALUE, 1, 0);

    private final TestRecords records = new TestRecords();
    private final List<String> events = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    @TempDir
    private Path dir;

    /** What the process dies of. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private ChronicleMessageLog open() {
        return ChronicleMessageLog.open(TestRecords.context(dir).eventLog(events::add));
    }

    private ChronicleMessageLog openFilled() {
        final ChronicleMessageLog log = open();
        positions.addAll(records.append(log, 0, COUNT, 64));
        return log;
    }

    private LivePositions live(final int from, final int to, final int every) {
        final LivePositions live = new LivePositions();
        for (int i = from; i < to; i += every) {
            live.accept(positions.get(i));
        }
        return live;
    }

    /** Sealed segments are moved in the background; those that can go do so in the end. */
    private static int truncateAll(final MessageLog log, final LivePositions live, final Retention retention) {
        int removed = 0;
        while (log.usage().segments() > 1) {
            removed += log.truncate(Long.MAX_VALUE, live, retention, Long.MAX_VALUE);
        }
        return removed;
    }

    private void assertReadable(final LogReader reader, final int number) {
        final boolean[] seen = {false};
        assertTrue(
                reader.read(positions.get(number), (position, buffer, offset, length) -> {
                    assertEquals(number, TestRecords.number(buffer, offset, length));
                    assertEquals(positions.get(number), position);
                    seen[0] = true;
                    return true;
                }),
                "record " + number);
        assertTrue(seen[0]);
    }

    private boolean isReadable(final LogReader reader, final int number) {
        return reader.read(positions.get(number), (position, buffer, offset, length) -> true);
    }

    private void assertAllReadable(final LogReader reader, final int from, final int to, final int every) {
        for (int i = from; i < to; i += every) {
            assertReadable(reader, i);
        }
    }

    private List<Path> files(final String suffix) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private LogInspector.Summary verify(final List<LogFinding> findings) {
        return LogInspector.open(dir).verify(findings::add, (done, total, count) -> {});
    }

    private void assertIntact() {
        final List<LogFinding> findings = new ArrayList<>();
        verify(findings);
        assertEquals(List.of(), findings);
    }

    @Test
    void shouldKeepLiveRecordsUnderTheirPositions() throws IOException {
        try (ChronicleMessageLog log = openFilled();
                LogReader before = log.newReader()) {
            assertReadable(before, 0);
            assertTrue(truncateAll(log, live(0, COUNT, EVERY), NOTHING_MORE) > 5);
            assertEquals(1, log.usage().segments());
            final int first = positions.indexOf(log.firstPosition());
            final int kept = (first + EVERY - 1) / EVERY;
            assertEquals(kept, log.usage().keptRecords());
            try (LogReader after = log.newReader()) {
                assertAllReadable(before, 0, COUNT, EVERY);
                assertAllReadable(after, 0, COUNT, EVERY);
                for (int i = 0; i < first; i += 13) {
                    assertEquals(i % EVERY == 0, isReadable(after, i), "record " + i);
                }
                assertFalse(after.read(positions.get(EVERY) + 8, (p, b, o, l) -> true));
            }
            records.append(log, COUNT, 10, 5);
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertAllReadable(reader, 0, COUNT, EVERY);
            assertEquals(1, log.usage().keptFiles());
        }
        assertIntact();
    }

    @Test
    void shouldLeaveNothingDeadWhenRetentionKeepsNothing() throws IOException {
        try (ChronicleMessageLog log = openFilled();
                LogReader reader = log.newReader()) {
            truncateAll(log, live(0, COUNT, EVERY), NOTHING_MORE);
            final byte[] second = recordBytes(EVERY);
            assertTrue(isOnDisk(second));
            final LivePositions allButOne = live(0, EVERY, EVERY);
            live(2 * EVERY, COUNT, EVERY).forEach(allButOne);
            log.truncate(0, allButOne, NOTHING_MORE, Long.MAX_VALUE);
            assertFalse(isOnDisk(second));
            assertFalse(isReadable(reader, EVERY));
            assertReadable(reader, 0);
            assertAllReadable(reader, 2 * EVERY, COUNT, EVERY);
            log.truncate(0, new LivePositions(), NOTHING_MORE, Long.MAX_VALUE);
            assertEquals(List.of(), files(".kept"));
            assertFalse(isReadable(reader, 0));
        }
    }

    private byte[] recordBytes(final int number) {
        final int length = records.make(number);
        final byte[] bytes = new byte[length - 8];
        records.buffer.getBytes(8, bytes);
        return bytes;
    }

    private boolean isOnDisk(final byte[] wanted) throws IOException {
        final String text = new String(wanted, java.nio.charset.StandardCharsets.ISO_8859_1);
        try (Stream<Path> all = Files.walk(dir)) {
            for (final Path file : all.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                        .contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void shouldWriteAFileAnewWhenLessThanHalfOfItIsLive() throws IOException {
        try (ChronicleMessageLog log = openFilled();
                LogReader reader = log.newReader()) {
            truncateAll(log, live(0, COUNT, EVERY), SMALL);
            final long bytes = log.usage().keptBytes();
            final int first = positions.indexOf(log.firstPosition());
            log.truncate(0, live(0, first * 3 / 4, EVERY), SMALL, Long.MAX_VALUE);
            assertEquals(bytes, log.usage().keptBytes(), "three quarters are live");
            log.truncate(0, live(0, first / 4, EVERY), SMALL, Long.MAX_VALUE);
            assertTrue(log.usage().keptBytes() < bytes / 2, "a quarter is live");
            assertAllReadable(reader, 0, first / 4, EVERY);
        }
        assertIntact();
    }

    @Test
    void shouldMergeSmallFilesSoThatTheirNumberStaysBounded() throws IOException {
        try (ChronicleMessageLog log = openFilled()) {
            truncateAll(log, live(0, COUNT, 3), NOTHING_MORE);
            final LogUsage usage = log.usage();
            final long bound = 1 + 2 * usage.keptBytes() / (512 << 10);
            assertTrue(usage.keptFiles() > 1 && usage.keptFiles() <= bound, usage.toString());
            try (LogReader reader = log.newReader()) {
                assertAllReadable(reader, 0, COUNT, 3);
                log.truncate(0, live(0, COUNT, EVERY), NOTHING_MORE, Long.MAX_VALUE);
                assertEquals(1, log.usage().keptFiles());
                assertAllReadable(reader, 0, COUNT, EVERY);
            }
        }
        assertIntact();
    }

    /** The process ends at a step of truncation; the next one must find everything that is live, and go on. */
    @ParameterizedTest
    @EnumSource
    void shouldSurviveTheDeathOfTheProcessAfterAnyStep(final TruncationStep last) throws IOException {
        openFilled().close();
        boolean died = true;
        int deaths = 0;
        while (died) {
            died = dieAt(last, deaths + 1);
            deaths += died ? 1 : 0;
            try (ChronicleMessageLog log = open();
                    LogReader reader = log.newReader()) {
                assertAllReadable(reader, 0, COUNT, EVERY);
                assertEquals(List.of(), files(".tmp"));
                assertFewerRecordsThanBefore(log);
            }
            assertIntact();
        }
        assertTrue(deaths > 0, "never came to " + last);
    }

    private long recordsBefore = COUNT;

    /** No record counts twice, in a segment and among the kept ones, or in two files. */
    private void assertFewerRecordsThanBefore(final ChronicleMessageLog log) {
        final List<Long> seen = new ArrayList<>();
        LogInspector.open(dir).scan(0, (position, buffer, offset, length) -> seen.add(position));
        assertEquals(seen.stream().sorted().distinct().toList(), seen);
        assertTrue(seen.size() <= recordsBefore);
        recordsBefore = seen.size();
        final LogInspector.Summary summary = verify(new ArrayList<>());
        assertEquals(seen.size(), summary.records() + summary.keptRecords());
        assertEquals(log.usage().keptRecords(), summary.keptRecords());
    }

    /** False if truncation came to its end without that step. */
    private boolean dieAt(final TruncationStep last, final int occurrence) {
        final int[] left = {occurrence % 3 + 1};
        final LogContext context = TestRecords.context(dir)
                .eventLog(events::add)
                .truncationSteps(step -> {
                    if (step == last && --left[0] == 0) {
                        throw new Killed();
                    }
                });
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context)) {
            truncateAll(log, live(0, COUNT, EVERY), NOTHING_MORE);
            return false;
        } catch (final Killed ex) {
            return true;
        }
    }

    @Test
    void shouldTryAgainWhenASegmentCantBeDeleted() {
        openFilled().close();
        final int[] failures = {2};
        final LogContext context = TestRecords.context(dir)
                .eventLog(events::add)
                .truncationSteps(step -> {
                    if (step == TruncationStep.SEGMENT_UNLISTED && failures[0]-- > 0) {
                        throw new LogException("the device is busy");
                    }
                });
        final LivePositions live = live(0, COUNT, EVERY);
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context);
                LogReader reader = log.newReader()) {
            for (int i = 0; i < 2; i++) {
                assertEquals(0, log.truncate(Long.MAX_VALUE, live, NOTHING_MORE, Long.MAX_VALUE));
                assertAllReadable(reader, 0, COUNT, EVERY);
            }
            assertTrue(events.toString().contains("the device is busy"), events.toString());
            assertTrue(truncateAll(log, live, NOTHING_MORE) > 5);
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertAllReadable(reader, 0, COUNT, EVERY);
        }
        assertIntact();
    }

    @Test
    void shouldTakeTheMergedFileWhenItsSourcesAreStillThere() throws IOException {
        try (ChronicleMessageLog log = openFilled()) {
            truncateAll(log, live(0, COUNT, 3), NOTHING_MORE);
        }
        final List<Path> sources = files(".kept");
        final List<byte[]> contents = new ArrayList<>();
        for (final Path source : sources) {
            contents.add(Files.readAllBytes(source));
        }
        try (ChronicleMessageLog log = open()) {
            log.truncate(0, live(0, COUNT, EVERY), NOTHING_MORE, Long.MAX_VALUE);
        }
        for (int i = 0; i < sources.size(); i++) {
            Files.write(sources.get(i), contents.get(i));
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(1, files(".kept").size());
            assertAllReadable(reader, 0, COUNT, EVERY);
            assertFalse(isReadable(reader, 3));
        }
    }

    @Test
    void shouldHandOutKeptRecordsBeforeTheSegments() throws IOException {
        try (ChronicleMessageLog log = openFilled()) {
            truncateAll(log, live(0, COUNT, EVERY), NOTHING_MORE);
            final int first = positions.indexOf(log.firstPosition());
            final List<Long> expected = new ArrayList<>();
            for (int i = 0; i < first; i += EVERY) {
                expected.add((long) i);
            }
            for (int i = first; i < COUNT; i++) {
                expected.add((long) i);
            }
            final LogInspector inspector = LogInspector.open(dir);
            assertEquals(expected, scan(inspector, 0));
            assertEquals(expected.subList(2, expected.size()), scan(inspector, positions.get(EVERY) + 8));
            assertEquals(List.of((long) COUNT - 1), scan(inspector, positions.get(COUNT - 1)));
            final long behind = inspector.scan(0, (p, b, o, l) -> false);
            assertEquals(positions.get(1), behind, "stops behind the first record");
            assertEquals(1, inspector.keptSummaries().size());
            assertEquals(
                    (first + EVERY - 1) / EVERY,
                    inspector.keptSummaries().get(0).records());
        }
    }

    private static List<Long> scan(final LogInspector inspector, final long from) {
        final List<Long> numbers = new ArrayList<>();
        inspector.scan(
                from, (position, buffer, offset, length) -> numbers.add(TestRecords.number(buffer, offset, length)));
        return numbers;
    }

    @Test
    void shouldFindAnyFlippedByteOfAKeptRecordAndSayWhere() throws IOException {
        try (ChronicleMessageLog log = openFilled()) {
            truncateAll(log, live(0, COUNT, 10 * EVERY), NOTHING_MORE);
        }
        final Path file = files(".kept").get(0);
        final byte[] intact = Files.readAllBytes(file);
        for (int at = 0; at < intact.length; at++) {
            final byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            final List<LogFinding> findings = new ArrayList<>();
            verify(findings);
            assertFalse(findings.isEmpty(), "flip at byte " + at + " was not found");
            assertEquals(file, findings.get(0).segment());
        }
        intact[KeptDescriptor.COUNT_OFFSET]++;
        Files.write(file, intact);
        final LogException refused = assertThrows(LogException.class, this::open);
        assertTrue(refused.isDamage(), refused.getMessage());
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void shouldPutASegmentAsideThatHasLiveRecordsWhichCantBeRead() throws IOException {
        openFilled().close();
        final LivePositions live = live(0, COUNT, EVERY);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            final Path oldest = LogInspector.open(dir).segments().get(0);
            final byte[] bytes = Files.readAllBytes(oldest);
            final String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            final int at = text.indexOf(new String(recordBytes(EVERY), java.nio.charset.StandardCharsets.ISO_8859_1));
            bytes[at + 9] ^= 1;
            Files.write(oldest, bytes);
            log.truncate(Long.MAX_VALUE, live, NOTHING_MORE, Long.MAX_VALUE);
            assertEquals(1, files(".cq4.quarantined").size());
            assertFalse(isReadable(reader, EVERY));
            assertReadable(reader, 0);
            assertReadable(reader, 2 * EVERY);
        }
        assertTrue(events.toString().contains("can't be read"), events.toString());
    }

    @Test
    void shouldPutKeptRecordsAsideWhoseLogIsGone() throws IOException {
        try (ChronicleMessageLog log = openFilled()) {
            truncateAll(log, live(0, COUNT, EVERY), NOTHING_MORE);
        }
        for (final Path segment : LogInspector.open(dir).segments()) {
            Files.delete(segment);
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            records.append(log, 0, 10, 5);
            assertEquals(0, log.usage().keptFiles());
            assertFalse(isReadable(reader, EVERY));
        }
        assertEquals(1, files(".kept.quarantined").size());
    }

    @Test
    void shouldLetGoOfFilesThatAreGone() throws IOException {
        final Path maps = Path.of("/proc/self/maps");
        Assumptions.assumeTrue(Files.isReadable(maps), "needs to see what is mapped");
        try (ChronicleMessageLog log = openFilled();
                LogReader reader = log.newReader()) {
            assertAllReadable(reader, 0, COUNT, EVERY);
            final LivePositions live = live(0, COUNT, EVERY);
            truncateAll(log, live, NOTHING_MORE);
            assertAllReadable(reader, 0, COUNT, EVERY);
            log.truncate(0, new LivePositions(), NOTHING_MORE, Long.MAX_VALUE);
            assertTrue(mapsDeleted(maps), "the reader has kept records mapped that are gone");
            reader.letGo();
            assertFalse(mapsDeleted(maps));
        }
    }

    private boolean mapsDeleted(final Path maps) throws IOException {
        final String kept = dir.toRealPath() + "/log/0";
        return Files.readAllLines(maps).stream().anyMatch(line -> line.contains(kept) && line.endsWith("(deleted)"));
    }

    @Test
    void shouldServeReadersWhileSegmentsGoAndFilesAreMerged() throws Exception {
        final AtomicBoolean done = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ChronicleMessageLog log = openFilled()) {
            final Thread thread = new Thread(() -> {
                try (LogReader reader = log.newReader()) {
                    while (!done.get()) {
                        assertAllReadable(reader, 0, COUNT, EVERY);
                    }
                } catch (final Throwable ex) {
                    failure.set(ex);
                }
            });
            thread.start();
            final LivePositions live = live(0, COUNT, 3);
            live(0, COUNT, EVERY).forEach(live);
            long lowWater = positions.get(0);
            while (log.usage().segments() > 1) {
                lowWater += 600_000;
                log.truncate(lowWater, live, NOTHING_MORE, Long.MAX_VALUE);
            }
            for (int every = EVERY; every > 1; every /= 3) {
                final LivePositions fewer = live(0, COUNT, EVERY);
                live(0, COUNT, every * 3).forEach(fewer);
                log.truncate(lowWater, fewer, NOTHING_MORE, Long.MAX_VALUE);
            }
            done.set(true);
            thread.join(60_000);
            assertFalse(thread.isAlive());
        }
        assertNull(failure.get());
    }
}
