package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowingLogReaderTest {
    private static final int STEP = 500;
    private static final int COUNT = 30_000;

    private final TestRecords records = new TestRecords();
    private final List<Long> seen = new ArrayList<>();

    @TempDir
    private Path dir;

    private boolean take(final org.agrona.DirectBuffer buffer, final int offset, final int length) {
        seen.add(TestRecords.number(buffer, offset, length));
        return true;
    }

    @Test
    void shouldHandOutEachRecordOnceOverSegmentsThatAreBegunAndSealed() {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir));
                LogReader reader = LogInspector.open(dir).follow()) {
            long position = 0;
            for (int first = 0; first < COUNT; first += STEP) {
                position = reader.scan(position, (at, buffer, offset, length) -> take(buffer, offset, length));
                records.append(log, first, STEP, 10);
            }
            position = reader.scan(position, (at, buffer, offset, length) -> take(buffer, offset, length));
            assertEquals(log.appendPosition(), position);
            assertEquals(LongStream.range(0, COUNT).boxed().toList(), seen);
            assertTrue(LogInspector.open(dir).segments().size() > 3, "several segments");
        }
    }

    @Test
    void shouldFinishASegmentThatIsRemovedMeanwhileAndGoOnBehindTheOthers() {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir));
                LogReader reader = LogInspector.open(dir).follow()) {
            final List<Long> positions = records.append(log, 0, COUNT, 10);
            log.force();
            final List<LogInspector.SegmentSummary> segments =
                    LogInspector.open(dir).summaries();
            final int inFirst = positions.indexOf(segments.get(1).firstPosition());
            final int resumed = positions.indexOf(segments.get(2).firstPosition());
            final long reached = reader.scan(0, (at, buffer, offset, length) -> {
                if (at == 0) {
                    delete(segments.get(0).file());
                    delete(segments.get(1).file());
                }
                return take(buffer, offset, length);
            });
            final LongStream expected =
                    LongStream.concat(LongStream.range(0, inFirst), LongStream.range(resumed, COUNT));
            assertEquals(expected.boxed().toList(), seen);
            assertEquals(log.appendPosition(), reached);
        }
    }

    @Test
    void shouldSayThatASegmentInBetweenIsMissing() {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir));
                LogReader reader = LogInspector.open(dir).follow()) {
            records.append(log, 0, COUNT, 10);
            final List<Path> segments = LogInspector.open(dir).segments();
            assertThrows(
                    LogException.class,
                    () -> reader.scan(0, (at, buffer, offset, length) -> {
                        if (at == 0) {
                            delete(segments.get(1));
                        }
                        return true;
                    }));
        }
    }

    private static void delete(final Path file) {
        try {
            Files.delete(file);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Test
    void shouldReadOneRecordAndNoneThatIsNotThereYet() {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir));
                LogReader reader = LogInspector.open(dir).follow()) {
            assertFalse(reader.read(0, (at, buffer, offset, length) -> true));
            final List<Long> positions = records.append(log, 0, COUNT, 10);
            for (int i = 0; i < COUNT; i += 997) {
                assertTrue(reader.read(positions.get(i), (at, buffer, offset, length) -> take(buffer, offset, length)));
                assertEquals(i, seen.get(seen.size() - 1));
            }
            assertFalse(reader.read(log.appendPosition(), (at, buffer, offset, length) -> true));
        }
    }

    @Test
    void shouldStopWhenToldAndGoOnBehindThat() {
        try (ChronicleMessageLog log = ChronicleMessageLog.open(TestRecords.context(dir));
                LogReader reader = LogInspector.open(dir).follow()) {
            records.append(log, 0, STEP, 10);
            long position = 0;
            for (int i = 0; i < STEP; i++) {
                position = reader.scan(position, (at, buffer, offset, length) -> {
                    take(buffer, offset, length);
                    return false;
                });
            }
            assertEquals(LongStream.range(0, STEP).boxed().toList(), seen);
        }
    }
}
