package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.DenseIds;
import io.ringmain.engine.core.state.HashedTable;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.TopicHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All subscriptions, as a trie of filter levels. One hash table holds the literal children of all nodes, keyed by parent
 * and level; {@code +} and {@code #} are fields. What a match finds comes in the order of the trie and of the
 * subscriptions on each node, never of the table.
 *
 * <p>The cost of a match is that of the filters that fit a prefix of the topic, whatever others there are; and of a topic
 * that was matched lately, that of comparing its name. Depth is on a
 * stack of its own, bounded by the levels of the topic.
 */
public final class TopicIndex {
    /** Receives what matches. */
    public interface MatchHandler {
        void onMatch(Subscription subscription);

        void onMatch(ShareGroup group);
    }

    private static final int INITIAL_STACK = 64;
    private static final byte[] NO_BYTES = {};
    private static final long GROUP_SALT = 0x6F0A_95A1L;

    private final StateDigest digest;
    private final HashedTable<TopicNode> children = new HashedTable<>();
    private final HashedTable<Subscription> subscriptions = new HashedTable<>();
    private final IdentifierSets identifiers;
    private final DenseIds groupIds;
    private final HashedTable<ShareGroup> groups = new HashedTable<>();
    private final ArrayList<ShareGroup> groupsById = new ArrayList<>();
    private final MatchCache matchCache = new MatchCache();
    private final TopicNode root = new TopicNode(null, 0, 0, NO_BYTES);
    private long nextNodeId = 1;

    private TopicNode[] nodeStack = new TopicNode[INITIAL_STACK];
    private int[] offsetStack = new int[INITIAL_STACK];
    private int depth;

    /** @param identifiers of the messages that wait in groups. */
    public TopicIndex(final StateDigest digest, final IdentifierSets identifiers) {
        this.digest = digest;
        this.identifiers = identifiers;
        this.groupIds = new DenseIds(digest, GROUP_SALT);
    }

    /** Number of subscriptions. */
    public int count() {
        return subscriptions.size();
    }

    /** Number of shared subscriptions, each counted once however many members it has. */
    public int groupCount() {
        return groups.size();
    }

    /** The group with this number, null if there is none. */
    public ShareGroup group(final int number) {
        return number <= groupsById.size() ? groupsById.get(number - 1) : null;
    }

    /** Numbers of groups are below this. */
    public int groupNumberLimit() {
        return groupsById.size() + 1;
    }

    public DenseIds groupIds() {
        return groupIds;
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
            final Session session,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final int options,
            final int identifier) {
        if (TopicFilter.isShared(filter, offset, length)) {
            return addShared(session, filter, offset, length, options, identifier);
        }
        final TopicNode node = makePlainNode(filter, offset, length);
        final Subscription added =
                insert(session, filter, offset, length, node, null, options, identifier, node.subscriptionCount);
        node.put(added.place(), added);
        return added;
    }

    /** The node of a filter that isn't shared; what comes through a replay is what the filter inside it matches. */
    private TopicNode makePlainNode(final DirectBuffer filter, final int offset, final int length) {
        return TopicFilter.isReplay(filter, offset, length)
                ? makeNode(
                        filter,
                        TopicFilter.unsharedOffset(filter, offset, length),
                        TopicFilter.unsharedLength(filter, offset, length))
                : makeNode(filter, offset, length);
    }

    private Subscription addShared(
            final Session session,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final int options,
            final int identifier) {
        ShareGroup group = findGroup(filter, offset, length);
        if (group == null) {
            final TopicNode node = makeNode(
                    filter,
                    TopicFilter.unsharedOffset(filter, offset, length),
                    TopicFilter.unsharedLength(filter, offset, length));
            group = insertGroup(groupIds.take() + 1, filter, offset, length, node, node.groupCount());
            node.put(group.place(), group);
        }
        final Subscription added =
                insert(session, filter, offset, length, group.node(), group, options, identifier, group.memberCount());
        group.add(added);
        if (session.isConnected()) {
            group.onConnected(added);
        }
        return added;
    }

    private ShareGroup findGroup(final DirectBuffer filter, final int offset, final int length) {
        final int hash = (int) StateDigest.hash(filter, offset, length);
        ShareGroup found;
        for (int i = groups.first(hash); (found = groups.at(i)) != null; i = groups.next(i)) {
            if (found.hash() == hash && KeyBytes.isSame(found.filter(), filter, offset, length)) {
                return found;
            }
        }
        return null;
    }

    private ShareGroup insertGroup(
            final int number,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final TopicNode node,
            final int nodeIndex) {
        final byte[] copy = new byte[length];
        filter.getBytes(offset, copy);
        final int hash = (int) StateDigest.hash(filter, offset, length);
        final ShareGroup made =
                new ShareGroup(hash, number, new UnsafeBuffer(copy), node, nodeIndex, digest, identifiers);
        groups.add(made);
        while (groupsById.size() < number) {
            groupsById.add(null);
        }
        groupsById.set(number - 1, made);
        digest.add(made.headerHash());
        return made;
    }

    /** Makes a group of a snapshot, without members. */
    public ShareGroup restoreGroup(
            final int number,
            final int nodeIndex,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final int connected,
            final long turn) {
        final TopicNode node = makeNode(
                filter,
                TopicFilter.unsharedOffset(filter, offset, length),
                TopicFilter.unsharedLength(filter, offset, length));
        groupIds.restore(number - 1);
        final ShareGroup group = insertGroup(number, filter, offset, length, node, nodeIndex);
        node.put(nodeIndex, group);
        group.restoreHeader(connected, turn);
        return group;
    }

    private Subscription insert(
            final Session session,
            final DirectBuffer filter,
            final int offset,
            final int length,
            final TopicNode node,
            final ShareGroup group,
            final int options,
            final int identifier,
            final int place) {
        final byte[] copy = new byte[length];
        filter.getBytes(offset, copy);
        final int hash = subscriptionHash(session, filter, offset, length);
        final Subscription added = new Subscription(hash, session, copy, node, group, options, identifier, place);
        subscriptions.add(added);
        added.sessionIndex(session.subscriptions().size());
        session.makeSubscriptions().add(added);
        if (group != null) {
            added.sharedIndex(session.shared().size());
            session.makeShared().add(added);
        }
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
            final int identifier,
            final int place) {
        if (TopicFilter.isShared(filter, offset, length)) {
            final ShareGroup group = findGroup(filter, offset, length);
            group.restore(
                    insert(session, filter, offset, length, group.node(), group, options, identifier, place), place);
            return;
        }
        final TopicNode node = makePlainNode(filter, offset, length);
        node.put(place, insert(session, filter, offset, length, node, null, options, identifier, place));
    }

    /** Changes options and identifier of a subscription; it keeps its place. */
    public void change(final Subscription subscription, final int options, final int identifier) {
        digest.remove(subscription.contentHash());
        subscription.change(options, identifier);
        digest.add(subscription.contentHash());
    }

    /** Removes a subscription, and the nodes that only it needed. */
    public void remove(final Subscription subscription) {
        if (subscription.group() != null) {
            removeShared(subscription);
        } else {
            removePlain(subscription);
        }
        digest.remove(subscription.contentHash());
        subscriptions.remove(subscription);
        removeFromSession(subscription);
        prune(subscription.node());
    }

    private void removePlain(final Subscription subscription) {
        final TopicNode node = subscription.node();
        final Subscription last = node.removeLast();
        if (last != subscription) {
            digest.remove(last.contentHash());
            node.put(subscription.place(), last);
            last.place(subscription.place());
            digest.add(last.contentHash());
        }
    }

    /** A group without members goes, and what waits in it. */
    private void removeShared(final Subscription subscription) {
        final ShareGroup group = subscription.group();
        group.remove(subscription);
        if (group.memberCount() > 0) {
            return;
        }
        group.waiting().clear();
        digest.remove(group.headerHash());
        groups.remove(group);
        groupsById.set(group.number() - 1, null);
        groupIds.giveBack(group.number() - 1);
        final ArrayList<ShareGroup> peers = group.node().groups;
        final ShareGroup last = peers.remove(peers.size() - 1);
        if (last != group) {
            peers.set(group.place(), last);
            last.place(group.place());
        }
    }

    private static void removeFromSession(final Subscription subscription) {
        final List<Subscription> own = subscription.session().subscriptions();
        final Subscription last = own.remove(own.size() - 1);
        if (last != subscription) {
            own.set(subscription.sessionIndex(), last);
            last.sessionIndex(subscription.sessionIndex());
        }
        if (subscription.group() != null) {
            removeFromShared(subscription);
        }
    }

    private static void removeFromShared(final Subscription subscription) {
        final List<Subscription> shared = subscription.session().shared();
        final Subscription last = shared.remove(shared.size() - 1);
        if (last != subscription) {
            shared.set(subscription.sharedIndex(), last);
            last.sharedIndex(subscription.sharedIndex());
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

    /** The node of a filter, for somebody who is about to be added there. */
    private TopicNode makeNode(final DirectBuffer filter, final int offset, final int length) {
        final int limit = offset + length;
        TopicNode node = root;
        int start = offset;
        while (start <= limit) {
            final int end = levelEnd(filter, start, limit);
            node = makeChild(node, filter, start, end - start);
            start = end + 1;
        }
        if (node.isEmpty()) {
            matchCache.invalidate(filter, offset, length);
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

    /** As below, for a topic name whose hash isn't known. */
    public void match(final DirectBuffer topic, final int offset, final int length, final MatchHandler handler) {
        match(topic, offset, length, TopicHash.of(topic, offset, length), handler);
    }

    /**
     * Hands over every subscription whose filter matches a topic name.
     *
     * @param topicHash {@link TopicHash} of the name.
     */
    public void match(
            final DirectBuffer topic,
            final int offset,
            final int length,
            final int topicHash,
            final MatchHandler handler) {
        MatchResult result = matchCache.find(topic, offset, length, topicHash);
        if (result == null) {
            result = matchCache.begin(topic, offset, length);
            collect(topic, offset, length, result);
            matchCache.keep(topicHash);
        }
        for (int i = 0, count = result.count(); i < count; i++) {
            handOver(result.node(i), handler);
        }
    }

    private void collect(final DirectBuffer topic, final int offset, final int length, final MatchResult result) {
        final int limit = offset + length;
        final boolean hidden = length > 0 && topic.getByte(offset) == '$';
        push(root, offset);
        while (depth > 0) {
            depth--;
            final TopicNode node = nodeStack[depth];
            final int start = offsetStack[depth];
            final boolean wildcards = node != root || !hidden;
            if (wildcards && node.hash != null) {
                result.add(node.hash);
            }
            if (start > limit) {
                result.add(node);
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
        final Subscription[] found = node.subscriptions;
        for (int i = 0, count = node.subscriptionCount; i < count; i++) {
            handler.onMatch(found[i]);
        }
        for (int i = 0, count = node.groupCount(); i < count; i++) {
            handler.onMatch(node.groups.get(i));
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

    /** What the groups add to the digest, computed anew. */
    public long digestFromScratch() {
        long sum = groupIds.contentHash();
        for (final ShareGroup group : groupsById) {
            sum += group == null ? 0 : group.contentHash();
        }
        return sum;
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
