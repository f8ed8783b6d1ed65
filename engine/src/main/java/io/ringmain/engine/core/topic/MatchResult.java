package io.ringmain.engine.core.topic;

import io.ringmain.protocol.Bytes;
import java.util.Arrays;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The nodes of all filters that match one topic name, in the order of the trie. What it has grown to it keeps. */
final class MatchResult {
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

    /** Becomes the result of the same topic name as another one. */
    void copy(final MatchResult other) {
        restart(other.topic, 0, other.topicLength, other.generation);
        if (other.count > nodes.length) {
            nodes = new TopicNode[BitUtil.findNextPositivePowerOfTwo(other.count)];
        }
        System.arraycopy(other.nodes, 0, nodes, 0, other.count);
        count = other.count;
    }
}
