package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;

import org.agrona.MutableDirectBuffer;

/**
 * The client of a connection may not publish to the topic of its will any more: whatever ends the connection, the will is
 * not published. A header without a body.
 */
public final class WillDeniedEvent {
    public static final int LENGTH = HEADER_LENGTH;

    private WillDeniedEvent() {}

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final int lane, final long connectionId) {
        EventHeader.write(buffer, offset, LENGTH, EventType.WILL_DENIED, 0, lane, connectionId);
    }
}
