package io.ringmain.storage.log;

import static io.ringmain.storage.log.BlockDescriptor.HEADER_LENGTH;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Tells whether a block is what was written. Confined to one thread. */
final class BlockCheck {
    private final Crc crc = new Crc();
    private int faultOffset;
    private long faultPosition;
    private String fault;

    /** True if the header makes sense: magic, version, and the length that the file gives. Reads the header alone. */
    static boolean looksLikeBlock(final DirectBuffer buffer, final int offset, final int length) {
        return length >= HEADER_LENGTH
                && BlockDescriptor.magic(buffer, offset) == BlockDescriptor.MAGIC
                && BlockDescriptor.version(buffer, offset) == BlockDescriptor.VERSION
                && BlockDescriptor.length(buffer, offset) == length;
    }

    /** Checks every byte of a block that {@link #looksLikeBlock}. False: {@link #fault()} tells what, and where. */
    boolean isIntact(final DirectBuffer buffer, final int offset) {
        final int limit = offset + BlockDescriptor.length(buffer, offset);
        final long base = BlockDescriptor.firstPosition(buffer, offset) - offset - HEADER_LENGTH;
        int record = offset + HEADER_LENGTH;
        for (int i = 0, count = BlockDescriptor.count(buffer, offset); i < count; i++) {
            final int length = recordLength(buffer, record, limit);
            if (length < 0) {
                return faulty("record length", record, base + record);
            }
            final int expected = buffer.getInt(record + RecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
            if (recordCrc(buffer, record, length) != expected) {
                return faulty("record CRC", record, base + record);
            }
            final int padding = record + length;
            record += RecordDescriptor.alignedLength(length);
            for (int p = padding; p < record; p++) {
                if (buffer.getByte(p) != 0) {
                    return faulty("padding", p, base + padding);
                }
            }
        }
        if (record != limit || blockCrc(buffer, offset) != BlockDescriptor.crc(buffer, offset)) {
            return faulty("block CRC", offset, base + offset + HEADER_LENGTH);
        }
        return true;
    }

    private static int recordLength(final DirectBuffer buffer, final int record, final int limit) {
        if (limit - record < RecordDescriptor.HEADER_LENGTH) {
            return -1;
        }
        final int length = buffer.getInt(record + RecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return length >= RecordDescriptor.HEADER_LENGTH && RecordDescriptor.alignedLength(length) <= limit - record
                ? length
                : -1;
    }

    int recordCrc(final DirectBuffer buffer, final int record, final int length) {
        return crc.reset()
                .update(buffer, record + RecordDescriptor.HEADER_LENGTH, length - RecordDescriptor.HEADER_LENGTH)
                .value();
    }

    /** CRC of a block whose record lengths are known to be right. */
    private int blockCrc(final DirectBuffer buffer, final int offset) {
        crc.reset();
        int record = offset + HEADER_LENGTH;
        for (int i = 0, count = BlockDescriptor.count(buffer, offset); i < count; i++) {
            crc.update(buffer, record, RecordDescriptor.HEADER_LENGTH);
            record += RecordDescriptor.alignedLength(
                    buffer.getInt(record + RecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN));
        }
        return crc.update(
                        buffer, offset + BlockDescriptor.VERSION_OFFSET, HEADER_LENGTH - BlockDescriptor.VERSION_OFFSET)
                .value();
    }

    private boolean faulty(final String what, final int offset, final long position) {
        fault = what;
        faultOffset = offset;
        faultPosition = position;
        return false;
    }

    /** What is wrong with the block that wasn't intact. */
    String fault() {
        return fault;
    }

    /** File offset of the fault. */
    int faultOffset() {
        return faultOffset;
    }

    /** Log position of the record with the fault. */
    long faultPosition() {
        return faultPosition;
    }
}
