package io.ringmain.storage.log;

/**
 * The frame of a record, the same in the ring and in the log, so that journalling is one copy.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |          length in bytes, with this header, no padding        |
 *  +---------------------------------------------------------------+
 *  |              CRC32C of the bytes [8, length)                  |
 *  +---------------------------------------------------------------+
 *  |                     the record, opaque here                  ...
 * </pre>
 *
 * Little-endian. The next record starts at the next multiple of {@link #ALIGNMENT}.
 */
public final class RecordDescriptor {
    public static final int LENGTH_OFFSET = 0;
    public static final int CRC_OFFSET = 4;
    public static final int HEADER_LENGTH = 8;
    public static final int ALIGNMENT = 8;

    private RecordDescriptor() {}

    /** What a record of this length takes of the position space. */
    public static int alignedLength(final int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
