package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.state.HashedEntry;
import java.util.ArrayList;

/** A level of the trie of topic filters: what has been read of the filter so far, and who subscribes to just that. */
final class TopicNode extends HashedEntry {
    final TopicNode parent;
    final long id;
    final byte[] level;
    final ArrayList<Subscription> subscriptions = new ArrayList<>(1);
    final ArrayList<ShareGroup> groups = new ArrayList<>(0);
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
        return subscriptions.isEmpty() && groups.isEmpty();
    }

    boolean isUseless() {
        return parent != null && isEmpty() && plus == null && hash == null && literalChildren == 0;
    }
}
