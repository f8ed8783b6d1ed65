package io.ringmain.engine.core;

/** Why the core let a message go, or didn't take what a client asked for; each has a counter. */
public enum DropReason {
    /** The oldest message went from a full queue. */
    QUEUE_FULL_OLDEST,
    /** The queue was full, the new message went. */
    QUEUE_FULL_NEWEST,
    /** The queue was full, the new message went and the slow client's connection with it. */
    QUEUE_FULL_DISCONNECT,
    /** It had waited for too long in a queue. */
    QUEUE_AGE,
    /** The message expiry interval passed before delivery. */
    EXPIRED,
    /** The packet would exceed the client's Maximum Packet Size. */
    PACKET_TOO_LARGE,
    /** The log has lost its record. */
    RECORD_LOST,
    /** One topic too many to retain. */
    RETAINED_FULL,
    /** One subscription too many of a session. */
    SUBSCRIPTIONS_FULL,
    /** One replay of the log too many at a time. */
    REPLAYS_FULL;

    static DropReason queueFull(final int overflow) {
        return switch (overflow) {
            case CoreLimits.DROP_OLDEST -> QUEUE_FULL_OLDEST;
            case CoreLimits.DROP_NEWEST -> QUEUE_FULL_NEWEST;
            default -> QUEUE_FULL_DISCONNECT;
        };
    }
}
