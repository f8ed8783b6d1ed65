package io.ringmain.engine.event;

/** Codes of the sequenced events: {@link EventHeader#TYPE_OFFSET}. Part of the log format: never reused. */
public final class EventType {
    /** Nothing: room in the ring that an event was claimed and didn't need. Never in the log. */
    public static final int PADDING = 0;

    public static final int BROKER_STARTED = 1;
    public static final int CONNECT = 2;
    public static final int SUBSCRIBE = 3;
    public static final int UNSUBSCRIBE = 4;
    public static final int PUBLISH = 5;
    public static final int ACK_BATCH = 6;
    public static final int DISCONNECT = 7;
    public static final int CONNECTION_LOST = 8;
    public static final int TICK = 9;
    public static final int DRAINED = 10;
    public static final int SNAPSHOT_MARK = 11;
    /** Somebody was not let in. The core doesn't look at it. */
    public static final int AUTH_FAILED = 12;

    /** Something was done to the broker, or by it, that no client asked for. The core doesn't look at it. */
    public static final int ADMIN = 13;

    /** What a transient publish was, without its content. The core doesn't look at it. */
    public static final int PUBLISH_HEADERS = 14;

    /** What was found in the log for a subscription that travels through it. */
    public static final int REPLAY_BATCH = 16;

    /** An earlier event led to the publication of a will. The core doesn't look at it. */
    public static final int WILL_PUBLISHED = 17;

    /** The message of an earlier event was not taken. The core doesn't look at it. */
    public static final int NOT_TAKEN = 18;

    /** Records are missing from the log for good: what refers to them is let go of. */
    public static final int RECORDS_LOST = 15;

    /** The bounds of the core's state are others from here on. */
    public static final int LIMITS_CHANGED = 19;

    /** The client has lost the right to its will before the will was published: the core drops it. */
    public static final int WILL_DENIED = 20;

    private static final String[] NAMES = {
        "PADDING",
        "BROKER_STARTED",
        "CONNECT",
        "SUBSCRIBE",
        "UNSUBSCRIBE",
        "PUBLISH",
        "ACK_BATCH",
        "DISCONNECT",
        "CONNECTION_LOST",
        "TICK",
        "DRAINED",
        "SNAPSHOT_MARK",
        "AUTH_FAILED",
        "ADMIN",
        "PUBLISH_HEADERS",
        "RECORDS_LOST",
        "REPLAY_BATCH",
        "WILL_PUBLISHED",
        "NOT_TAKEN",
        "LIMITS_CHANGED",
        "WILL_DENIED"
    };

    private EventType() {}

    /** The name for people, {@code "?"} for a code that this version doesn't know. */
    public static String name(final int type) {
        return type >= 0 && type < NAMES.length ? NAMES[type] : "?";
    }
}
