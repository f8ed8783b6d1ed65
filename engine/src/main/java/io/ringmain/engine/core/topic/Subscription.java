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
    private final byte[] filter;
    private final TopicNode node;
    private final ShareGroup group;
    private int options;
    private int identifier;
    private int place;
    private int sessionIndex;
    private int sharedIndex;
    private Replay replay;

    Subscription(
            final int hash,
            final Session session,
            final byte[] filter,
            final TopicNode node,
            final ShareGroup group,
            final int options,
            final int identifier,
            final int place) {
        super(hash);
        this.session = session;
        this.filter = filter;
        this.node = node;
        this.group = group;
        this.options = options;
        this.identifier = identifier;
        this.place = place;
    }

    public Session session() {
        return session;
    }

    /** A view that is made at each call: there are as many subscriptions as anything, and few are ever looked at. */
    public UnsafeBuffer filter() {
        return new UnsafeBuffer(filter);
    }

    TopicNode node() {
        return node;
    }

    /** The group of a shared subscription, null if it isn't shared. */
    public ShareGroup group() {
        return group;
    }

    /** Subscription identifier of MQTT 5, 0 for none. */
    public int identifier() {
        return identifier;
    }

    /** Subscription options of MQTT 5. */
    public int options() {
        return options;
    }

    void change(final int newOptions, final int newIdentifier) {
        options = newOptions;
        identifier = newIdentifier;
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

    /** Place among the subscriptions with the same filter, or among the members of the group. */
    public int place() {
        return place;
    }

    void place(final int newPlace) {
        place = newPlace;
    }

    /** Place among the subscriptions of the session; no part of the state. */
    int sessionIndex() {
        return sessionIndex;
    }

    void sessionIndex(final int index) {
        sessionIndex = index;
    }

    /** Place among the shared subscriptions of the session; no part of the state. */
    int sharedIndex() {
        return sharedIndex;
    }

    void sharedIndex(final int index) {
        sharedIndex = index;
    }

    /** What brings it to the present, null when it is there. */
    public Replay replay() {
        return replay;
    }

    public void replay(final Replay newReplay) {
        replay = newReplay;
    }

    /** What it adds to the digest. */
    long contentHash() {
        final long numbers = StateDigest.mix(session.salt(), (long) options << 32 | place, identifier);
        return StateDigest.mix(numbers, StateDigest.hash(filter(), 0, filter.length));
    }
}
