package io.ringmain.engine.io;

import io.ringmain.protocol.Bytes;
import io.ringmain.protocol.TopicHash;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The topic aliases of one direction of a connection: numbers that stand for topic names which were sent before. Confined
 * to one I/O agent.
 */
final class TopicAliases {
    /** An alias takes three bytes as a property, so it pays only for longer names. */
    private static final int SHORTEST_TOPIC = 4;

    private static final byte[] NO_BYTES = {};

    private final UnsafeBuffer[] topics;
    private final int[] lengths;

    /** @param maximum largest alias. */
    TopicAliases(final int maximum) {
        topics = new UnsafeBuffer[maximum];
        lengths = new int[maximum];
    }

    int maximum() {
        return topics.length;
    }

    /** Sets what an alias stands for; it must be from 1 to the maximum. */
    void set(final int alias, final DirectBuffer buffer, final int offset, final int length) {
        UnsafeBuffer topic = topics[alias - 1];
        if (topic == null) {
            topic = new UnsafeBuffer(NO_BYTES);
            topics[alias - 1] = topic;
        }
        if (topic.capacity() < length) {
            topic.wrap(new byte[length]);
        }
        topic.putBytes(0, buffer, offset, length);
        lengths[alias - 1] = length;
    }

    /** Length of what an alias stands for, 0 if it wasn't set. */
    int length(final int alias) {
        return lengths[alias - 1];
    }

    /** What an alias stands for, from index 0 on. */
    UnsafeBuffer topic(final int alias) {
        return topics[alias - 1];
    }

    /**
     * The alias that a topic name may have: one that depends on the name alone, so that finding it takes no search. 0 if
     * it isn't worth one.
     */
    int aliasOf(final DirectBuffer buffer, final int offset, final int length) {
        return length < SHORTEST_TOPIC
                ? 0
                : Integer.remainderUnsigned(TopicHash.of(buffer, offset, length), topics.length) + 1;
    }

    /** Whether an alias stands for this name now. */
    boolean isSet(final int alias, final DirectBuffer buffer, final int offset, final int length) {
        return lengths[alias - 1] == length && Bytes.isSame(topics[alias - 1], 0, buffer, offset, length);
    }
}
