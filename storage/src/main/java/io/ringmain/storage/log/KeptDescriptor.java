package io.ringmain.storage.log;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A file of kept records: what is still needed of segments that were removed, each record under the position that it
 * always had.
 *
 * <pre>
 *  0        8         12       16               24              32       36             40
 *  +--------+---------+--------+----------------+---------------+--------+--------------+----------------------------+
 *  | magic  | version | crc32c | first position | next position | count  | table offset | records, each padded to 8  |
 *  +--------+---------+--------+----------------+---------------+--------+--------------+----------------------------+
 *                                                                                       | table: count entries, to   |
 *                                                                                       | the end of the file        |
 *                                                                                       +----------------------------+
 *  0                8           12         16
 *  +----------------+-----------+----------+
 *  | position       | offset    | length   |   an entry of the table; ascending by position
 *  +----------------+-----------+----------+
 * </pre>
 *
 * Little-endian. A record has its {@link RecordDescriptor} header, with its own CRC. {@code offset} is that of the record
 * in the file, {@code length} that of the record without padding. {@code crc32c} covers bytes 16 to 40 and the table.
 * The positions of the records lie in [first position, next position), the range of the segments that they are from.
 */
final class KeptDescriptor {
    static final long MAGIC = 0x7470_656B_6E69_6D72L;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int CRC_OFFSET = 12;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int NEXT_POSITION_OFFSET = 24;
    static final int COUNT_OFFSET = 32;
    static final int TABLE_OFFSET_OFFSET = 36;
    static final int HEADER_LENGTH = 40;

    static final int ENTRY_LENGTH = 16;
    static final int ENTRY_POSITION_OFFSET = 0;
    static final int ENTRY_OFFSET_OFFSET = 8;
    static final int ENTRY_LENGTH_OFFSET = 12;

    private KeptDescriptor() {}

    /** Writes the header but for its CRC. */
    static void write(
            final MutableDirectBuffer buffer,
            final long firstPosition,
            final long nextPosition,
            final int count,
            final int tableOffset) {
        buffer.putLong(MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        buffer.putLong(FIRST_POSITION_OFFSET, firstPosition, LITTLE_ENDIAN);
        buffer.putLong(NEXT_POSITION_OFFSET, nextPosition, LITTLE_ENDIAN);
        buffer.putInt(COUNT_OFFSET, count, LITTLE_ENDIAN);
        buffer.putInt(TABLE_OFFSET_OFFSET, tableOffset, LITTLE_ENDIAN);
    }

    static void crc(final MutableDirectBuffer buffer, final int crc) {
        buffer.putInt(CRC_OFFSET, crc, LITTLE_ENDIAN);
    }

    static int crc(final DirectBuffer buffer) {
        return buffer.getInt(CRC_OFFSET, LITTLE_ENDIAN);
    }

    static long magic(final DirectBuffer buffer) {
        return buffer.getLong(MAGIC_OFFSET, LITTLE_ENDIAN);
    }

    static int version(final DirectBuffer buffer) {
        return buffer.getInt(VERSION_OFFSET, LITTLE_ENDIAN);
    }

    static long firstPosition(final DirectBuffer buffer) {
        return buffer.getLong(FIRST_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    static long nextPosition(final DirectBuffer buffer) {
        return buffer.getLong(NEXT_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    static int count(final DirectBuffer buffer) {
        return buffer.getInt(COUNT_OFFSET, LITTLE_ENDIAN);
    }

    static int tableOffset(final DirectBuffer buffer) {
        return buffer.getInt(TABLE_OFFSET_OFFSET, LITTLE_ENDIAN);
    }

    /** Writes an entry of the table. */
    static void writeEntry(
            final MutableDirectBuffer buffer,
            final int at,
            final long position,
            final int recordOffset,
            final int recordLength) {
        buffer.putLong(at + ENTRY_POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putInt(at + ENTRY_OFFSET_OFFSET, recordOffset, LITTLE_ENDIAN);
        buffer.putInt(at + ENTRY_LENGTH_OFFSET, recordLength, LITTLE_ENDIAN);
    }

    static long entryPosition(final DirectBuffer buffer, final int at) {
        return buffer.getLong(at + ENTRY_POSITION_OFFSET, LITTLE_ENDIAN);
    }

    static int entryOffset(final DirectBuffer buffer, final int at) {
        return buffer.getInt(at + ENTRY_OFFSET_OFFSET, LITTLE_ENDIAN);
    }

    static int entryLength(final DirectBuffer buffer, final int at) {
        return buffer.getInt(at + ENTRY_LENGTH_OFFSET, LITTLE_ENDIAN);
    }
}
