package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The broker serves from here on: the first event of every run. All connections of the run before are gone, and for the
 * core they end at this event's timestamp. {@code 40: lanes of this run, i32; 44: reserved}.
 */
public final class BrokerStartedEvent {
    public static final int LENGTH = HEADER_LENGTH + 8;

    private BrokerStartedEvent() {}

    public static void write(final MutableDirectBuffer buffer, final int offset, final int laneCount) {
        EventHeader.write(
                buffer, offset, LENGTH, EventType.BROKER_STARTED, 0, EventHeader.NO_LANE, EventHeader.NO_CONNECTION);
        buffer.putInt(offset + HEADER_LENGTH, laneCount, LITTLE_ENDIAN);
        buffer.putInt(offset + HEADER_LENGTH + 4, 0, LITTLE_ENDIAN);
    }

    public static int laneCount(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + HEADER_LENGTH, LITTLE_ENDIAN);
    }
}
