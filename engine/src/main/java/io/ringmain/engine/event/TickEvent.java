package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A deadline of the core has passed: {@code 40: deadline, epoch nanoseconds}. The core acts on the timestamp of the
 * event, which is not less than the deadline.
 */
public final class TickEvent {
    public static final int LENGTH = HEADER_LENGTH + 8;

    private TickEvent() {}

    public static void write(final MutableDirectBuffer buffer, final int offset, final long deadlineNs) {
        EventHeader.write(buffer, offset, LENGTH, EventType.TICK, 0, EventHeader.NO_LANE, EventHeader.NO_CONNECTION);
        buffer.putLong(offset + HEADER_LENGTH, deadlineNs, LITTLE_ENDIAN);
    }

    public static long deadlineNs(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + HEADER_LENGTH, LITTLE_ENDIAN);
    }
}
