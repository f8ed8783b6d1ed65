package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;

import org.agrona.MutableDirectBuffer;

/**
 * A place in the order at which a snapshot is taken: the core that serves gives its digest there, and another that has
 * replayed the log up to there must have the same. A header without a body; it changes nothing.
 */
public final class SnapshotMarkEvent {
    public static final int LENGTH = HEADER_LENGTH;

    private SnapshotMarkEvent() {}

    public static void write(final MutableDirectBuffer buffer, final int offset) {
        EventHeader.write(
                buffer, offset, LENGTH, EventType.SNAPSHOT_MARK, 0, EventHeader.NO_LANE, EventHeader.NO_CONNECTION);
    }
}
