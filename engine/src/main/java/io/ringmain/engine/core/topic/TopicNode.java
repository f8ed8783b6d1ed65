package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.state.HashedEntry;
import java.util.ArrayList;
import java.util.Arrays;

/** A level of the trie of topic filters: what has been read of the filter so far, and who subscribes to just that. */
final class TopicNode extends HashedEntry {
    /** Shared by all without subscriptions, and never written to: of nodes there are as many as filters, and more. */
    private static final Subscription[] NOTHING = {};

    final TopicNode parent;
    final long id;
    final byte[] level;

    /** Those at the front, {@link #subscriptionCount} of them; most nodes have one or none. */
    Subscription[] subscriptions = NOTHING;

    int subscriptionCount;

    /** Null until there is one. */
    ArrayList<ShareGroup> groups;

    TopicNode plus;
    TopicNode hash;
    int literalChildren;

    TopicNode(final TopicNode parent, final long id, final int hash, final byte[] level) {
        super(hash);
        this.parent = parent;
        this.id = id;
        this.level = level;
    }

    /** Nobody subscribes to just this. */
    boolean isEmpty() {
        return subscriptionCount == 0 && groupCount() == 0;
    }

    int groupCount() {
        return groups == null ? 0 : groups.size();
    }

    /** Puts a subscription into a place, behind which the others of a snapshot may still be missing. */
    void put(final int place, final Subscription subscription) {
        if (place >= subscriptions.length) {
            subscriptions = Arrays.copyOf(subscriptions, Math.max(place + 1, place + place / 2));
        }
        subscriptions[place] = subscription;
        subscriptionCount = Math.max(subscriptionCount, place + 1);
    }

    /** Takes the last one out; the last of all gives the memory back. */
    Subscription removeLast() {
        final Subscription last = subscriptions[--subscriptionCount];
        subscriptions[subscriptionCount] = null;
        subscriptions = subscriptionCount == 0 ? NOTHING : subscriptions;
        return last;
    }

    /** Puts a group into a place, behind which the others of a snapshot may still be missing. */
    void put(final int place, final ShareGroup group) {
        groups = groups == null ? new ArrayList<>(1) : groups;
        while (groups.size() <= place) {
            groups.add(null);
        }
        groups.set(place, group);
    }

    boolean isUseless() {
        return parent != null && isEmpty() && plus == null && hash == null && literalChildren == 0;
    }
}
