package io.ringmain.engine.core.topic;

import io.ringmain.protocol.Bytes;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The nodes of all filters that match one topic name, in the order of the trie. */
final class MatchResult {
    /** A result of more nodes than this is not kept. */
    private static final int MAX_KEPT = 64;

    private static final int INITIAL_NODES = 2;
    private static final long NEVER = -1;

    private final UnsafeBuffer topic = new UnsafeBuffer(new byte[0]);
    private int topicLength;
    private TopicNode[] nodes = new TopicNode[INITIAL_NODES];
    private int count;
    private long generation = NEVER;

    /** Becomes the result, still empty, of another topic name. */
    MatchResult restart(final DirectBuffer buffer, final int offset, final int length, final long generation) {
        if (topic.capacity() < length) {
            topic.wrap(new byte[length]);
        }
        topic.putBytes(0, buffer, offset, length);
        topicLength = length;
        count = 0;
        this.generation = generation;
        return this;
    }

    boolean isOf(final DirectBuffer buffer, final int offset, final int length, final long generation) {
        return this.generation == generation && topicLength == length && Bytes.isSame(topic, 0, buffer, offset, length);
    }

    void invalidate() {
        generation = NEVER;
    }

    /** Adds a node, unless nobody subscribes there. */
    void add(final TopicNode node) {
        if (node.isEmpty()) {
            return;
        }
        if (count == nodes.length) {
            nodes = Arrays.copyOf(nodes, count * 2);
        }
        nodes[count++] = node;
    }

    int count() {
        return count;
    }

    TopicNode node(final int index) {
        return nodes[index];
    }

    /** A result that is too long gives its memory back. */
    void trim() {
        if (count > MAX_KEPT) {
            nodes = new TopicNode[INITIAL_NODES];
            count = 0;
            invalidate();
        }
    }
}
