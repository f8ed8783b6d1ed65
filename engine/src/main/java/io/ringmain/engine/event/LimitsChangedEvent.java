package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * From here on the bounds of the core's state are those in this event; what is beyond them already stays.
 *
 * <pre>
 *  40      44              48
 *  +-------+---------------+-----------------+
 *  | count | 0             | limits i64...   |
 *  +-------+---------------+-----------------+
 * </pre>
 */
public final class LimitsChangedEvent {
    private static final int COUNT_OFFSET = HEADER_LENGTH;
    private static final int LIMITS_OFFSET = HEADER_LENGTH + 8;

    private LimitsChangedEvent() {}

    /** Length in bytes of the event with so many limits. */
    public static int length(final int limitCount) {
        return LIMITS_OFFSET + limitCount * Long.BYTES;
    }

    public static void write(final MutableDirectBuffer buffer, final int offset, final long[] limits) {
        EventHeader.write(
                buffer,
                offset,
                length(limits.length),
                EventType.LIMITS_CHANGED,
                0,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION);
        buffer.putInt(offset + COUNT_OFFSET, limits.length, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET + Integer.BYTES, 0, LITTLE_ENDIAN);
        for (int i = 0; i < limits.length; i++) {
            buffer.putLong(offset + LIMITS_OFFSET + i * Long.BYTES, limits[i], LITTLE_ENDIAN);
        }
    }

    public static int limitCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    public static long limit(final DirectBuffer buffer, final int offset, final int index) {
        return buffer.getLong(offset + LIMITS_OFFSET + index * Long.BYTES, LITTLE_ENDIAN);
    }
}
