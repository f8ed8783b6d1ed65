package io.ringmain.storage.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The writer appends, and rolls every few thousand blocks, while another thread forces and reads what it is told is there.
 * All states share one log of a process, which is never forced to a device.
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the record in front of the forced position is whole")
@Outcome(expect = FORBIDDEN, desc = "a forced position without its record, or one that goes back")
@State
public class ChronicleMessageLogStress {
    private static final int LENGTH = 64;

    private static final class Nowhere implements Forcing {
        @Override
        public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
            // As the device's would, that of a segment that was closed meanwhile fails.
            channel.size();
        }

        @Override
        public void directory(final Path directory) {}
    }

    private static final ChronicleMessageLog LOG = open();

    // Of the actor that appends.
    private static final UnsafeBuffer RECORD = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));

    // Of the actor that forces.
    private static final LogReader READER = LOG.newReader();
    private static long forced;
    private static boolean isWhole;

    private static ChronicleMessageLog open() {
        try {
            final Path dir = Files.createTempDirectory("ringmain-stress");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> IoUtil.delete(dir.toFile(), true)));
            return ChronicleMessageLog.open(new LogContext()
                    .dataDir(dir)
                    .segmentBytes(LogContext.MIN_SEGMENT_BYTES)
                    .maxRecordLength(LENGTH)
                    .forcesAtRoll(false)
                    .forcing(new Nowhere()));
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Actor
    public void append() {
        final long position = LOG.appendPosition();
        for (int i = RecordDescriptor.HEADER_LENGTH; i < LENGTH; i += Long.BYTES) {
            RECORD.putLong(i, position);
        }
        LOG.beginBlock(position);
        LOG.append(RECORD, 0, LENGTH);
        LOG.endBlock();
    }

    @Actor
    public void force(final ZZ_Result result) {
        final long position = LOG.force();
        isWhole = position == 0;
        READER.read(position - LENGTH, ChronicleMessageLogStress::check);
        result.r1 = isWhole;
        result.r2 = position >= forced;
        forced = position;
    }

    private static boolean check(final long position, final DirectBuffer buffer, final int offset, final int length) {
        isWhole = length == LENGTH;
        for (int i = RecordDescriptor.HEADER_LENGTH; i < length; i += Long.BYTES) {
            isWhole &= buffer.getLong(offset + i) == position;
        }
        return false;
    }
}
