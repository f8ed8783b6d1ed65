package io.ringmain.engine.core;

import io.ringmain.engine.core.state.StateDigest;
import java.util.Arrays;

/**
 * Bounds of the core's state. They are state themselves: another bound makes another state of the same events, so each
 * run of the broker begins with an event that sets them, and a replay goes through the bounds that were in force.
 */
public final class CoreLimits {
    /** What a full queue does: {@link #overflow()}. */
    public static final int DROP_OLDEST = 0;

    public static final int DROP_NEWEST = 1;
    /** Ends the connection of the slow client as well; for one that is away, as {@link #DROP_NEWEST}. */
    public static final int DISCONNECT = 2;

    /** Who of a shared subscription gets a message: {@link #sharedStrategy()}. */
    public static final int ROUND_ROBIN = 0;

    public static final int STICKY = 1;
    public static final int LEAST_IN_FLIGHT = 2;

    /** Who may have a session that another user made: {@link #takeoverByOtherUser()}. */
    public static final int ALLOW = 0;

    public static final int REFUSE = 1;

    /** It isn't kept whose a session is: so in the logs of versions that had no owners, whatever is replayed of them. */
    public static final int NO_OWNERS = 2;

    /** A queue is long from this share of what it may hold on: who adds to it then is held back. */
    public static final int LONG_SHARE = 4;

    // The order is part of the log format: a new value goes to the end, one that an older log lacks has its default.
    private static final int RECEIVE_MAXIMUM = 0;
    private static final int QUEUED_MESSAGES = 1;
    private static final int QUEUED_BYTES = 2;
    private static final int QUEUED_SECONDS = 3;
    private static final int OVERFLOW = 4;
    private static final int SUBSCRIPTIONS_PER_SESSION = 5;
    private static final int RETAINED_MESSAGES = 6;
    private static final int RETAINED_PER_SLICE = 7;
    private static final int SHARED_STRATEGY = 8;
    private static final int REPLAYS = 9;
    private static final int TAKEOVER_BY_OTHER_USER = 10;
    private static final long[] DEFAULTS = {
        1_024, 100_000, 64L << 20, 0, DROP_OLDEST, 10_000, 10_000_000, 512, ROUND_ROBIN, 64, NO_OWNERS
    };

    /** Values from this place on count in the digest when they aren't the default: snapshots without them are read. */
    private static final int FIRST_ADDED = TAKEOVER_BY_OTHER_USER;

    private final long[] values = DEFAULTS.clone();

    /** All values, in the order of the log format. */
    public long[] values() {
        return values.clone();
    }

    int count() {
        return values.length;
    }

    /** Sets one value by its place; one from a later version is passed over. */
    void set(final int place, final long value) {
        if (place < values.length) {
            values[place] = value;
        }
    }

    long get(final int place) {
        return values[place];
    }

    long hash() {
        long hash = 0;
        for (int i = 0; i < values.length; i++) {
            if (i < FIRST_ADDED) {
                hash = StateDigest.mix(hash, values[i]);
            } else if (values[i] != DEFAULTS[i]) {
                hash = StateDigest.mix(hash, i, values[i]);
            }
        }
        return hash;
    }

    private CoreLimits with(final int place, final long value) {
        values[place] = value;
        return this;
    }

    /** Most QoS 1/2 messages in flight per direction and session, 1 to 65535. */
    public int receiveMaximum() {
        return (int) values[RECEIVE_MAXIMUM];
    }

    public CoreLimits receiveMaximum(final int maximum) {
        return with(RECEIVE_MAXIMUM, maximum);
    }

    /** Most pending messages per session. */
    public int queuedMessages() {
        return (int) values[QUEUED_MESSAGES];
    }

    public CoreLimits queuedMessages(final int count) {
        return with(QUEUED_MESSAGES, count);
    }

    /** Most bytes of pending messages per session. */
    public long queuedBytes() {
        return values[QUEUED_BYTES];
    }

    public CoreLimits queuedBytes(final long bytes) {
        return with(QUEUED_BYTES, bytes);
    }

    /** Longest time that a message is pending, seconds; 0 for no bound. */
    public long queuedSeconds() {
        return values[QUEUED_SECONDS];
    }

    public CoreLimits queuedSeconds(final long seconds) {
        return with(QUEUED_SECONDS, seconds);
    }

    /** {@link #DROP_OLDEST}, {@link #DROP_NEWEST} or {@link #DISCONNECT}. */
    public int overflow() {
        return (int) values[OVERFLOW];
    }

    public CoreLimits overflow(final int policy) {
        return with(OVERFLOW, policy);
    }

    /** Most topic filters of one session. */
    public int subscriptionsPerSession() {
        return (int) values[SUBSCRIPTIONS_PER_SESSION];
    }

    public CoreLimits subscriptionsPerSession(final int count) {
        return with(SUBSCRIPTIONS_PER_SESSION, count);
    }

    /** Most topics with a retained message. */
    public int retainedMessages() {
        return (int) values[RETAINED_MESSAGES];
    }

    public CoreLimits retainedMessages(final int count) {
        return with(RETAINED_MESSAGES, count);
    }

    /** Most retained messages that one event delivers; the rest of a scan waits for the next Tick. */
    public int retainedPerSlice() {
        return (int) values[RETAINED_PER_SLICE];
    }

    public CoreLimits retainedPerSlice(final int count) {
        return with(RETAINED_PER_SLICE, count);
    }

    /** {@link #ROUND_ROBIN}, {@link #STICKY} or {@link #LEAST_IN_FLIGHT}. */
    public int sharedStrategy() {
        return (int) values[SHARED_STRATEGY];
    }

    public CoreLimits sharedStrategy(final int strategy) {
        return with(SHARED_STRATEGY, strategy);
    }

    /** Most replays of the log that are under way at a time, over all sessions. */
    public int replays() {
        return (int) values[REPLAYS];
    }

    public CoreLimits replays(final int count) {
        return with(REPLAYS, count);
    }

    /**
     * {@link #ALLOW}, or {@link #REFUSE}: who connects with the client id of another user's session doesn't get in. What
     * an older log lacks is {@link #NO_OWNERS}.
     */
    public int takeoverByOtherUser() {
        return (int) values[TAKEOVER_BY_OTHER_USER];
    }

    public CoreLimits takeoverByOtherUser(final int policy) {
        return with(TAKEOVER_BY_OTHER_USER, policy);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof CoreLimits that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "CoreLimits" + Arrays.toString(values);
    }
}
