package io.ringmain.perf.jmh;

import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Reading single records of 1 KiB by position, as a backlog is drained: in ascending order, in ascending order with
 * gaps, and at random. The log is 256 MiB in segments of 16 MiB, in the page cache; an operation is a record with the check
 * of its CRC.
 */
@State(Scope.Thread)
public class LogRead {
    private static final int RECORD_LENGTH = 1024;
    private static final int STRIDE = 7;

    /** Records in a block. */
    @Param({"1", "32"})
    int perBlock = 32;

    /** Records of 1 KiB. */
    @Param("262144")
    int records = 1024;

    private final LogReader.RecordHandler handler = this::onRecord;
    private final SplittableRandom random = new SplittableRandom(1);
    private Path dir;
    private MessageLog log;
    private LogReader reader;
    private long next;
    private long sum;

    @Setup
    public void setup() {
        try {
            dir = Files.createTempDirectory("ringmain-bench");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        log = ChronicleMessageLog.open(new LogContext().dataDir(dir).segmentBytes(16 << 20));
        final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(RECORD_LENGTH));
        record.putInt(0, RECORD_LENGTH, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < records; i += perBlock) {
            log.beginBlock(1);
            for (int k = 0; k < perBlock; k++) {
                log.append(record, 0, RECORD_LENGTH);
            }
            log.endBlock();
        }
        reader = log.newReader();
    }

    private long read(final long record) {
        if (!reader.read(record * RECORD_LENGTH, handler)) {
            throw new IllegalStateException("no record " + record);
        }
        return sum;
    }

    private boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        sum += buffer.getLong(offset + length - Long.BYTES);
        return true;
    }

    @Benchmark
    public long ascending() {
        next = next + 1 < records ? next + 1 : 0;
        return read(next);
    }

    @Benchmark
    public long ascendingWithGaps() {
        next = next + STRIDE < records ? next + STRIDE : 0;
        return read(next);
    }

    @Benchmark
    public long random() {
        return read(random.nextInt(records));
    }

    @TearDown
    public void tearDown() throws IOException {
        reader.close();
        log.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
