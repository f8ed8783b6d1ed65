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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Appending blocks of records of 192 bytes to the log on disk. An operation is a whole block, and includes its share of
 * rolling to new segments; what a roll allocates shows as a fraction of a byte.
 */
@State(Scope.Thread)
public class JournalAppend {
    private static final int RECORD_LENGTH = 192;

    @Param({"1", "16", "128"})
    public int recordsPerBlock = 16;

    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(RECORD_LENGTH));
    private Path dir;
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

    @Benchmark
    public long append() {
        log.beginBlock(1);
        for (int i = 0; i < recordsPerBlock; i++) {
            log.append(record, 0, RECORD_LENGTH);
        }
        log.endBlock();
        return log.appendPosition();
    }

    @Benchmark
    public long appendAndForce() {
        append();
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
