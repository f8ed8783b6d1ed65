package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of damage, in every kind of segment: what was forced is never lost silently and never overwritten, and what
 * was not forced is cut with a word about it.
 */
class DamageTest {
    private static final int SEALED = 300;
    private static final int ROLLED = 12_000;
    private static final int FORCED = 400;
    private static final int UNFORCED = 400;
    private static final int PER_BLOCK = 8;
    private static final int UNFORCED_BLOCKS = UNFORCED / PER_BLOCK;

    private final TestRecords records = new TestRecords();
    private final List<String> events = new ArrayList<>();
    private long forcedPosition;

    @TempDir
    private Path dir;

    /** Where it strikes. */
    enum Place {
        /** Ended and cut by the recovery of a later run. */
        SEALED_SEGMENT,
        /** Used up, and left for the next by the same run. */
        ROLLED_SEGMENT,
        /** The newest one, in what was forced. */
        FORCED_BLOCKS,
        /** The newest one, in what was written since. */
        UNFORCED_BLOCKS
    }

    private LogContext context() {
        return TestRecords.context(dir).eventLog(events::add);
    }

    /** Three segments at least, and the newest as a killed process leaves it. */
    @BeforeEach
    void write() throws IOException {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            records.append(log, 0, SEALED, PER_BLOCK);
        }
        final Path copy = Files.createDirectory(dir.resolve("copy"));
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            int next = SEALED;
            records.append(log, next, ROLLED, PER_BLOCK);
            next += ROLLED;
            for (int i = 0; i < FORCED; i += PER_BLOCK) {
                records.append(log, next, PER_BLOCK, PER_BLOCK);
                next += PER_BLOCK;
                log.force();
            }
            forcedPosition = log.appendPosition();
            records.append(log, next, UNFORCED, PER_BLOCK);
            Files.copy(newest(), copy.resolve("newest"));
        }
        Files.move(copy.resolve("newest"), newest(), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(copy);
        assertTrue(segments().size() >= 3, segments().toString());
        events.clear();
    }

    private List<Path> segments() {
        return LogInspector.open(dir).segments();
    }

    private Path newest() {
        final List<Path> segments = segments();
        return segments.get(segments.size() - 1);
    }

    private Path file(final Place place) {
        return switch (place) {
            case SEALED_SEGMENT -> segments().get(0);
            case ROLLED_SEGMENT -> segments().get(1);
            case FORCED_BLOCKS, UNFORCED_BLOCKS -> newest();
        };
    }

    /** Header of a document in the middle of the place. */
    private static long documentOffset(final Place place, final Path file) throws IOException {
        final List<Long> documents = new ArrayList<>();
        try (Segment segment = Segment.map(file)) {
            final BlockCursor cursor = new BlockCursor().wrap(segment.buffer(), segment.length());
            while (cursor.advance() == BlockCursor.BLOCK) {
                documents.add((long) cursor.documentOffset());
            }
        }
        final int count = documents.size();
        return documents.get(
                switch (place) {
                    case SEALED_SEGMENT, ROLLED_SEGMENT -> count / 2;
                    case FORCED_BLOCKS -> count - UNFORCED_BLOCKS - 10;
                    case UNFORCED_BLOCKS -> count - UNFORCED_BLOCKS / 2;
                });
    }

    private Map<String, Integer> contents() throws IOException {
        final Map<String, Integer> contents = new TreeMap<>();
        for (final Path file : segments()) {
            contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
        }
        return contents;
    }

    private static Stream<Arguments> fatal() {
        return Stream.of(Place.SEALED_SEGMENT, Place.ROLLED_SEGMENT, Place.FORCED_BLOCKS)
                .flatMap(place -> Stream.of(Damage.values())
                        // That the newest segment is gone is for a snapshot to tell: see mustReach below.
                        .filter(damage -> damage != Damage.MISSING || place == Place.ROLLED_SEGMENT)
                        .map(damage -> Arguments.of(damage, place)));
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void shouldRefuseDamageOfWhatWasForcedAndTouchNothing(final Damage damage, final Place place) throws IOException {
        final Path file = file(place);
        damage.strike(file, documentOffset(place, file));
        final Map<String, Integer> before = contents();
        for (int attempt = 0; attempt < 2; attempt++) {
            final LogException refused = assertThrows(LogException.class, () -> ChronicleMessageLog.open(context()));
            assertTrue(refused.isDamage(), refused.getMessage());
            final Path named = damage == Damage.MISSING ? segments().get(1) : file;
            assertTrue(refused.getMessage().contains(named.getFileName().toString()), refused.getMessage());
            assertTrue(
                    refused.getMessage().matches("(?s).*byte \\d+, position (\\d+|unknown): .*"), refused.getMessage());
            assertEquals(before, contents());
        }
    }

    private static Stream<Damage> local() {
        return Stream.of(Damage.values()).filter(damage -> damage.local);
    }

    @ParameterizedTest
    @MethodSource("local")
    void shouldCutATornTailAndSayWhere(final Damage damage) throws IOException {
        final Path newest = newest();
        damage.strike(newest, documentOffset(Place.UNFORCED_BLOCKS, newest));
        final int forced = SEALED + ROLLED + FORCED;
        final List<Long> left;
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            left = scan(log);
            assertTrue(left.size() >= forced && left.size() < forced + UNFORCED, "left: " + left.size());
            assertTrue(log.appendPosition() >= forcedPosition);
            final String told = events.toString();
            assertTrue(told.contains("torn tail cut in ") && told.contains(newest.getFileName() + " at byte "), told);
            records.append(log, left.size(), 100, PER_BLOCK);
            log.force();
        }
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            assertEquals(LongStream.range(0, left.size() + 100).boxed().toList(), scan(log));
        }
        assertEquals(0, LogInspector.open(dir).verify(f -> {}, (d, t, r) -> {}).findings());
    }

    /** No crash makes a file shorter, so that what was cut off may have been acknowledged. */
    @ParameterizedTest
    @EnumSource(
            value = Damage.class,
            names = {"CUT_INSIDE_A_BLOCK", "CUT_BETWEEN_BLOCKS"})
    void shouldRefuseANewestSegmentThatLostItsEnd(final Damage damage) throws IOException {
        final Path newest = newest();
        damage.strike(newest, documentOffset(Place.UNFORCED_BLOCKS, newest));
        final LogException refused = assertThrows(LogException.class, () -> ChronicleMessageLog.open(context()));
        assertTrue(refused.isDamage());
        assertTrue(refused.getMessage().contains("it was made with " + (1 << 20)), refused.getMessage());
    }

    @Test
    void shouldRefuseALogWithoutItsNewestSegmentWhenASnapshotSaysThatThereWasMore() throws IOException {
        Files.delete(newest());
        final LogException refused = assertThrows(
                LogException.class, () -> ChronicleMessageLog.open(context().mustReach(forcedPosition)));
        assertTrue(refused.isDamage());
        assertTrue(refused.getMessage().contains("up to " + forcedPosition), refused.getMessage());
    }

    /** A payload that is a perfect block, with a mark that claims the future, behind a torn block. */
    @Test
    void shouldNotTakeAPayloadForABlock() throws IOException {
        final Path newest = newest();
        final long document = documentOffset(Place.UNFORCED_BLOCKS, newest);
        final byte[] block = aBlockOf(1L << 40);
        Damage.GARBAGE_8_KB.strike(newest, document);
        try (var channel = java.nio.channels.FileChannel.open(newest, java.nio.file.StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(block), document + 1000);
        }
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            assertTrue(log.appendPosition() >= forcedPosition);
        }
    }

    /** An intact block with one record, at this position and said to be forced up to it, with its document header. */
    private static byte[] aBlockOf(final long position) {
        final int length = BlockDescriptor.HEADER_LENGTH + 16;
        final var buffer = new org.agrona.concurrent.UnsafeBuffer(new byte[4 + length]);
        buffer.putInt(0, length, java.nio.ByteOrder.LITTLE_ENDIAN);
        final int record = 4 + BlockDescriptor.HEADER_LENGTH;
        buffer.putInt(record, 16, java.nio.ByteOrder.LITTLE_ENDIAN);
        final Crc crc = new Crc();
        buffer.putInt(record + 4, crc.update(buffer, record + 8, 8).value(), java.nio.ByteOrder.LITTLE_ENDIAN);
        BlockDescriptor.write(buffer, 4, 0, position, 1, length, 1, position);
        final int covered = BlockDescriptor.HEADER_LENGTH - BlockDescriptor.VERSION_OFFSET;
        final int value = crc.reset()
                .update(buffer, record, RecordDescriptor.HEADER_LENGTH)
                .update(buffer, 4 + BlockDescriptor.VERSION_OFFSET, covered)
                .value();
        buffer.putInt(4 + BlockDescriptor.CRC_OFFSET, value, java.nio.ByteOrder.LITTLE_ENDIAN);
        assertTrue(new BlockCheck().isIntact(buffer, 4));
        return buffer.byteArray();
    }

    /** Chronicle's own table is of no use to us: it may be gone, empty or garbage. */
    @Test
    void shouldNotCareForChroniclesTable() throws IOException {
        final Path table = dir.resolve("log/active/metadata.cq4t");
        for (final byte[] content : new byte[][] {{}, {1, 2, 3}, new byte[70_000]}) {
            Files.write(table, content);
            try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
                assertEquals(SEALED + ROLLED + FORCED + UNFORCED, scan(log).size());
            }
        }
        Files.delete(table);
        try (ChronicleMessageLog log = ChronicleMessageLog.open(context())) {
            assertFalse(scan(log).isEmpty());
        }
    }

    private static List<Long> scan(final MessageLog log) {
        final List<Long> numbers = new ArrayList<>();
        try (LogReader reader = log.newReader()) {
            reader.scan(0, (position, buffer, offset, length) -> {
                numbers.add(TestRecords.number(buffer, offset, length));
                return true;
            });
        }
        assertEquals(numbers.stream().sorted(Comparator.naturalOrder()).toList(), numbers);
        return numbers;
    }
}
