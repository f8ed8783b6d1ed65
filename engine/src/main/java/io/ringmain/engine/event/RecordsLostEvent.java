package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Records were lost, and the log was salvaged without them: whatever of the state refers to one of them is let go. Comes
 * in front of the {@link BrokerStartedEvent} of the run that found it, when nobody is connected.
 *
 * <pre>
 *  40              48            56
 *  +---------------+-------------+
 *  | from position | to position |
 *  +---------------+-------------+
 * </pre>
 */
public final class RecordsLostEvent {
    private static final int FROM_OFFSET = HEADER_LENGTH;
    private static final int TO_OFFSET = HEADER_LENGTH + 8;

    public static final int LENGTH = HEADER_LENGTH + 16;

    private RecordsLostEvent() {}

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final long fromPosition, final long toPosition) {
        EventHeader.write(
                buffer, offset, LENGTH, EventType.RECORDS_LOST, 0, EventHeader.NO_LANE, EventHeader.NO_CONNECTION);
        buffer.putLong(offset + FROM_OFFSET, fromPosition, LITTLE_ENDIAN);
        buffer.putLong(offset + TO_OFFSET, toPosition, LITTLE_ENDIAN);
    }

    /** Of the first record that is lost. */
    public static long fromPosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FROM_OFFSET, LITTLE_ENDIAN);
    }

    /** Of the first record that isn't. */
    public static long toPosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + TO_OFFSET, LITTLE_ENDIAN);
    }
}
