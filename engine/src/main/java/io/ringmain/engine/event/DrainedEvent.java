package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;

import org.agrona.MutableDirectBuffer;

/**
 * A connection has been given the messages from the log up to the one that the core marked with {@link
 * DeliveryFlags#REPORT}: there is room for more. A header without a body.
 */
public final class DrainedEvent {
    public static final int LENGTH = HEADER_LENGTH;

    private DrainedEvent() {}

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final int lane, final long connectionId) {
        EventHeader.write(buffer, offset, LENGTH, EventType.DRAINED, 0, lane, connectionId);
    }
}
