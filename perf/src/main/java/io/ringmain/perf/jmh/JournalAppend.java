package io.ringmain.perf.jmh;

import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.MessageLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appending records of 192 bytes to the log on disk, in blocks of 1, 16 or 128. An operation is a record, with its share
 * of the block and of rolling to new segments, which is all that allocates: about 12 KB for each.
 */
@State(Scope.Thread)
public class JournalAppend {
    private static final int RECORD_LENGTH = 192;

    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(RECORD_LENGTH));
    private Path dir;

    /** Not a constant, which would be folded into the checks of the log. */
    private int recordLength = RECORD_LENGTH;

    private MessageLog log;

    @Setup
    public void setup() {
        try {
            dir = Files.createTempDirectory("ringmain-bench");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        log = ChronicleMessageLog.open(new LogContext().dataDir(dir).segmentBytes(256 << 20));
        record.putInt(0, RECORD_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    private long append(final int records) {
        log.beginBlock(1);
        for (int i = 0; i < records; i++) {
            log.append(record, 0, recordLength);
        }
        log.endBlock();
        return log.appendPosition();
    }

    @Benchmark
    public long blocksOf1() {
        return append(1);
    }

    @Benchmark
    @OperationsPerInvocation(16)
    public long blocksOf16() {
        return append(16);
    }

    @Benchmark
    @OperationsPerInvocation(128)
    public long blocksOf128() {
        return append(128);
    }

    @Benchmark
    @OperationsPerInvocation(128)
    public long blocksOf128Forced() {
        append(128);
        return log.force();
    }

    @TearDown
    public void tearDown() throws IOException {
        log.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
