package io.ringmain.engine.core;

/** Why the core let a message go; each has a counter. */
public enum DropReason {
    /** The session's pending queue was at its count or byte limit. */
    QUEUE_FULL,
    /** The message expiry interval passed before delivery. */
    EXPIRED,
    /** The packet would exceed the client's Maximum Packet Size. */
    PACKET_TOO_LARGE
}
