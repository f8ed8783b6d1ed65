package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleMessageLogTest {
    private final TestRecords records = new TestRecords();

    @TempDir
    private Path dir;

    private ChronicleMessageLog open() {
        return ChronicleMessageLog.open(TestRecords.context(dir));
    }

    private static List<Long> scan(final LogReader reader, final long from) {
        final List<Long> numbers = new ArrayList<>();
        reader.scan(from, (position, buffer, offset, length) -> {
            numbers.add(TestRecords.number(buffer, offset, length));
            return true;
        });
        return numbers;
    }

    private static List<Long> range(final long first, final long limit) {
        return LongStream.range(first, limit).boxed().toList();
    }

    @Test
    void shouldReadBackWhatWasAppended() {
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            final List<Long> positions = records.append(log, 0, 1000, 7);
            assertEquals(range(0, 1000), scan(reader, 0));
            for (int i = 999; i >= 0; i -= 13) {
                final long number = i;
                assertTrue(reader.read(positions.get(i), (position, buffer, offset, length) -> {
                    assertEquals(number, TestRecords.number(buffer, offset, length));
                    return true;
                }));
            }
            assertFalse(reader.read(log.appendPosition(), (p, b, o, l) -> true));
            assertEquals(range(500, 1000), scan(reader, positions.get(500)));
            assertEquals(range(501, 1000), scan(reader, positions.get(500) + 8));
        }
    }

    @Test
    void shouldGoOnInANewSegmentAfterReopen() {
        for (int run = 0; run < 4; run++) {
            try (ChronicleMessageLog log = open();
                    LogReader reader = log.newReader()) {
                assertEquals(range(0, run * 100L), scan(reader, 0));
                records.append(log, run * 100, 100, 3);
                log.force();
            }
        }
        final LogInspector inspector = LogInspector.open(dir);
        assertEquals(4, inspector.segments().size());
        assertEquals(0, inspector.verify(f -> {}, (d, t, r) -> {}).findings());
        assertEquals(400, inspector.verify(f -> {}, (d, t, r) -> {}).records());
    }

    @Test
    void shouldRollWhenASegmentIsUsedUp() {
        final int count = 60_000;
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            final List<Long> positions = records.append(log, 0, count, 64);
            assertTrue(LogInspector.open(dir).segments().size() > 5);
            assertEquals(range(0, count), scan(reader, 0));
            for (int i = 0; i < count; i += 997) {
                assertTrue(reader.read(positions.get(i), (p, b, o, l) -> true));
            }
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(range(0, count), scan(reader, 0));
        }
    }

    /** A reader goes on from the block of its last read: forwards, backwards, over segments, and as the log grows. */
    @Test
    void shouldReadInAnyOrder() {
        final SplittableRandom random = new SplittableRandom(3);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            final List<Long> positions = new ArrayList<>();
            for (int round = 0; round < 60; round++) {
                positions.addAll(records.append(log, positions.size(), 500, 1 + random.nextInt(20)));
                assertFalse(reader.read(log.appendPosition(), (p, b, o, l) -> true));
                int at = random.nextInt(positions.size());
                for (int i = 0; i < 200; i++) {
                    at = random.nextInt(20) == 0 ? random.nextInt(positions.size()) : at + random.nextInt(-2, 12);
                    at = Math.floorMod(at, positions.size());
                    final long number = at;
                    assertTrue(reader.read(positions.get(at), (position, buffer, offset, length) -> {
                        assertEquals(number, TestRecords.number(buffer, offset, length));
                        return true;
                    }));
                }
            }
            assertTrue(log.usage().segments() > 2);
        }
    }

    @Test
    void shouldEndASegmentOnRequestWhenTheNextOneIsReady() {
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            log.requestRoll(0);
            int written = appendOne(log, 0);
            assertEquals(1, log.usage().segments(), "a segment that holds nothing is not ended");
            written = appendUntilRolled(log, written);
            final long second = log.usage().activeFirstPosition();
            log.requestRoll(0);
            for (int i = 0; i < 100; i++) {
                written = appendOne(log, written);
            }
            assertEquals(second, log.usage().activeFirstPosition(), "the first segment has ended already");
            written = appendUntilRolled(log, written);
            assertEquals(3, log.usage().segments());
            assertEquals(range(0, written), scan(reader, 0));
        }
        assertEquals(0, LogInspector.open(dir).verify(f -> {}, (d, t, r) -> {}).findings());
    }

    private int appendOne(final MessageLog log, final int number) {
        records.append(log, number, 1, 1);
        return number + 1;
    }

    /** The file of the next segment is made beside; until it is ready, the log goes on in the one that it has. */
    private int appendUntilRolled(final MessageLog log, final int from) {
        final long active = log.usage().activeFirstPosition();
        int next = from;
        while (log.usage().activeFirstPosition() == active) {
            assertTrue(next < 4000, "a segment holds that many: it was not ended on request");
            log.requestRoll(active);
            next = appendOne(log, next);
            LockSupport.parkNanos(1_000_000);
        }
        return next;
    }

    private static final Retention NOTHING_MORE = new Retention(0, Long.MAX_VALUE, 0);

    @Test
    void shouldRemoveSegmentsThatNothingNeeds() {
        final int count = 60_000;
        final List<Long> positions;
        final long first;
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            positions = records.append(log, 0, count, 64);
            final long lowWater = positions.get(count / 2);
            final int before = LogInspector.open(dir).segments().size();
            assertTrue(reader.read(positions.get(0), (p, b, o, l) -> true));
            assertEquals(0, log.truncate(lowWater, new LivePositions(), Retention.FOREVER, Long.MAX_VALUE));
            final int removed = log.truncate(lowWater, new LivePositions(), NOTHING_MORE, Long.MAX_VALUE);
            assertTrue(removed >= 2, "removed " + removed);
            assertEquals(before - removed, LogInspector.open(dir).segments().size());
            first = log.firstPosition();
            assertTrue(first > 0 && first <= lowWater, "first " + first + ", low water " + lowWater);
            assertFalse(reader.read(positions.get(0), (p, b, o, l) -> true));
            final int kept = positions.indexOf(first);
            assertEquals(range(kept, count), scan(reader, 0));
            assertEquals(range(count - 5, count), scan(reader, positions.get(count - 5)));
            assertEquals(
                    0,
                    log.truncate(lowWater, new LivePositions(), NOTHING_MORE, Long.MAX_VALUE),
                    "nothing more to remove");
            records.append(log, count, 10, 5);
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(first, log.firstPosition());
            assertEquals(range(positions.indexOf(first), count + 10L), scan(reader, 0));
            assertTrue(log.truncate(Long.MAX_VALUE, new LivePositions(), NOTHING_MORE, Long.MAX_VALUE) > 0);
            assertTrue(LogInspector.open(dir).segments().size() >= 1, "the last ones stay");
        }
    }

    @Test
    void shouldKeepWhatRetentionCovers() {
        final Retention retention = new Retention(100, 1000, 10);
        assertFalse(retention.isOver(99, 1000, 10, 100));
        assertTrue(retention.isOver(100, 1000, 10, 100));
        assertTrue(retention.isOver(99, 1001, 10, 100));
        assertTrue(retention.isOver(99, 1000, 9, 100));
    }

    @Test
    void shouldForceOnlyWhatIsNew() {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
            assertEquals(log.appendPosition(), log.force());
            final long forces = log.forces();
            log.force();
            assertEquals(forces, log.forces());
            records.append(log, 10, 1, 1);
            log.force();
            assertEquals(forces + 1, log.forces());
        }
    }

    @Test
    void shouldForceBesideTheWriterOverManySegments() throws Exception {
        final int count = 60_000;
        final AtomicBoolean writing = new AtomicBoolean(true);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ChronicleMessageLog log = open()) {
            final Thread forcer = new Thread(() -> {
                try {
                    long last = 0;
                    while (writing.get()) {
                        final long forced = log.force();
                        assertTrue(forced >= last, forced + " after " + last);
                        last = forced;
                    }
                } catch (final Throwable ex) {
                    failure.set(ex);
                }
            });
            forcer.start();
            records.append(log, 0, count, 64);
            writing.set(false);
            forcer.join();
            assertNull(failure.get());
            assertEquals(log.appendPosition(), log.force());
        }
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(range(0, count), scan(reader, 0));
        }
    }

    @Test
    void shouldNeverForceAgainAfterAFailure() {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
            final long durable = log.force();
            records.append(log, 10, 10, 5);
            // An interrupt closes a channel that is being forced: as good as a device that fails.
            Thread.currentThread().interrupt();
            final LogException failed = assertThrows(LogException.class, log::force);
            assertTrue(Thread.interrupted());
            assertTrue(failed.getMessage().contains("force failed at position " + durable), failed.getMessage());
            final long forces = log.forces();
            final LogException again = assertThrows(LogException.class, log::force);
            assertTrue(again.getMessage().contains("behind position " + durable), again.getMessage());
            assertThrows(LogException.class, () -> records.append(log, 20, 60_000, 64), "the roll forces as well");
            assertEquals(forces, log.forces());
        }
    }

    @Test
    void shouldRefuseASecondOpenerAndNameTheHolder() {
        try (ChronicleMessageLog log = open()) {
            final LogException refused = assertThrows(LogException.class, this::open);
            assertTrue(
                    refused.getMessage()
                            .contains("pid " + ProcessHandle.current().pid()),
                    refused.getMessage());
            records.append(log, 0, 1, 1);
        }
        open().close();
    }

    @Test
    void shouldRefuseADirectoryThatCantBeWritten() throws IOException {
        final Path file = Files.writeString(dir.resolve("file"), "x");
        final LogException refused = assertThrows(
                LogException.class, () -> ChronicleMessageLog.open(TestRecords.context(file.resolve("data"))));
        assertTrue(refused.getMessage().contains(file.toString()), refused.getMessage());
    }

    @Test
    void shouldCutATornTailThatWasNeverForced() throws IOException {
        final Path newest = writeWithoutForcing(100);
        final long end = lastBlockOffset(newest);
        overwrite(newest, end + 60, new byte[] {1, 2, 3, 4, 5});
        final List<String> events = new ArrayList<>();
        try (ChronicleMessageLog log =
                        ChronicleMessageLog.open(TestRecords.context(dir).eventLog(events::add));
                LogReader reader = log.newReader()) {
            assertEquals(range(0, 90), scan(reader, 0));
            records.append(log, 90, 10, 5);
            assertEquals(range(0, 100), scan(reader, 0));
        }
        assertTrue(events.toString().contains("torn tail"), events.toString());
        assertEquals(0, LogInspector.open(dir).verify(f -> {}, (d, t, r) -> {}).findings());
    }

    @Test
    void shouldForgetABlockThatWasWrittenButNotCompletedWhenTheProcessDied() throws IOException {
        final Path newest = writeWithoutForcing(100);
        overwrite(newest, lastBlockOffset(newest) - 4, new byte[4]);
        for (int run = 0; run < 3; run++) {
            try (ChronicleMessageLog log = open();
                    LogReader reader = log.newReader()) {
                assertEquals(range(0, 90 + run), scan(reader, 0));
                records.append(log, 90 + run, 1, 1);
            }
        }
    }

    @Test
    void shouldCutAHoleInWhatWasNeverForced() throws IOException {
        final Path newest = writeWithoutForcing(1000);
        overwrite(newest, middleBlockOffset(newest) - 4, new byte[4096]);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            final List<Long> left = scan(reader, 0);
            assertTrue(left.size() > 100 && left.size() < 1000, "left: " + left.size());
            assertEquals(range(0, left.size()), left);
        }
    }

    @Test
    void shouldRefuseDamageInWhatWasForced() throws IOException {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 500, 10);
            log.force();
            records.append(log, 500, 10, 10);
        }
        final Path newest = onlySegment();
        overwrite(newest, middleBlockOffset(newest) + 70, new byte[] {77, 77, 77});
        final LogException refused = assertThrows(LogException.class, this::open);
        assertTrue(refused.getMessage().contains(newest.getFileName().toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("byte "), refused.getMessage());
        assertTrue(refused.getMessage().contains("position "), refused.getMessage());
    }

    @Test
    void shouldRefuseDamageInAnOlderSegment() throws IOException {
        for (int run = 0; run < 2; run++) {
            try (ChronicleMessageLog log = open()) {
                records.append(log, run * 100, 100, 10);
            }
        }
        final Path oldest = LogInspector.open(dir).segments().get(0);
        overwrite(oldest, middleBlockOffset(oldest) + 70, new byte[] {77, 77, 77});
        assertThrows(LogException.class, this::open);
    }

    @Test
    void shouldFindAnyFlippedByteOfARecordAndSayWhere() throws IOException {
        final List<Long> positions;
        try (ChronicleMessageLog log = open()) {
            positions = records.append(log, 0, 50, 10);
        }
        final Path segment = onlySegment();
        final byte[] intact = Files.readAllBytes(segment);
        final int firstBlock = (int) firstBlockOffset(segment);
        final int lastBlock = (int) lastBlockOffset(segment);
        for (int at = firstBlock; at < lastBlock + 500; at += 17) {
            final byte[] damaged = intact.clone();
            damaged[at] ^= 0x10;
            Files.write(segment, damaged);
            final List<LogFinding> findings = new ArrayList<>();
            LogInspector.open(dir).verify(findings::add, (d, t, r) -> {});
            assertFalse(findings.isEmpty(), "flip at byte " + at + " was not found");
            assertEquals(segment, findings.get(0).segment());
            assertTrue(Math.abs(findings.get(0).byteOffset() - at) < 3000, "flip at " + at + ": " + findings);
        }
        assertEquals(50, positions.size());
    }

    @Test
    void shouldPutAsideAFileThatWasNeverCompleted() throws IOException {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
        }
        final Path active = dir.resolve("log/active");
        Files.write(active.resolve("20260101-0000.cq4"), new byte[1 << 20]);
        Files.write(active.resolve("20260101-0001.precreated"), new byte[8192]);
        Files.write(active.resolve("metadata.cq4t"), new byte[] {1, 2, 3});
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(range(0, 10), scan(reader, 0));
            records.append(log, 10, 1, 1);
        }
        assertTrue(Files.exists(dir.resolve("log/20260101-0000.cq4.quarantined")));
    }

    @Test
    void shouldTakeTheSegmentThatACleanStopLeftUnused() throws IOException {
        open().close();
        final Path spare = only(".spare");
        final Object inode = Files.getAttribute(spare, "unix:ino");
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
            assertEquals(inode, Files.getAttribute(only(".cq4"), "unix:ino"));
            log.remainingBytes(1 << 30); // Waits for the next one.
        }
        final Path next = only(".spare");
        final Path copy = next.resolveSibling("copy");
        Files.copy(next, copy);
        // An inode that is free may be used again; what is in the last byte tells which file it is.
        final long last = Files.size(copy) - 1;
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), last);
        }
        Files.move(copy, next, StandardCopyOption.REPLACE_EXISTING);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            records.append(log, 10, 10, 5);
            assertEquals(0, byteAt(only(".cq4"), last), "a copy may have holes");
            assertFalse(Files.exists(next));
            assertEquals(range(0, 20), scan(reader, 0));
        }
    }

    private static byte byteAt(final Path file, final long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            return one.get(0);
        }
    }

    /** The file in the folder of the segment that is appended to. */
    private Path only(final String suffix) throws IOException {
        try (var files = Files.list(dir.resolve("log/active"))) {
            final List<Path> found =
                    files.filter(f -> f.toString().endsWith(suffix)).toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    @Test
    void shouldServeAReaderBesideTheWriter() throws Exception {
        final int count = 20_000;
        final AtomicBoolean done = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        try (ChronicleMessageLog log = open()) {
            final LogReader reader = log.newReader();
            final Thread thread = new Thread(() -> {
                try {
                    long next = 0;
                    final long[] expected = {0};
                    while (expected[0] < count && !(done.get() && next < 0)) {
                        next = reader.scan(next, (position, buffer, offset, length) -> {
                            assertEquals(expected[0]++, TestRecords.number(buffer, offset, length));
                            return true;
                        });
                    }
                } catch (final Throwable ex) {
                    failure.set(ex);
                }
            });
            thread.start();
            records.append(log, 0, count, 9);
            done.set(true);
            thread.join(60_000);
            assertFalse(thread.isAlive());
            reader.close();
        }
        assertEquals(null, failure.get());
    }

    @Test
    void shouldLeaveNoTraceWhenInspecting() throws IOException {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 5000, 9);
            log.force();
            final Map<String, Long> before = listing();
            final LogInspector inspector = LogInspector.open(dir);
            final LogInspector.Summary summary = inspector.verify(f -> {}, (d, t, r) -> {});
            assertEquals(5000, summary.records());
            assertEquals(log.appendPosition(), summary.nextPosition());
            inspector.scan(0, (p, b, o, l) -> true);
            assertEquals(before, listing());
        }
    }

    private Map<String, Long> listing() throws IOException {
        final Map<String, Long> files = new TreeMap<>();
        try (var walk = Files.walk(dir)) {
            for (final Path file :
                    walk.filter(f -> !f.toString().endsWith("precreated")).toList()) {
                files.put(
                        file.toString(),
                        Files.isDirectory(file)
                                ? 0
                                : Files.getLastModifiedTime(file).toMillis());
            }
        }
        return files;
    }

    /** As a crash leaves it: the file is copied while the log is open, so that nothing says that it was closed. */
    private Path writeWithoutForcing(final int count) throws IOException {
        final Path copy = dir.resolveSibling("copy-" + System.nanoTime());
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, count, 10);
            Files.copy(onlySegment(), copy);
        }
        final Path segment = onlySegment();
        Files.copy(copy, segment, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(copy);
        return segment;
    }

    private Path onlySegment() {
        final List<Path> segments = LogInspector.open(dir).segments();
        assertEquals(1, segments.size());
        return segments.get(0);
    }

    private static long firstBlockOffset(final Path file) throws IOException {
        return blockOffsets(file).get(0);
    }

    private static long middleBlockOffset(final Path file) throws IOException {
        final List<Long> offsets = blockOffsets(file);
        return offsets.get(offsets.size() / 2);
    }

    private static long lastBlockOffset(final Path file) throws IOException {
        final List<Long> offsets = blockOffsets(file);
        return offsets.get(offsets.size() - 1);
    }

    private static List<Long> blockOffsets(final Path file) throws IOException {
        final List<Long> offsets = new ArrayList<>();
        try (Segment segment = Segment.map(file)) {
            final BlockCursor cursor = new BlockCursor().wrap(segment.buffer(), segment.length());
            while (cursor.advance() == BlockCursor.BLOCK) {
                offsets.add((long) cursor.blockOffset());
            }
        }
        return offsets;
    }

    private static void overwrite(final Path file, final long at, final byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }
}
