package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Chronicle Queue was seen to do, each done to our log: storage/DANGERS.md has the list. */
class DangersTest {
    private final TestRecords records = new TestRecords();

    @TempDir
    private Path dir;

    private ChronicleMessageLog open() {
        return ChronicleMessageLog.open(TestRecords.context(dir));
    }

    private static List<Long> scan(final MessageLog log) {
        final List<Long> numbers = new ArrayList<>();
        try (LogReader reader = log.newReader()) {
            reader.scan(0, (position, buffer, offset, length) -> {
                numbers.add(TestRecords.number(buffer, offset, length));
                return true;
            });
        }
        return numbers;
    }

    private static List<Long> range(final long limit) {
        return LongStream.range(0, limit).boxed().toList();
    }

    /** Killed while a segment was made: its first header is 0, or says that it isn't complete. */
    @ParameterizedTest
    @ValueSource(ints = {0, 0x8000_0000})
    void shouldNotWaitForASegmentThatWasBeingMadeWhenTheProcessDied(final int firstHeader) throws IOException {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
        }
        final UnsafeBuffer content = new UnsafeBuffer(new byte[1 << 20]);
        content.putInt(0, firstHeader, java.nio.ByteOrder.LITTLE_ENDIAN);
        Files.write(dir.resolve("log/active/20990101-0000.cq4"), content.byteArray());
        final long startNs = System.nanoTime();
        try (ChronicleMessageLog log = open()) {
            records.append(log, 10, 10, 5);
            assertEquals(range(20), scan(log));
        }
        assertTrue(System.nanoTime() - startNs < 20_000_000_000L, "Chronicle waits for 24 s and more");
        assertTrue(Files.exists(dir.resolve("log/20990101-0000.cq4.quarantined")));
    }

    @Test
    void shouldRefuseARecordThatIsLongerThanASegmentTakesAndGoOn() {
        final LogException refused = assertThrows(
                LogException.class,
                () -> ChronicleMessageLog.open(TestRecords.context(dir).maxRecordLength(300 << 10)));
        assertTrue(refused.getMessage().contains("records of at most"), refused.getMessage());
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
            log.beginBlock(2_000_000);
            assertThrows(
                    IllegalArgumentException.class, () -> log.append(records.buffer, 0, log.maxRecordLength() + 1));
            log.endBlock();
            records.append(log, 10, 10, 5);
            assertEquals(range(20), scan(log));
        }
    }

    @Test
    void shouldTakeTheLongestRecordThatItSaysItTakes() {
        try (ChronicleMessageLog log = open()) {
            final int length = log.maxRecordLength();
            final UnsafeBuffer record = new UnsafeBuffer(new byte[length]);
            record.setMemory(8, length - 8, (byte) 7);
            for (int i = 0; i < 20; i++) {
                log.beginBlock(1_000_000 + i);
                assertTrue(log.append(record, 0, length));
                log.endBlock();
            }
            final int[] count = {0};
            try (LogReader reader = log.newReader()) {
                reader.scan(0, (position, buffer, offset, found) -> {
                    assertEquals(length, found);
                    assertEquals(7, buffer.getByte(offset + found - 1));
                    return ++count[0] > 0;
                });
            }
            assertEquals(20, count[0]);
        }
    }

    /** The third record of the block makes append throw, half way: what is complete counts, and nothing else. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotCommitHalfARecordWhenAnAppendThrows(final boolean blockEnded) {
        try (ChronicleMessageLog log = open()) {
            records.append(log, 0, 10, 5);
            log.beginBlock(2_000_000);
            for (int i = 10; i < 12; i++) {
                assertTrue(log.append(records.buffer, 0, records.make(i)));
            }
            final UnsafeBuffer tooShort = new UnsafeBuffer(new byte[16]);
            assertThrows(IndexOutOfBoundsException.class, () -> log.append(tooShort, 0, 200));
            if (blockEnded) {
                log.endBlock();
                records.append(log, 12, 8, 4);
            }
        }
        try (ChronicleMessageLog log = open()) {
            assertEquals(range(blockEnded ? 20 : 10), scan(log));
        }
        assertEquals(0, LogInspector.open(dir).verify(f -> {}, (d, t, r) -> {}).findings());
    }

    @Test
    void shouldRollAndRestartWhateverTheSystemClockDoes() {
        final CachedEpochClock clock = new CachedEpochClock();
        final long hourNs = 3_600_000_000_000L;
        final long nowNs = System.currentTimeMillis() * 1_000_000L;
        int next = 0;
        for (final long timeNs : new long[] {nowNs, nowNs - hourNs, nowNs + 24 * hourNs, 0, nowNs}) {
            clock.update(timeNs);
            try (ChronicleMessageLog log =
                    ChronicleMessageLog.open(TestRecords.context(dir).clock(clock::time))) {
                final int before = LogInspector.open(dir).segments().size();
                while (LogInspector.open(dir).segments().size() < before + 2) {
                    records.append(log, next, 500, 50);
                    next += 500;
                    clock.update(clock.time() - hourNs / 4);
                }
                assertEquals(range(next), scan(log));
            }
        }
    }

    /** Chronicle's tailer jumps over what was removed. */
    @Test
    void shouldTellThatSegmentsAreGone() {
        try (ChronicleMessageLog log = open();
                LogReader behind = log.newReader()) {
            final List<Long> positions = records.append(log, 0, 40_000, 64);
            final int[] read = {0};
            behind.scan(0, (position, buffer, offset, length) -> ++read[0] < 10);
            assertTrue(log.truncate(
                            positions.get(30_000),
                            new LivePositions(),
                            new Retention(0, Long.MAX_VALUE, 0),
                            Long.MAX_VALUE)
                    > 0);
            final long first = log.firstPosition();
            assertTrue(first > positions.get(10));
            assertFalse(behind.read(positions.get(10), (p, b, o, l) -> true), "a record that is gone is not there");
            final long[] found = {-1};
            behind.scan(positions.get(10), (position, buffer, offset, length) -> {
                found[0] = position;
                return false;
            });
            assertEquals(first, found[0], "who scans sees by the position that there is a gap, and how long it is");
        }
    }

    @Test
    void shouldMakeEverythingForItsOwnerAlone() throws IOException {
        final Path data = dir.resolve("a/b/data");
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(data))) {
            records.append(log, 0, 20_000, 64);
            log.force();
            // Sealing moves files, which the walk would miss.
            log.awaitSealed();
            final List<Path> all;
            try (Stream<Path> files = Files.walk(dir.resolve("a"))) {
                all = files.toList();
            }
            assertTrue(all.size() > 7, all.toString());
            for (final Path file : all) {
                assertIsForItsOwnerAlone(file);
            }
        }
    }

    /** One that isn't there any more was a temporary of the sealer's, which works meanwhile. */
    private static void assertIsForItsOwnerAlone(final Path file) throws IOException {
        try {
            assertEquals(
                    Files.isDirectory(file) ? "rwx------" : "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                    file.toString());
        } catch (final NoSuchFileException ex) {
            assertTrue(file.toString().endsWith(".tmp"), file.toString());
        }
    }

    @Test
    void shouldHaveNoTelemetryOnTheClassPath() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
        open().close();
        assertEquals("true", System.getProperty("chronicle.analytics.disable"));
    }
}
