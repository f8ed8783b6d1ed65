package io.ringmain.engine.driver;

import org.agrona.collections.Hashing;

/**
 * Which publishers were named for which subscribers since those have caught up last, so that each is paused once and not for
 * every message that it has on its way, nor again when its subscriber has been left behind. Of a fixed size: a pair that
 * another one has driven out is named once more, which costs time and does no harm. One thread.
 */
final class NamedPublishers {
    private static final int PAIRS = 1024;
    private static final int FIELDS = 3;

    /** Subscriber, publisher, and the subscriber's {@link #epochs epoch} when the pair was added. */
    private final long[] pairs = new long[PAIRS * FIELDS];

    /** How often subscribers have caught up; those that share a place also forget with each other. */
    private final long[] epochs = new long[PAIRS];

    private static int place(final long hash) {
        return Hashing.hash(hash, PAIRS - 1);
    }

    /** Returns false if the pair was there already. */
    boolean add(final long subscriberId, final long publisherId) {
        final int at = FIELDS * place(31 * subscriberId + publisherId);
        final long epoch = epochs[place(subscriberId)];
        if (pairs[at] == subscriberId && pairs[at + 1] == publisherId && pairs[at + 2] == epoch) {
            return false;
        }
        pairs[at] = subscriberId;
        pairs[at + 1] = publisherId;
        pairs[at + 2] = epoch;
        return true;
    }

    /** Forgets all pairs of a subscriber. */
    void remove(final long subscriberId) {
        epochs[place(subscriberId)]++;
    }
}
