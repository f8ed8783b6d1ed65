package io.ringmain.storage.log;

/**
 * Layout of a sidecar, the file beside a sealed segment that says what the segment holds. Little-endian.
 *
 * <pre>
 *  0        8         12       16         24         32         40         48       56        64       72        80
 *  +--------+---------+--------+----------+----------+----------+----------+--------+---------+--------+---------+------
 *  | magic  | version | crc32c | first    | next     | first    | last     | blocks | records | file   | file    | forced
 *  |        |         |        | position | position | time ns  | time ns  |        |         | length | time ns | position
 *  +--------+---------+--------+----------+----------+----------+----------+--------+---------+--------+---------+------
 *  88         92       96             128           160     168      172      176       180      184
 *  +----------+--------+--------------+-------------+-------+--------+--------+---------+--------+-- entries: -----------
 *  | previous | last   | chain before | chain after | cycle | number | filter | version | zero   | position i64,
 *  | crc32c   | crc32c | 32 bytes     | 32 bytes    |       | of     | length | of keys |        | time ns i64,
 *  |          |        |              |             |       | entries|        |         |        | document offset i64
 *  +----------+--------+--------------+-------------+-------+--------+--------+---------+--------+-- filter -------------
 * </pre>
 *
 * {@code crc32c} is over everything behind it. {@code previous crc32c} is what the first block names, {@code last crc32c}
 * that of the last block. File length and time are those of the segment when it was sealed: as long as it has them, the
 * sidecar is believed. There is an entry for the first block and then one about every 64 KiB. A filter length of 0 means
 * that nothing is known about keys.
 */
final class SidecarDescriptor {
    static final long MAGIC = 0x7864_696E_6961_6D72L;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int CRC_OFFSET = 12;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int NEXT_POSITION_OFFSET = 24;
    static final int FIRST_TIMESTAMP_OFFSET = 32;
    static final int LAST_TIMESTAMP_OFFSET = 40;
    static final int BLOCKS_OFFSET = 48;
    static final int RECORDS_OFFSET = 56;
    static final int FILE_LENGTH_OFFSET = 64;
    static final int FILE_TIME_OFFSET = 72;
    static final int FORCED_POSITION_OFFSET = 80;
    static final int PREVIOUS_CRC_OFFSET = 88;
    static final int LAST_CRC_OFFSET = 92;
    static final int CHAIN_BEFORE_OFFSET = 96;
    static final int CHAIN_AFTER_OFFSET = 128;
    static final int CYCLE_OFFSET = 160;
    static final int ENTRY_COUNT_OFFSET = 168;
    static final int FILTER_LENGTH_OFFSET = 172;
    static final int KEYS_VERSION_OFFSET = 176;
    static final int HEADER_LENGTH = 184;

    static final int ENTRY_POSITION_OFFSET = 0;
    static final int ENTRY_TIMESTAMP_OFFSET = 8;
    static final int ENTRY_DOCUMENT_OFFSET = 16;
    static final int ENTRY_LENGTH = 24;

    /** A file that is longer is none of ours. */
    static final int MAX_LENGTH = 64 << 20;

    private SidecarDescriptor() {}
}
