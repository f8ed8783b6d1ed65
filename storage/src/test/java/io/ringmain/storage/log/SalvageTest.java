package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a damaged log, and that what is lost is named to the record. */
class SalvageTest {
    private static final int COUNT = 30_000;
    private static final int PER_BLOCK = 20;

    private final TestRecords records = new TestRecords();
    private final List<String> events = new ArrayList<>();
    private List<Long> positions;
    private long end;

    @TempDir
    private Path dir;

    private LogContext context() {
        events.clear();
        return TestRecords.context(dir).eventLog(events::add);
    }

    private ChronicleMessageLog open() {
        return ChronicleMessageLog.open(context());
    }

    private ChronicleMessageLog salvage() {
        return ChronicleMessageLog.open(context().salvage(true));
    }

    /** Several segments; everything but the last blocks is known to have been forced. */
    private void write() {
        try (ChronicleMessageLog log = open()) {
            positions = records.append(log, 0, COUNT - PER_BLOCK, PER_BLOCK);
            log.force();
            positions.addAll(records.append(log, COUNT - PER_BLOCK, PER_BLOCK, PER_BLOCK));
            end = log.appendPosition();
        }
    }

    private List<Path> segments() {
        return LogInspector.open(dir).segments();
    }

    private Path newest() {
        return segments().get(segments().size() - 1);
    }

    private LogInspector.Summary verify(final LogAnchor anchor) {
        final List<LogFinding> findings = new ArrayList<>();
        final LogInspector.Summary summary = LogInspector.open(dir).verify(anchor, findings::add, (d, t, r) -> {});
        assertEquals(0, summary.findings(), findings.toString());
        return summary;
    }

    private static void damage(final Path segment, final int... blocks) throws IOException {
        final byte[] bytes = Files.readAllBytes(segment);
        final List<Integer> offsets = ForgedLog.blockOffsets(segment);
        for (final int block : blocks) {
            bytes[offsets.get(block) + BlockDescriptor.HEADER_LENGTH + 12] ^= 1;
        }
        Files.write(segment, bytes);
    }

    private static int blockCount(final Path segment) throws IOException {
        return ForgedLog.blockOffsets(segment).size();
    }

    /** Number of the first record of a block. */
    private int firstNumber(final Path segment, final int block) throws IOException {
        try (Segment mapped = Segment.map(segment)) {
            final int offset = ForgedLog.blockOffsets(segment).get(block);
            return positions.indexOf(BlockDescriptor.firstPosition(mapped.buffer(), offset));
        }
    }

    private static List<Long> numbers(final MessageLog log) {
        final List<Long> numbers = new ArrayList<>();
        try (LogReader reader = log.newReader()) {
            reader.scan(0, (position, buffer, offset, length) -> {
                numbers.add(buffer.getLong(offset + RecordDescriptor.HEADER_LENGTH));
                return true;
            });
        }
        return numbers;
    }

    /** All records but those from a number up to another, pairwise. */
    private static List<Long> without(final int... ranges) {
        final List<Long> left =
                new ArrayList<>(LongStream.range(0, COUNT).boxed().toList());
        for (int i = 0; i < ranges.length; i += 2) {
            final long from = ranges[i];
            final long to = ranges[i + 1];
            left.removeIf(number -> number >= from && number < to);
        }
        return left;
    }

    /** The damage refuses a start; a salvage leaves out these records, and then everything is as if it were whole. */
    private void assertLost(final int... ranges) {
        final LogException refused = assertThrows(LogException.class, this::open);
        assertTrue(refused.isDamage(), refused.getMessage());
        assertTrue(refused.getMessage().contains("--salvage"), refused.getMessage());
        try (ChronicleMessageLog log = salvage()) {
            assertEquals(without(ranges), numbers(log));
            assertGaps(log, false, ranges);
            log.gapsAnnounced();
        }
        final LogInspector.Summary summary = verify(null);
        assertEquals(ranges.length / 2, summary.gaps().size());
        try (ChronicleMessageLog log = open()) {
            assertTrue(log.scannedAtOpen() <= 1, "scanned " + log.scannedAtOpen());
            assertEquals(without(ranges), numbers(log));
            assertGaps(log, true, ranges);
            assertTrue(log.appendPosition() >= positions.get(COUNT - PER_BLOCK), "no position is used twice");
            records.append(log, COUNT, 100, 10);
            log.force();
        }
        verify(null);
        try (ChronicleMessageLog log = open()) {
            final List<Long> numbers = numbers(log);
            assertEquals(without(ranges), numbers.subList(0, numbers.size() - 100));
            assertEquals(COUNT + 99L, numbers.get(numbers.size() - 1));
        }
        verify(new LogAnchor(verify(null).nextPosition(), verify(null).head()));
    }

    private void assertGaps(final MessageLog log, final boolean announced, final int... ranges) {
        final List<LogGap> gaps = log.gaps();
        assertEquals(ranges.length / 2, gaps.size(), gaps.toString());
        for (int i = 0; i < gaps.size(); i++) {
            final int from = ranges[2 * i];
            final int to = ranges[2 * i + 1];
            assertEquals(positions.get(from), gaps.get(i).fromPosition());
            assertEquals(to == COUNT ? end : positions.get(to), gaps.get(i).toPosition());
            assertEquals(announced, gaps.get(i).isAnnounced());
            assertEquals(
                    from == 0 ? 0 : 1_000_000L + from - PER_BLOCK, gaps.get(i).beforeNs());
        }
    }

    @Test
    void shouldKeepWhatIsIntactOfAnOlderSegment() throws IOException {
        write();
        final Path segment = segments().get(1);
        final byte[] whole = Files.readAllBytes(segment);
        final int first = firstNumber(segment, 3);
        final int second = firstNumber(segment, 40);
        damage(segment, 3, 40, 41);
        final byte[] damaged = Files.readAllBytes(segment);
        assertLost(first, first + PER_BLOCK, second, second + 2 * PER_BLOCK);
        assertEquals(-1, java.util.Arrays.mismatch(damaged, Files.readAllBytes(aside(segment))));
        assertFalse(java.util.Arrays.equals(whole, damaged));
    }

    private static Path aside(final Path segment) {
        return segment.resolveSibling(segment.getFileName() + ".damaged");
    }

    @Test
    void shouldKeepWhatIsIntactWhenTheFirstOrTheLastBlockOfASegmentIsGone() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int first = firstNumber(segment, 0);
        final int last = firstNumber(segment, blockCount(segment) - 1);
        damage(segment, 0, blockCount(segment) - 1);
        assertLost(first, first + PER_BLOCK, last, last + PER_BLOCK);
    }

    @Test
    void shouldKeepWhatIsIntactWhenTheLogHasLostItsBeginning() throws IOException {
        write();
        damage(segments().get(0), 0);
        assertLost(0, PER_BLOCK);
    }

    @Test
    void shouldKeepWhatLiesBehindDamageInTheNewestSegment() throws IOException {
        write();
        final int number = firstNumber(newest(), 5);
        damage(newest(), 5);
        assertLost(number, number + PER_BLOCK);
    }

    @Test
    void shouldNotUsePositionsAgainThatWereForced() throws IOException {
        write();
        final int last = blockCount(newest()) - 1;
        final int number = firstNumber(newest(), last - 1);
        // The last block, which nobody was promised, says up to where the log had been forced.
        final byte[] bytes = Files.readAllBytes(newest());
        bytes[ForgedLog.blockOffsets(newest()).get(last - 1) + 60] ^= 1;
        Files.write(newest(), bytes);
        assertLost(number, number + PER_BLOCK);
    }

    @Test
    void shouldGoOnWithoutASegmentThatIsMissing() throws IOException {
        write();
        final int from = firstNumber(segments().get(1), 0);
        final int to = firstNumber(segments().get(2), 0);
        Files.delete(segments().get(1));
        assertLost(from, to);
    }

    @Test
    void shouldGoOnWithoutASegmentOfWhichNothingIsLeft() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int from = firstNumber(segment, 0);
        final int to = firstNumber(segments().get(2), 0);
        Files.write(segment, new byte[1 << 20]);
        assertLost(from, to);
    }

    @Test
    void shouldGoOnWithoutTheEndOfASegmentThatWasCut() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int from = firstNumber(segment, 10);
        final int to = firstNumber(segments().get(2), 0);
        final byte[] bytes = Files.readAllBytes(segment);
        Files.write(
                segment,
                java.util.Arrays.copyOf(bytes, ForgedLog.blockOffsets(segment).get(10) - 4));
        assertLost(from, to);
    }

    @Test
    void shouldSalvageASecondTimeWhatIsDamagedLater() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int first = firstNumber(segment, 3);
        damage(segment, 3);
        salvage().close();
        damage(segment, 3);
        assertLost(first, first + 2 * PER_BLOCK);
    }

    @Test
    void shouldHoldTheAnchorsOfWhatLiesBehindASegmentThatWasSalvaged() throws IOException {
        write();
        open().close();
        final Sidecar behind = Sidecar.read(segments().get(1));
        final LogAnchor anchor =
                new LogAnchor(behind.nextPosition(), HexFormat.of().formatHex(behind.chainAfter()));
        final LogInspector.Summary whole = verify(anchor);
        damage(segments().get(1), 3);
        salvage().close();
        assertEquals(1, verify(anchor).gaps().size());
        assertEquals(
                whole.head(),
                verify(new LogAnchor(whole.nextPosition(), whole.head())).head());
    }

    @Test
    void shouldFindTheGapsAgainWhenTheirListIsDamaged() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int first = firstNumber(segment, 3);
        damage(segment, 3);
        salvage().close();
        final Path list = dir.resolve("log/gaps");
        final byte[] intact = Files.readAllBytes(list);
        for (int at = 0; at < intact.length; at++) {
            final byte[] bytes = intact.clone();
            bytes[at] ^= 2;
            Files.write(list, bytes);
            assertThrows(LogException.class, () -> GapList.read(new LogDirectory(dir)), "byte " + at);
        }
        assertLost(first, first + PER_BLOCK);
        Files.delete(list);
        final List<LogFinding> findings = new ArrayList<>();
        LogInspector.open(dir).verify(findings::add, (d, t, r) -> {});
        assertEquals(1, findings.size(), "a gap that nobody has accounted for is damage: " + findings);
    }

    @Test
    void shouldDoItAgainAfterACrashInTheMiddle() throws IOException {
        write();
        final Path segment = segments().get(1);
        final int first = firstNumber(segment, 3);
        damage(segment, 3);
        final byte[] damaged = Files.readAllBytes(segment);
        salvage().close();
        // The list was written, the clean file had not taken the damaged one's place.
        Files.write(segment, damaged);
        assertLost(first, first + PER_BLOCK);
    }

    @Test
    void shouldKeepWhatWasNeverForcedBehindDamageWhichAStartWouldCut() throws IOException {
        try (ChronicleMessageLog log = open()) {
            positions = records.append(log, 0, COUNT / 100, PER_BLOCK);
        }
        damage(newest(), 5);
        try (ChronicleMessageLog log = salvage()) {
            final List<Long> expected = without(5 * PER_BLOCK, 6 * PER_BLOCK, COUNT / 100, COUNT);
            assertEquals(expected, numbers(log));
        }
        verify(null);
    }

    @Test
    void shouldChangeNothingOfALogThatIsWhole() throws IOException {
        write();
        try (ChronicleMessageLog log = salvage()) {
            assertEquals(without(), numbers(log));
            assertEquals(List.of(), log.gaps());
        }
        assertFalse(Files.exists(dir.resolve("log/gaps")));
        assertFalse(events.toString().contains("lost"), events.toString());
    }
}
