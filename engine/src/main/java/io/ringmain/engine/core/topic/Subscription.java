package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.HashedEntry;
import io.ringmain.engine.core.state.StateDigest;
import org.agrona.concurrent.UnsafeBuffer;

/** One topic filter of one session. */
public final class Subscription extends HashedEntry {
    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;

    private final Session session;
    private final UnsafeBuffer filter;
    private final TopicNode node;
    private int options;
    private int nodeIndex;
    private int sessionIndex;

    Subscription(
            final int hash,
            final Session session,
            final UnsafeBuffer filter,
            final TopicNode node,
            final int options,
            final int nodeIndex) {
        super(hash);
        this.session = session;
        this.filter = filter;
        this.node = node;
        this.options = options;
        this.nodeIndex = nodeIndex;
    }

    public Session session() {
        return session;
    }

    public UnsafeBuffer filter() {
        return filter;
    }

    TopicNode node() {
        return node;
    }

    /** Subscription options of MQTT 5. */
    public int options() {
        return options;
    }

    void options(final int newOptions) {
        options = newOptions;
    }

    public int qos() {
        return options & 3;
    }

    public boolean isNoLocal() {
        return (options & NO_LOCAL) != 0;
    }

    public boolean isRetainAsPublished() {
        return (options & RETAIN_AS_PUBLISHED) != 0;
    }

    /** Place among the subscriptions with the same filter. */
    public int nodeIndex() {
        return nodeIndex;
    }

    void nodeIndex(final int index) {
        nodeIndex = index;
    }

    /** Place among the subscriptions of the session; no part of the state. */
    int sessionIndex() {
        return sessionIndex;
    }

    void sessionIndex(final int index) {
        sessionIndex = index;
    }

    /** What it adds to the digest. */
    long contentHash() {
        final long place = StateDigest.mix(session.salt(), (long) options << 32 | nodeIndex);
        return StateDigest.mix(place, StateDigest.hash(filter, 0, filter.capacity()));
    }
}
