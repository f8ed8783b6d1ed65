package io.ringmain.storage.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** Records whose content follows from their number, so that a reader can tell any wrong byte. */
final class TestRecords {
    private static final ThreadLocal<TestRecords> EXPECTED = ThreadLocal.withInitial(TestRecords::new);

    final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 20));

    static LogContext context(final Path dir) {
        return new LogContext().dataDir(dir).segmentBytes(1 << 20).maxRecordLength(128 << 10);
    }

    /** Makes record {@code number} at offset 0 and returns its length. */
    int make(final long number) {
        final SplittableRandom random = new SplittableRandom(number);
        final int length = RecordDescriptor.HEADER_LENGTH + Long.BYTES + random.nextInt(200);
        buffer.putInt(0, length, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(4, 0);
        buffer.putLong(8, number);
        for (int i = 16; i < length; i++) {
            buffer.putByte(i, (byte) random.nextInt());
        }
        return length;
    }

    /** Appends records from {@code first} on, {@code perBlock} to a block, and returns their positions. */
    List<Long> append(final MessageLog log, final int first, final int count, final int perBlock) {
        final List<Long> positions = new ArrayList<>();
        for (int i = 0; i < count; i += perBlock) {
            log.beginBlock(1_000_000L + first + i);
            for (int k = i; k < Math.min(count, i + perBlock); k++) {
                final int length = make(first + k);
                positions.add(log.appendPosition());
                if (!log.append(buffer, 0, length)) {
                    log.endBlock();
                    log.beginBlock(1_000_000L + first + i);
                    log.append(buffer, 0, length);
                }
            }
            log.endBlock();
        }
        return positions;
    }

    /** The number of the record, after a check of all its bytes. */
    static long number(final org.agrona.DirectBuffer source, final int offset, final int length) {
        final long number = source.getLong(offset + 8);
        final TestRecords expected = EXPECTED.get();
        if (expected.make(number) != length) {
            throw new AssertionError("record " + number + " has length " + length);
        }
        for (int i = 8; i < length; i++) {
            if (source.getByte(offset + i) != expected.buffer.getByte(i)) {
                throw new AssertionError("record " + number + " differs at byte " + i);
            }
        }
        return number;
    }
}
