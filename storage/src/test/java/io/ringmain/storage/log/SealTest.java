package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sidecars, what they save, and the hash chain that they carry. */
class SealTest {
    private static final int COUNT = 30_000;
    private static final int THOUSAND = 7;

    /** The thousand that a record's number lies in. */
    private static final RecordKeys KEYS = new RecordKeys() {
        private final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void keys(final DirectBuffer buffer, final int offset, final int length, final Sink sink) {
            key.putLong(0, buffer.getLong(offset + RecordDescriptor.HEADER_LENGTH) / 1000);
            sink.onKey(THOUSAND, key, 0, Long.BYTES);
        }
    };

    private final TestRecords records = new TestRecords();
    private final List<String> events = new ArrayList<>();

    @TempDir
    private Path dir;

    private ChronicleMessageLog open() {
        events.clear();
        return ChronicleMessageLog.open(TestRecords.context(dir).keys(KEYS).eventLog(events::add));
    }

    /** Several segments, all but the last sealed while the log was open. */
    private List<Long> write() {
        try (ChronicleMessageLog log = open()) {
            final List<Long> positions = records.append(log, 0, COUNT, 20);
            log.force();
            return positions;
        }
    }

    private List<Path> segments() {
        return LogInspector.open(dir).segments();
    }

    private LogInspector.Summary verify(final LogAnchor anchor, final List<LogFinding> findings) {
        return LogInspector.open(dir).verify(anchor, findings::add, (d, t, r) -> {});
    }

    private LogInspector.Summary verify() {
        return verify(null, new ArrayList<>());
    }

    private void assertAllThere() {
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(LongStream.range(0, COUNT).boxed().toList(), numbers(reader));
        }
    }

    private static List<Long> numbers(final LogReader reader) {
        final List<Long> numbers = new ArrayList<>();
        reader.scan(0, (position, buffer, offset, length) -> {
            numbers.add(buffer.getLong(offset + RecordDescriptor.HEADER_LENGTH));
            return true;
        });
        return numbers;
    }

    @Test
    void shouldSealWhatWasRolledSoThatTheNextStartReadsOnlyTheRest() {
        final List<Long> positions = write();
        final List<Path> files = segments();
        assertTrue(files.size() > 3, "segments: " + files);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(1, log.scannedAtOpen());
            assertEquals(LongStream.range(0, COUNT).boxed().toList(), numbers(reader));
            for (int i = 0; i < COUNT; i += 997) {
                final long number = i;
                assertTrue(reader.read(positions.get(i), (position, buffer, offset, length) -> {
                    assertEquals(number, TestRecords.number(buffer, offset, length));
                    return true;
                }));
            }
        }
        try (ChronicleMessageLog log = open()) {
            assertEquals(0, log.scannedAtOpen(), "the last one was sealed by the start before");
        }
        assertEquals(0, verify().findings());
    }

    @Test
    void shouldSayInTheSidecarWhatTheSegmentHolds() throws IOException {
        write();
        open().close();
        final LogInspector inspector = LogInspector.open(dir);
        final List<LogInspector.SegmentSummary> fromSidecars = inspector.summaries();
        byte[] chain = new byte[HashChain.LENGTH];
        for (final Path file : segments()) {
            final Sidecar sidecar = Sidecar.read(file);
            assertNotNull(sidecar);
            assertTrue(sidecar.describes(file));
            assertArrayEquals(chain, sidecar.chainBefore());
            chain = sidecar.chainAfter();
            assertTrue(sidecar.entryCount() >= sidecar.nextPosition() - sidecar.firstPosition() >> 17);
            Files.delete(LogDirectory.sidecar(file));
        }
        assertEquals(fromSidecars, inspector.summaries(), "as the headers of the blocks say");
        assertEquals(verify().head(), HexFormat.of().formatHex(chain));
    }

    @Test
    void shouldReadASegmentWhoseSidecarIsDamagedWhereverThatIs() throws IOException {
        write();
        open().close();
        final Path sidecar = LogDirectory.sidecar(segments().get(1));
        final byte[] intact = Files.readAllBytes(sidecar);
        for (int at = 0; at < intact.length; at += at < SidecarDescriptor.HEADER_LENGTH ? 1 : 101) {
            final byte[] damaged = intact.clone();
            damaged[at] ^= 4;
            assertNotUsed(sidecar, damaged, "byte " + at);
        }
        for (final int length : new int[] {0, 7, SidecarDescriptor.HEADER_LENGTH, intact.length - 1}) {
            assertNotUsed(sidecar, java.util.Arrays.copyOf(intact, length), "length " + length);
        }
        try (ChronicleMessageLog log = open()) {
            assertEquals(1, log.scannedAtOpen());
        }
        assertArrayEquals(intact, Files.readAllBytes(sidecar), "made anew from the segment");
        assertAllThere();
    }

    private static void assertNotUsed(final Path sidecar, final byte[] content, final String what) throws IOException {
        Files.write(sidecar, content);
        assertNull(Sidecar.readFile(sidecar), what);
    }

    @Test
    void shouldReadASegmentThatWasTouchedOrIsAnother() throws IOException {
        write();
        open().close();
        final Path segment = segments().get(1);
        Files.setLastModifiedTime(segment, FileTime.fromMillis(1_000_000));
        try (ChronicleMessageLog log = open()) {
            assertEquals(1, log.scannedAtOpen());
        }
        Files.copy(
                LogDirectory.sidecar(segments().get(0)),
                LogDirectory.sidecar(segment),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (ChronicleMessageLog log = open()) {
            assertEquals(1, log.scannedAtOpen());
        }
        assertAllThere();
    }

    @Test
    void shouldNotOverlookDamageInATouchedSegment() throws IOException {
        write();
        open().close();
        flip(segments().get(1));
        final LogException refused = assertThrows(LogException.class, this::open);
        assertTrue(refused.isDamage());
        assertTrue(refused.getMessage().contains("--salvage"), refused.getMessage());
    }

    private static void flip(final Path segment) throws IOException {
        final byte[] bytes = Files.readAllBytes(segment);
        final List<Integer> blocks = ForgedLog.blockOffsets(segment);
        bytes[blocks.get(blocks.size() / 2) + BlockDescriptor.HEADER_LENGTH + 12] ^= 1;
        Files.write(segment, bytes);
    }

    @Test
    void shouldFindRotUnderAnIntactSidecarWhenItIsReadAndVerified() throws IOException {
        write();
        open().close();
        final Path segment = segments().get(1);
        final FileTime time = Files.getLastModifiedTime(segment);
        flip(segment);
        Files.setLastModifiedTime(segment, time);
        try (ChronicleMessageLog log = open();
                LogReader reader = log.newReader()) {
            assertEquals(0, log.scannedAtOpen());
            assertTrue(assertThrows(LogException.class, () -> numbers(reader)).isDamage());
        }
        final List<LogFinding> findings = new ArrayList<>();
        assertEquals(1, verify(null, findings).findings(), findings.toString());
    }

    @Test
    void shouldProveTheChainFromWhatIsLeftOfTheLog() throws IOException {
        write();
        final LogInspector.Summary whole = verify();
        try (ChronicleMessageLog log = open()) {
            assertTrue(log.truncate(
                            Long.MAX_VALUE, new LivePositions(), new Retention(0, Long.MAX_VALUE, 0), Long.MAX_VALUE)
                    > 0);
        }
        final LogAnchor anchor = new LogAnchor(whole.nextPosition(), whole.head());
        final LogInspector.Summary rest = verify(anchor, new ArrayList<>());
        assertEquals(0, rest.findings());
        assertTrue(rest.firstPosition() > 0);
        assertEquals(whole.head(), rest.head());
        assertEquals(1, sidecarsWithoutSegment(), "that of the segment removed last");
        Files.delete(LogDirectory.sidecar(segments().get(0)));
        assertEquals(0, verify(anchor, new ArrayList<>()).findings(), "the chain goes on from what was removed");
        Files.delete(dir.resolve("log/removed.idx"));
        open().close();
        assertTrue(events.toString().contains("the hash chain begins anew"), events.toString());
        assertEquals(1, verify(anchor, new ArrayList<>()).findings());
    }

    private int sidecarsWithoutSegment() throws IOException {
        try (var files = Files.list(dir.resolve("log"))) {
            return (int) files.filter(file -> file.toString().endsWith(".idx"))
                    .filter(file -> !Files.exists(Path.of(file.toString().replace(".idx", ""))))
                    .count();
        }
    }

    @Test
    void shouldKnowAForgeryByAnAnchorAlone() throws IOException {
        write();
        open().close();
        final LogInspector.Summary before = verify();
        final Sidecar first = Sidecar.read(segments().get(0));
        final LogAnchor early =
                new LogAnchor(first.nextPosition(), HexFormat.of().formatHex(first.chainAfter()));
        final LogAnchor late = new LogAnchor(before.nextPosition(), before.head());
        assertEquals(0, verify(early, new ArrayList<>()).findings());
        assertEquals(0, verify(late, new ArrayList<>()).findings());
        ForgedLog.alterARecord(segments(), 1);
        final List<LogFinding> sealed = new ArrayList<>();
        assertTrue(verify(null, sealed).findings() > 0, "sidecars of before tell");
        assertTrue(sealed.get(0).what().contains("records were altered"), sealed.toString());
        assertThrows(LogException.class, this::open, "and so they do at the start");
        for (final Path segment : segments()) {
            Files.delete(LogDirectory.sidecar(segment));
        }
        open().close();
        assertEquals(0, verify().findings(), "with all sums and sidecars computed anew nothing inside tells");
        assertNotEquals(before.head(), verify().head());
        final List<LogFinding> findings = new ArrayList<>();
        assertEquals(1, verify(late, findings).findings());
        assertTrue(findings.get(0).what().contains("anchor: the chain has "), findings.toString());
        assertEquals(0, verify(early, new ArrayList<>()).findings(), "what lies before the forgery is as it was");
    }

    @Test
    void shouldSayWhenAnAnchorIsNotAtABlockOrOutsideTheLog() {
        final List<Long> positions = write();
        final LogInspector.Summary summary = verify();
        final List<LogFinding> findings = new ArrayList<>();
        verify(new LogAnchor(positions.get(1), summary.head()), findings);
        verify(new LogAnchor(summary.nextPosition() + 8, summary.head()), findings);
        assertTrue(findings.get(0).what().startsWith("anchor: no block begins there, but one at 0 and the next at "));
        assertTrue(findings.get(1).what().startsWith("anchor: behind the end of the log"));
        assertEquals(
                0, verify(new LogAnchor(0, "0".repeat(64)), new ArrayList<>()).findings());
        assertThrows(IllegalArgumentException.class, () -> LogAnchor.parse("12:abc"));
        assertEquals(12, LogAnchor.parse("12:" + "A".repeat(64)).position());
    }

    @Test
    void shouldPassBySegmentsThatCantHoldWhatIsLookedFor() {
        final List<Long> positions = write();
        open().close();
        final LogInspector inspector = LogInspector.open(dir);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
        final List<Long> found = new ArrayList<>();
        final LogReader.RecordHandler handler = (position, buffer, offset, length) -> {
            found.add(buffer.getLong(offset + RecordDescriptor.HEADER_LENGTH));
            return true;
        };
        inspector.scan(0, handler);
        final int all = inspector.segmentsRead();
        assertEquals(segments().size(), all);
        for (final long thousand : new long[] {0, 11, 29}) {
            found.clear();
            key.putLong(0, thousand);
            inspector.scan(0, new SegmentFilter(1).key(THOUSAND, key, 0, Long.BYTES), handler);
            assertTrue(found.containsAll(LongStream.range(thousand * 1000, thousand * 1000 + 1000)
                    .boxed()
                    .toList()));
            assertTrue(inspector.segmentsRead() <= 2, thousand + ": " + inspector.segmentsRead());
        }
        key.putLong(0, 12345);
        inspector.scan(0, new SegmentFilter(1).key(THOUSAND, key, 0, Long.BYTES), handler);
        assertEquals(0, inspector.segmentsRead());
        inspector.scan(0, new SegmentFilter(2).key(THOUSAND, key, 0, Long.BYTES), handler);
        assertEquals(all, inspector.segmentsRead(), "keys of another version tell nothing");
        inspector.scan(0, new SegmentFilter(0).positions(positions.get(15_000), positions.get(15_001)), handler);
        assertEquals(1, inspector.segmentsRead());
        inspector.scan(0, new SegmentFilter(0).times(1_000_000L + 15_000, 1_000_000L + 15_001), handler);
        assertTrue(inspector.segmentsRead() <= 2);
        found.clear();
        inspector.scan(positions.get(25_000), handler);
        assertEquals(LongStream.range(25_000, COUNT).boxed().toList(), found);
    }

    @Test
    void shouldFindThePlaceOfATimeCloseByInASealedSegment() {
        final List<Long> positions = write();
        open().close();
        final LogInspector inspector = LogInspector.open(dir);
        for (int i = 0; i < COUNT; i += 20 * 37) {
            final long at = inspector.positionBefore(1_000_000L + i);
            assertTrue(at <= positions.get(i), "record " + i);
            assertTrue(positions.get(i) - at <= 2 * BlockIndex.SPACING, "record " + i + ": " + at);
        }
    }

    @Test
    void shouldKnowEveryKeyAndFewThatItWasNotGiven() {
        for (final int count : new int[] {0, 1, 1000, 600_000}) {
            final KeyFilter filter = new KeyFilter();
            final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
            for (long i = 0; i < count; i++) {
                key.putLong(0, i);
                filter.add(1, key, 0, Long.BYTES);
            }
            final int length = filter.length();
            assertTrue(length <= KeyFilter.MAX_LENGTH);
            final UnsafeBuffer written = new UnsafeBuffer(new byte[length + 3]);
            filter.write(written, 3);
            int wrong = 0;
            for (long i = 0; i < 10_000; i++) {
                key.putLong(0, i);
                assertTrue(i >= count || KeyFilter.mayHold(written, 3, length, KeyFilter.hash(1, key, 0, Long.BYTES)));
                wrong += KeyFilter.mayHold(written, 3, length, KeyFilter.hash(2, key, 0, Long.BYTES)) ? 1 : 0;
            }
            assertTrue(wrong < 200, count + " keys: " + wrong + " of 10000 known wrongly");
        }
        assertFalse(KeyFilter.hash(1, new UnsafeBuffer(new byte[1]), 0, 1)
                == KeyFilter.hash(1, new UnsafeBuffer(new byte[2]), 0, 2));
    }
}
