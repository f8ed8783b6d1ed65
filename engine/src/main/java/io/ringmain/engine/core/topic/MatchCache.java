package io.ringmain.engine.core.topic;

import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicHash;
import org.agrona.DirectBuffer;

/**
 * What topic names led to in the trie, direct-mapped by their hash. A result names nodes, and whoever comes and goes at
 * a node is found there; so it holds until a node that had nobody gets somebody. When the filter of that node has no
 * wildcard, one topic name is concerned, else all may be. A node that nobody is left at does no harm in a result.
 *
 * <p>Says the same as the trie at every moment, so it needn't be the same in two cores that have the same state.
 */
final class MatchCache {
    private static final int SLOTS = 1 << 13;

    /** Most nodes of a result that is kept in a slot: all slots together stay small whatever clients subscribe to. */
    private static final int MAX_KEPT = 64;

    private final MatchResult[] results = new MatchResult[SLOTS];

    /** The last that wasn't known. One that is too long for a slot is found here until another comes. */
    private final MatchResult latest = new MatchResult();

    private long generation;

    /** The result for a topic name, null if it isn't known. */
    MatchResult find(final DirectBuffer topic, final int offset, final int length, final int topicHash) {
        final MatchResult result = results[topicHash & SLOTS - 1];
        if (result != null && result.isOf(topic, offset, length, generation)) {
            return result;
        }
        return latest.isOf(topic, offset, length, generation) ? latest : null;
    }

    /** An empty result for a topic name that isn't known, to be filled and then to be {@link #keep kept}. */
    MatchResult begin(final DirectBuffer topic, final int offset, final int length) {
        return latest.restart(topic, offset, length, generation);
    }

    /** Keeps the result that was begun last in the place of another, unless it is too long. */
    void keep(final int topicHash) {
        if (latest.count() > MAX_KEPT) {
            return;
        }
        final int slot = topicHash & SLOTS - 1;
        if (results[slot] == null) {
            results[slot] = new MatchResult();
        }
        results[slot].copy(latest);
    }

    /** Somebody comes to where nobody was. */
    void invalidate(final DirectBuffer filter, final int offset, final int length) {
        if (TopicFilter.hasWildcard(filter, offset, length)) {
            generation++;
            return;
        }
        latest.invalidate();
        final MatchResult result = results[TopicHash.of(filter, offset, length) & SLOTS - 1];
        if (result != null) {
            result.invalidate();
        }
    }
}
