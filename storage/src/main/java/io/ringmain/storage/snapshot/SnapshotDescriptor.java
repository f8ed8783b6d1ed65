package io.ringmain.storage.snapshot;

/**
 * Layout of a snapshot file, little-endian.
 *
 * <pre>
 *  0        8         12       16         24              32
 *  +--------+---------+--------+----------+---------------+-- blocks: ------------------------------------+
 *  | magic  | version | crc32c | position | timestamp ns  | length i32 | crc32c i32 | sections ...        |
 *  +--------+---------+--------+----------+---------------+-----------------------------------------------+
 *                                                         | the last: 0 | crc32c of all CRCs before       |
 *                                                         +-----------------------------------------------+
 *  section: type i32 | length i32 | bytes
 * </pre>
 *
 * The header's CRC is over position and timestamp; a block's is over its sections. A block holds whole sections: about
 * a MiB, or one section that is longer.
 */
final class SnapshotDescriptor {
    static final long MAGIC = 0x746F_6873_7061_6E73L;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int HEADER_CRC_OFFSET = 12;
    static final int POSITION_OFFSET = 16;
    static final int TIMESTAMP_OFFSET = 24;
    static final int HEADER_LENGTH = 32;
    static final int HEADER_CRC_LENGTH = HEADER_LENGTH - POSITION_OFFSET;

    static final int BLOCK_HEADER_LENGTH = 8;
    static final int BLOCK_LENGTH = 1 << 20;
    static final int SECTION_HEADER_LENGTH = 8;

    private SnapshotDescriptor() {}
}
