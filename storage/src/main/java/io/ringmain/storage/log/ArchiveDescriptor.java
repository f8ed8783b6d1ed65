package io.ringmain.storage.log;

/**
 * An archive: records taken out of a log, each under its own position and with all its bytes, in one file that proves
 * itself.
 *
 * <pre>
 *  0        8         12       16
 *  +--------+---------+--------+-------------------------+
 *  | magic  | version | text   | text, UTF-8, padded     |   what the archive is, in lines "name: value"
 *  |        |         | length | to a multiple of 8      |
 *  +--------+---------+--------+-------------------------+
 *  +----------------+------------------------------------+
 *  | position       | record, padded to a multiple of 8  |   as often as there are records; ascending
 *  +----------------+------------------------------------+
 *  0                8                16               24              32               40               48        80
 *  +----------------+----------------+----------------+---------------+----------------+----------------+---------+
 *  | -1             | count          | first position | next position | first time ns  | last time ns   | SHA-256 |
 *  +----------------+----------------+----------------+---------------+----------------+----------------+---------+
 * </pre>
 *
 * Little-endian. A record has its {@link RecordDescriptor} header, with its own CRC. The positions and times at the end
 * are those of the first and the last record; without a record they are 0. The SHA-256 is of all bytes before it.
 */
final class ArchiveDescriptor {
    static final long MAGIC = 0x6863_7261_6E69_6D72L;
    static final int VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int TEXT_LENGTH_OFFSET = 12;
    static final int HEADER_LENGTH = 16;
    static final int MAX_TEXT_LENGTH = 64 << 10;

    static final int POSITION_LENGTH = 8;

    static final long END = -1;
    static final int COUNT_OFFSET = 8;
    static final int FIRST_POSITION_OFFSET = 16;
    static final int NEXT_POSITION_OFFSET = 24;
    static final int FIRST_TIMESTAMP_OFFSET = 32;
    static final int LAST_TIMESTAMP_OFFSET = 40;
    static final int HASH_OFFSET = 48;
    static final int HASH_LENGTH = 32;
    static final int END_LENGTH = HASH_OFFSET + HASH_LENGTH;

    private ArchiveDescriptor() {}
}
