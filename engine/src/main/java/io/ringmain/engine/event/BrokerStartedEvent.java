package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The broker serves from here on: the first event of every run. All connections of the run before are gone, and for the
 * core they end at this event's timestamp; from here on the bounds of its state are those in this event.
 *
 * <pre>
 *  40      44      48
 *  +-------+-------+-----------------+
 *  | lanes | count | limits i64...   |
 *  +-------+-------+-----------------+
 * </pre>
 */
public final class BrokerStartedEvent {
    private static final int LANES_OFFSET = HEADER_LENGTH;
    private static final int COUNT_OFFSET = HEADER_LENGTH + 4;
    private static final int LIMITS_OFFSET = HEADER_LENGTH + 8;

    private BrokerStartedEvent() {}

    /** Length in bytes of the event with so many limits. */
    public static int length(final int limitCount) {
        return LIMITS_OFFSET + limitCount * Long.BYTES;
    }

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final int laneCount, final long[] limits) {
        EventHeader.write(
                buffer,
                offset,
                length(limits.length),
                EventType.BROKER_STARTED,
                0,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION);
        buffer.putInt(offset + LANES_OFFSET, laneCount, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET, limits.length, LITTLE_ENDIAN);
        for (int i = 0; i < limits.length; i++) {
            buffer.putLong(offset + LIMITS_OFFSET + i * Long.BYTES, limits[i], LITTLE_ENDIAN);
        }
    }

    public static int laneCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LANES_OFFSET, LITTLE_ENDIAN);
    }

    public static int limitCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    public static long limit(final DirectBuffer buffer, final int offset, final int index) {
        return buffer.getLong(offset + LIMITS_OFFSET + index * Long.BYTES, LITTLE_ENDIAN);
    }
}
