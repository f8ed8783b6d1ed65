package io.ringmain.engine.event;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The header of every sequenced event. The frame in the ring is the record in the log: the first eight bytes are the
 * log's record header, position and timestamp are stamped by the journal before the core sees the event.
 *
 * <pre>
 *   0        4        8                16               24    26 27 28       32               40
 *  +--------+--------+----------------+----------------+-----+--+--+--------+----------------+------
 *  | length | crc32c |    position    |  timestamp ns  |type |v |fl|  lane  | connection id  | body
 *  +--------+--------+----------------+----------------+-----+--+--+--------+----------------+------
 * </pre>
 *
 * Little-endian. {@code length} counts the header, the body and, with the flag {@link #ORIGIN}, the {@link Origin} behind
 * it, without the padding to the next multiple of 8.
 */
public final class EventHeader {
    public static final int LENGTH_OFFSET = 0;
    public static final int CRC_OFFSET = 4;
    public static final int POSITION_OFFSET = 8;
    public static final int TIMESTAMP_OFFSET = 16;
    public static final int TYPE_OFFSET = 24;
    public static final int VERSION_OFFSET = 26;
    public static final int FLAGS_OFFSET = 27;
    public static final int LANE_OFFSET = 28;
    public static final int CONNECTION_ID_OFFSET = 32;
    public static final int HEADER_LENGTH = 40;

    /** Version of the layouts in this package, written to every event. A log of another one is not read. */
    public static final int VERSION = 2;

    /** Flag: the event reads state and doesn't change it; it is not written to the log. */
    public static final int TRANSIENT = 1;

    /** Flag: the event ends with an {@link Origin}, behind its body. */
    public static final int ORIGIN = 2;

    /** The lane of an event that comes from no I/O agent. */
    public static final int NO_LANE = -1;

    /** The connection of an event that comes from none. */
    public static final long NO_CONNECTION = 0;

    private EventHeader() {}

    /** Writes a header but position and timestamp, which mean nothing until the journal stamps them. Two words at once. */
    public static void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int length,
            final int type,
            final int flags,
            final int lane,
            final long connectionId) {
        buffer.putLong(offset + LENGTH_OFFSET, length, LITTLE_ENDIAN);
        buffer.putLong(
                offset + TYPE_OFFSET,
                type | VERSION << 16 | (long) (flags & 0xFF) << 24 | (long) lane << 32,
                LITTLE_ENDIAN);
        buffer.putLong(offset + CONNECTION_ID_OFFSET, connectionId, LITTLE_ENDIAN);
    }

    /** Called by the journal alone: the event becomes part of the one order. */
    public static void stamp(
            final MutableDirectBuffer buffer, final int offset, final long position, final long timestampNs) {
        buffer.putLong(offset + POSITION_OFFSET, position, LITTLE_ENDIAN);
        buffer.putLong(offset + TIMESTAMP_OFFSET, timestampNs, LITTLE_ENDIAN);
    }

    public static int length(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    public static long position(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + POSITION_OFFSET, LITTLE_ENDIAN);
    }

    public static long timestampNs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + TIMESTAMP_OFFSET, LITTLE_ENDIAN);
    }

    public static int type(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset + TYPE_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
    }

    public static int version(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + VERSION_OFFSET) & 0xFF;
    }

    public static int flags(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    public static boolean isTransient(final DirectBuffer buffer, final int offset) {
        return (flags(buffer, offset) & TRANSIENT) != 0;
    }

    /** Whether an {@link Origin} is behind the body. */
    public static boolean hasOrigin(final DirectBuffer buffer, final int offset) {
        return (flags(buffer, offset) & ORIGIN) != 0;
    }

    public static int lane(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LANE_OFFSET, LITTLE_ENDIAN);
    }

    public static long connectionId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CONNECTION_ID_OFFSET, LITTLE_ENDIAN);
    }

    /** The position after this event: what must be committed before an acknowledgement that it caused may leave. */
    public static long nextPosition(final DirectBuffer buffer, final int offset) {
        return position(buffer, offset) + ((length(buffer, offset) + 7) & ~7);
    }
}
