package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.HashedTable;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.StateDigest;
import java.util.ArrayList;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All subscriptions, as a trie of filter levels. One hash table holds the literal children of all nodes, keyed by parent
 * and level; {@code +} and {@code #} are fields. What a match finds comes in the order of the trie and of the
 * subscriptions on each node, never of the table.
 *
 * <p>The cost of a match is that of the filters that fit a prefix of the topic, whatever others there are. Depth is on a
 * stack of its own, bounded by the levels of the topic.
 */
public final class TopicIndex {
    /** Receives each subscription that matches. */
    @FunctionalInterface
    public interface MatchHandler {
        void onMatch(Subscription subscription);
    }

    private static final int INITIAL_STACK = 64;
    private static final byte[] NO_BYTES = {};

    private final StateDigest digest;
    private final HashedTable<TopicNode> children = new HashedTable<>();
    private final HashedTable<Subscription> subscriptions = new HashedTable<>();
    private final TopicNode root = new TopicNode(null, 0, 0, NO_BYTES);
    private long nextNodeId = 1;

    private TopicNode[] nodeStack = new TopicNode[INITIAL_STACK];
    private int[] offsetStack = new int[INITIAL_STACK];
    private int depth;

    public TopicIndex(final StateDigest digest) {
        this.digest = digest;
    }

    /** Number of subscriptions. */
    public int count() {
        return subscriptions.size();
    }

    /** The session's subscription with this filter, null if there is none. */
    public Subscription find(final Session session, final DirectBuffer filter, final int offset, final int length) {
        final int hash = subscriptionHash(session, filter, offset, length);
        Subscription found;
        for (int i = subscriptions.first(hash); (found = subscriptions.at(i)) != null; i = subscriptions.next(i)) {
            if (found.hash() == hash
                    && found.session() == session
                    && KeyBytes.isSame(found.filter(), filter, offset, length)) {
                return found;
            }
        }
        return null;
    }

    private static int subscriptionHash(
            final Session session, final DirectBuffer filter, final int offset, final int length) {
        return (int) StateDigest.mix(session.id(), StateDigest.hash(filter, offset, length));
    }

    /** Adds a subscription that isn't there yet. */
    public Subscription add(
            final Session session, final DirectBuffer filter, final int offset, final int length, final int options) {
        final TopicNode node = makeNode(filter, offset, length);
        final Subscription added = insert(session, filter, offset, length, options, node, node.subscriptions.size());
        node.subscriptions.add(added);
        return added;
    }

    private Subscription insert(
            final Session session,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final int options,
            final TopicNode node,
            final int nodeIndex) {
        final byte[] copy = new byte[length];
        filter.getBytes(offset, copy);
        final int hash = subscriptionHash(session, filter, offset, length);
        final Subscription added = new Subscription(hash, session, new UnsafeBuffer(copy), node, options, nodeIndex);
        subscriptions.add(added);
        added.sessionIndex(session.subscriptions().size());
        session.subscriptions().add(added);
        digest.add(added.contentHash());
        return added;
    }

    /** Puts a subscription of a snapshot where it was. */
    public void restore(
            final Session session,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final int options,
            final int nodeIndex) {
        final TopicNode node = makeNode(filter, offset, length);
        while (node.subscriptions.size() <= nodeIndex) {
            node.subscriptions.add(null);
        }
        node.subscriptions.set(nodeIndex, insert(session, filter, offset, length, options, node, nodeIndex));
    }

    /** Changes the options of a subscription; it keeps its place. */
    public void change(final Subscription subscription, final int options) {
        digest.remove(subscription.contentHash());
        subscription.options(options);
        digest.add(subscription.contentHash());
    }

    /** Removes a subscription, and the nodes that only it needed. */
    public void remove(final Subscription subscription) {
        final TopicNode node = subscription.node();
        final ArrayList<Subscription> peers = node.subscriptions;
        final Subscription last = peers.remove(peers.size() - 1);
        digest.remove(subscription.contentHash());
        if (last != subscription) {
            digest.remove(last.contentHash());
            peers.set(subscription.nodeIndex(), last);
            last.nodeIndex(subscription.nodeIndex());
            digest.add(last.contentHash());
        }
        subscriptions.remove(subscription);
        removeFromSession(subscription);
        prune(node);
    }

    private static void removeFromSession(final Subscription subscription) {
        final ArrayList<Subscription> own = subscription.session().subscriptions();
        final Subscription last = own.remove(own.size() - 1);
        if (last != subscription) {
            own.set(subscription.sessionIndex(), last);
            last.sessionIndex(subscription.sessionIndex());
        }
    }

    private void prune(final TopicNode leaf) {
        for (TopicNode node = leaf; node.isUseless(); node = node.parent) {
            final TopicNode parent = node.parent;
            if (parent.plus == node) {
                parent.plus = null;
            } else if (parent.hash == node) {
                parent.hash = null;
            } else {
                parent.literalChildren--;
                children.remove(node);
            }
        }
    }

    private TopicNode makeNode(final DirectBuffer filter, final int offset, final int length) {
        final int limit = offset + length;
        TopicNode node = root;
        int start = offset;
        while (start <= limit) {
            final int end = levelEnd(filter, start, limit);
            node = makeChild(node, filter, start, end - start);
            start = end + 1;
        }
        return node;
    }

    private TopicNode makeChild(final TopicNode parent, final DirectBuffer filter, final int start, final int length) {
        if (length == 1 && filter.getByte(start) == '+') {
            parent.plus = parent.plus != null ? parent.plus : newNode(parent, 0, new byte[] {'+'});
            return parent.plus;
        }
        if (length == 1 && filter.getByte(start) == '#') {
            parent.hash = parent.hash != null ? parent.hash : newNode(parent, 0, new byte[] {'#'});
            return parent.hash;
        }
        final TopicNode found = child(parent, filter, start, length);
        if (found != null) {
            return found;
        }
        final byte[] level = new byte[length];
        filter.getBytes(start, level);
        final TopicNode made = newNode(parent, childHash(parent, filter, start, length), level);
        parent.literalChildren++;
        children.add(made);
        return made;
    }

    private TopicNode newNode(final TopicNode parent, final int hash, final byte[] level) {
        return new TopicNode(parent, nextNodeId++, hash, level);
    }

    private TopicNode child(final TopicNode parent, final DirectBuffer topic, final int start, final int length) {
        if (parent.literalChildren == 0) {
            return null;
        }
        final int hash = childHash(parent, topic, start, length);
        TopicNode node;
        for (int i = children.first(hash); (node = children.at(i)) != null; i = children.next(i)) {
            if (node.hash() == hash && node.parent == parent && isSame(node.level, topic, start, length)) {
                return node;
            }
        }
        return null;
    }

    private static boolean isSame(final byte[] level, final DirectBuffer topic, final int start, final int length) {
        if (level.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (level[i] != topic.getByte(start + i)) {
                return false;
            }
        }
        return true;
    }

    private static int childHash(final TopicNode parent, final DirectBuffer topic, final int start, final int length) {
        int hash = (int) (parent.id * 0x9E37_79B9) ^ 0x811C_9DC5;
        for (int i = start, limit = start + length; i < limit; i++) {
            hash = (hash ^ (topic.getByte(i) & 0xFF)) * 0x0100_0193;
        }
        return hash ^ hash >>> 16;
    }

    private static int levelEnd(final DirectBuffer topic, final int start, final int limit) {
        int i = start;
        while (i < limit && topic.getByte(i) != '/') {
            i++;
        }
        return i;
    }

    /** Hands over every subscription whose filter matches a topic name. */
    public void match(final DirectBuffer topic, final int offset, final int length, final MatchHandler handler) {
        final int limit = offset + length;
        final boolean hidden = length > 0 && topic.getByte(offset) == '$';
        push(root, offset);
        while (depth > 0) {
            depth--;
            final TopicNode node = nodeStack[depth];
            final int start = offsetStack[depth];
            final boolean wildcards = node != root || !hidden;
            if (wildcards && node.hash != null) {
                handOver(node.hash, handler);
            }
            if (start > limit) {
                handOver(node, handler);
                continue;
            }
            final int end = levelEnd(topic, start, limit);
            if (wildcards && node.plus != null) {
                push(node.plus, end + 1);
            }
            final TopicNode child = child(node, topic, start, end - start);
            if (child != null) {
                push(child, end + 1);
            }
        }
    }

    private static void handOver(final TopicNode node, final MatchHandler handler) {
        final ArrayList<Subscription> found = node.subscriptions;
        for (int i = 0, size = found.size(); i < size; i++) {
            handler.onMatch(found.get(i));
        }
    }

    private void push(final TopicNode node, final int start) {
        if (depth == nodeStack.length) {
            nodeStack = Arrays.copyOf(nodeStack, depth * 2);
            offsetStack = Arrays.copyOf(offsetStack, depth * 2);
        }
        nodeStack[depth] = node;
        offsetStack[depth] = start;
        depth++;
    }

    /** What the subscriptions of a session add to the digest, computed anew. */
    public static long digestFromScratch(final Session session) {
        long sum = 0;
        for (int i = 0; i < session.subscriptions().size(); i++) {
            sum += session.subscriptions().get(i).contentHash();
        }
        return sum;
    }
}
