package io.ringmain.storage.log;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A block: what one poll of the ring brought, one excerpt of the segment file.
 *
 * <pre>
 *  0        4        8      10      12       16               24               32       36       40               48
 *  +--------+--------+------+-------+--------+----------------+----------------+--------+--------+----------------+---------
 *  | magic  | crc32c | vers.|segm.  | prev.  | first position | timestamp ns   | length | count  | forced         | records,
 *  |        |        |      |length | crc32c |                |                |        |        | position       | padded
 *  +--------+--------+------+-------+--------+----------------+----------------+--------+--------+----------------+---------
 * </pre>
 *
 * Little-endian. {@code length} is that of the block with this header. {@code crc32c} covers the record headers, one
 * behind the other, and then bytes 8 to 48 of this header; as each record header has the CRC of its record, it covers
 * every byte but the padding, which is zero. {@code previous crc32c} is that of the block before, also over segments:
 * the chain shows a block that was exchanged. {@code forced position} is what was known to be durable when the block
 * was written: damage below any forced position is not a torn tail. {@code segment length} is that of the file when it
 * was made, in units of 64 KiB, 0 if unknown: a file that is shorter was cut.
 */
final class BlockDescriptor {
    static final int MAGIC = 0x4B42_4D52;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int CRC_OFFSET = 4;
    static final int VERSION_OFFSET = 8;
    static final int SEGMENT_LENGTH_OFFSET = 10;
    static final int PREVIOUS_CRC_OFFSET = 12;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int TIMESTAMP_OFFSET = 24;
    static final int LENGTH_OFFSET = 32;
    static final int COUNT_OFFSET = 36;
    static final int FORCED_POSITION_OFFSET = 40;
    static final int HEADER_LENGTH = 48;

    /** Of the length of a segment. */
    static final int SEGMENT_UNIT = 64 << 10;

    /** A block is ended before it exceeds this, unless one record alone does. */
    static final int TARGET_LENGTH = 64 << 10;

    private BlockDescriptor() {}

    static void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int previousCrc,
            final long firstPosition,
            final long timestampNs,
            final int length,
            final int count,
            final long forcedPosition) {
        buffer.putInt(offset + MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(offset + CRC_OFFSET, 0, LITTLE_ENDIAN);
        buffer.putShort(offset + VERSION_OFFSET, (short) VERSION, LITTLE_ENDIAN);
        buffer.putShort(offset + SEGMENT_LENGTH_OFFSET, (short) 0, LITTLE_ENDIAN);
        buffer.putInt(offset + PREVIOUS_CRC_OFFSET, previousCrc, LITTLE_ENDIAN);
        buffer.putLong(offset + FIRST_POSITION_OFFSET, firstPosition, LITTLE_ENDIAN);
        buffer.putLong(offset + TIMESTAMP_OFFSET, timestampNs, LITTLE_ENDIAN);
        buffer.putInt(offset + LENGTH_OFFSET, length, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET, count, LITTLE_ENDIAN);
        buffer.putLong(offset + FORCED_POSITION_OFFSET, forcedPosition, LITTLE_ENDIAN);
    }

    static int magic(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + MAGIC_OFFSET, LITTLE_ENDIAN);
    }

    static int crc(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CRC_OFFSET, LITTLE_ENDIAN);
    }

    static int version(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + VERSION_OFFSET, LITTLE_ENDIAN);
    }

    static int previousCrc(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + PREVIOUS_CRC_OFFSET, LITTLE_ENDIAN);
    }

    static long firstPosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FIRST_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    static long timestampNs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + TIMESTAMP_OFFSET, LITTLE_ENDIAN);
    }

    /** Bytes that the segment was made with, 0 if it doesn't say. */
    static long segmentLength(final DirectBuffer buffer, final int offset) {
        return (buffer.getShort(offset + SEGMENT_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFFL) * SEGMENT_UNIT;
    }

    static void segmentLength(final MutableDirectBuffer buffer, final int offset, final int length) {
        buffer.putShort(offset + SEGMENT_LENGTH_OFFSET, (short) (length / SEGMENT_UNIT), LITTLE_ENDIAN);
    }

    static int length(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    static int count(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    static long forcedPosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FORCED_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    /** Position behind the block. */
    static long nextPosition(final DirectBuffer buffer, final int offset) {
        return firstPosition(buffer, offset) + length(buffer, offset) - HEADER_LENGTH;
    }
}
