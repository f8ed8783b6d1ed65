package io.ringmain.engine.ring;

import io.ringmain.engine.auth.ClientAccess;

/**
 * Where a subscriber wants to go on reading the log, and who it is. Immutable.
 *
 * @param connectionId of the subscriber.
 * @param number of its replay.
 * @param askedAt what the answer has to repeat; grows with each request of a replay.
 * @param fromPosition where to look, below zero for the place that the filter names.
 * @param toPosition where to stop, below zero for the end of what is committed.
 * @param noLocal whether what its own client published is left out.
 * @param filter as it was subscribed to, {@code $replay/place/filter}.
 * @param client the subscriber, and what it may read.
 */
public record ReplayRequest(
        long connectionId,
        int number,
        long askedAt,
        long fromPosition,
        long toPosition,
        boolean noLocal,
        String filter,
        ClientAccess client) {
    /** Of the subscriber. */
    public String clientId() {
        return client.identity().clientId();
    }
}
