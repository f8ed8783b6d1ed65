package io.ringmain.engine.ring;

import org.agrona.DirectBuffer;

/**
 * Takes a message for its targets, where they lie: out of a FAN_OUT record of a lane, or straight from the core's thread
 * when that is the I/O agent's as well. Layouts as in {@link EgressRecord}.
 */
@FunctionalInterface
public interface FanOutHandler {
    /**
     * @param targets holds {@code count} targets from {@code targetsOffset} on.
     * @param lists holds the lists of identifiers that targets refer to, from {@code listsOffset} on.
     * @param event holds the event with the message, a whole frame with its header.
     * @param requiredPosition to be committed before a delivery with QoS 1 or 2 may leave.
     */
    void onFanOut(
            DirectBuffer targets,
            int targetsOffset,
            int count,
            DirectBuffer lists,
            int listsOffset,
            DirectBuffer event,
            int eventOffset,
            long requiredPosition);
}
