package io.ringmain.ops.log;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.RecordsLostEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.PacketType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Records as lines for people: fields with two blanks between them, the fourth is the client. */
final class EventText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final String GAP = "  ";

    private final ConnectEvent connect = new ConnectEvent();
    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final int maxPayload;
    private final boolean withOrigin;

    /**
     * @param maxPayload bytes of a payload that are shown.
     * @param withOrigin whether user, address and listener stand behind the client.
     */
    EventText(final int maxPayload, final boolean withOrigin) {
        this.maxPayload = maxPayload;
        this.withOrigin = withOrigin;
    }

    /** Time and position, then what the record says. */
    String line(final LogRecord record) {
        final String about = about(record);
        return time(record.timestampNs()) + GAP + "@" + record.position() + GAP + what(record) + GAP + who(record)
                + (about.isEmpty() ? "" : GAP + about);
    }

    /** As in ISO 8601, UTC, to the microsecond. */
    static String time(final long timestampNs) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(timestampNs);
        return TIME.format(Instant.ofEpochSecond(seconds, timestampNs - TimeUnit.SECONDS.toNanos(seconds)));
    }

    private static String what(final LogRecord record) {
        return switch (record.type()) {
            case PUBLISH, WILL ->
                (record.type() == RecordType.WILL ? "WILL" : "PUB") + (record.hasMessage() ? flags(record) : "");
            case SUBSCRIBE -> "SUB";
            case UNSUBSCRIBE -> "UNSUB";
            case INTERNAL -> EventType.name(record.eventType());
            default -> record.type().name();
        };
    }

    private static String flags(final LogRecord record) {
        return " q" + record.qos() + (record.isRetain() ? " r" : "") + (record.isDup() ? " dup" : "")
                + (record.hasPayload() ? "" : " headers");
    }

    /** Client, connection, or whoever else it was; a dash for the broker itself. */
    private String who(final LogRecord record) {
        if (record.type() == RecordType.ADMIN) {
            return PrintableText.escaped(AdminEvent.actor(record.buffer(), record.offset()));
        }
        if (record.client() != null) {
            final boolean isBrief = !withOrigin || !record.origin().isPresent() || record.type() == RecordType.CONNECT;
            return PrintableText.escaped(record.client()) + (isBrief ? "" : origin(record));
        }
        return record.connectionId() == 0 ? "-" : "#" + record.connectionId();
    }

    /** {@code " by user@address on listener"}. */
    private static String origin(final LogRecord record) {
        return " by " + PrintableText.escaped(record.origin().username()) + "@"
                + PrintableText.escaped(record.origin().peer()) + " on "
                + PrintableText.escaped(record.origin().listener());
    }

    /** What there is to say beyond what, who and, of messages, topic and QoS in columns of their own. */
    String brief(final LogRecord record) {
        return record.hasMessage() ? content(record) + fate(record) : about(record);
    }

    private String about(final LogRecord record) {
        final DirectBuffer buffer = record.buffer();
        final int offset = record.offset();
        return switch (record.type()) {
            case PUBLISH, WILL -> message(record);
            case CONNECT -> connect(buffer, offset);
            case SUBSCRIBE -> filters(buffer, offset, true);
            case UNSUBSCRIBE -> filters(buffer, offset, false);
            case ACK -> acks(buffer, offset);
            case DISCONNECT, LOST -> ReasonCode.name(DisconnectEvent.reasonCode(buffer, offset));
            case AUTH_FAILED -> ReasonCode.name(AuthFailedEvent.reasonCode(buffer, offset));
            case ADMIN -> PrintableText.escaped(AdminEvent.action(buffer, offset));
            case STARTED -> "lanes " + BrokerStartedEvent.laneCount(buffer, offset);
            case NOT_TAKEN ->
                "@" + NoteEvent.cause(buffer, offset) + " " + ReasonCode.name(NoteEvent.reasonCode(buffer, offset));
            case RECORDS_LOST ->
                "@" + RecordsLostEvent.fromPosition(buffer, offset) + " to @"
                        + RecordsLostEvent.toPosition(buffer, offset);
            default -> "";
        };
    }

    private String message(final LogRecord record) {
        final String topic = PrintableText.text(record.topicBuffer(), record.topicOffset(), record.topicLength());
        if (!record.hasMessage()) {
            return topic + GAP + "content no longer in the log";
        }
        final String content = content(record);
        return topic + GAP + record.payloadLength() + " B" + (content.isEmpty() ? "" : GAP + content) + fate(record);
    }

    private String content(final LogRecord record) {
        return record.hasPayload()
                ? PrintableText.payload(record.message(), record.payloadOffset(), record.payloadLength(), maxPayload)
                : "";
    }

    private static String fate(final LogRecord record) {
        return record.isTaken() ? "" : " not taken: " + ReasonCode.name(record.notTakenReason());
    }

    private String connect(final DirectBuffer buffer, final int offset) {
        connect.wrap(buffer, offset);
        final StringBuilder line = new StringBuilder("from ")
                .append(PrintableText.text(buffer, connect.peerOffset(), connect.peerLength()))
                .append(" on ")
                .append(PrintableText.text(buffer, connect.listenerOffset(), connect.listenerLength()))
                .append(" level ")
                .append(connect.protocolLevel())
                .append(connect.isCleanStart() ? " clean" : "");
        if (connect.usernameLength() > 0) {
            line.append(" user ")
                    .append(PrintableText.text(buffer, connect.usernameOffset(), connect.usernameLength()));
        }
        if (connect.hasWill()) {
            line.append(" will ")
                    .append(PrintableText.text(buffer, connect.willTopicOffset(), connect.willTopicLength()));
        }
        return line.toString();
    }

    private String filters(final DirectBuffer buffer, final int offset, final boolean withQos) {
        final StringBuilder line = new StringBuilder();
        subscribe.wrap(buffer, offset);
        while (subscribe.next()) {
            line.append(line.isEmpty() ? "" : GAP)
                    .append(PrintableText.text(buffer, subscribe.filterOffset(), subscribe.filterLength()));
            if (subscribe.verdict() != 0) {
                line.append(" refused: ").append(ReasonCode.name(subscribe.verdict()));
            } else if (withQos) {
                line.append(" q").append(subscribe.options() & 3);
            }
        }
        return line.toString();
    }

    private String acks(final DirectBuffer buffer, final int offset) {
        final StringBuilder line = new StringBuilder();
        acks.wrap(buffer, offset);
        for (int i = 0; i < acks.count(); i++) {
            line.append(i == 0 ? "" : GAP)
                    .append(PacketType.name(acks.packetType(i)))
                    .append(' ')
                    .append(acks.packetId(i));
        }
        return line.toString();
    }
}
