package io.ringmain.ops.log;

import io.ringmain.engine.event.EventType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a record is about, in the words of {@code --type}. */
enum RecordType {
    /** A message of a client, or what is recorded of it. */
    PUBLISH,
    /** A will that was published; it stands where it was published, its content is in the CONNECT. */
    WILL,
    CONNECT,
    SUBSCRIBE,
    UNSUBSCRIBE,
    ACK,
    DISCONNECT,
    /** A connection that ended without DISCONNECT. */
    LOST,
    AUTH_FAILED,
    ADMIN,
    STARTED,
    NOT_TAKEN,
    RECORDS_LOST,
    /** What the broker tells itself. */
    INTERNAL;

    static RecordType of(final int eventType) {
        return switch (eventType) {
            case EventType.PUBLISH, EventType.PUBLISH_HEADERS -> PUBLISH;
            case EventType.WILL_PUBLISHED -> WILL;
            case EventType.CONNECT -> CONNECT;
            case EventType.SUBSCRIBE -> SUBSCRIBE;
            case EventType.UNSUBSCRIBE -> UNSUBSCRIBE;
            case EventType.ACK_BATCH -> ACK;
            case EventType.DISCONNECT -> DISCONNECT;
            case EventType.CONNECTION_LOST -> LOST;
            case EventType.AUTH_FAILED -> AUTH_FAILED;
            case EventType.ADMIN -> ADMIN;
            case EventType.BROKER_STARTED -> STARTED;
            case EventType.NOT_TAKEN -> NOT_TAKEN;
            case EventType.RECORDS_LOST -> RECORDS_LOST;
            default -> INTERNAL;
        };
    }

    static List<String> names() {
        return Stream.of(values()).map(RecordType::toString).toList();
    }

    /** As on the command line: {@code auth-failed}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
