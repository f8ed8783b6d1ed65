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
    public static final int RECORDS_LOST = 15;

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
        "REPLAY_BATCH"
    };

    private EventType() {}

    /** The name for people, {@code "?"} for a code that this version doesn't know. */
    public static String name(final int type) {
        return type >= 0 && type < NAMES.length ? NAMES[type] : "?";
    }
}
