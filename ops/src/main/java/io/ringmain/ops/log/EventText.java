package io.ringmain.ops.log;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.RecordsLostEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.PacketType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Events as lines for people: fields with two blanks between them, the fourth is the client. */
final class EventText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final String GAP = "  ";

    private final PublishEvent publish = new PublishEvent();
    private final ConnectEvent connect = new ConnectEvent();
    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final Origin origin = new Origin();
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

    /**
     * Time and position, then what the event says.
     *
     * @param client id of whose connection it is; null if that isn't known.
     */
    String line(final DirectBuffer buffer, final int offset, final String client) {
        final int type = EventHeader.type(buffer, offset);
        final String who =
                (client == null ? "#" + EventHeader.connectionId(buffer, offset) : PrintableText.escaped(client))
                        + (withOrigin ? origin(buffer, offset) : "");
        return time(EventHeader.timestampNs(buffer, offset)) + GAP + "@" + EventHeader.position(buffer, offset) + GAP
                + switch (type) {
                    case EventType.PUBLISH -> publish(buffer, offset, who);
                    case EventType.PUBLISH_HEADERS -> headers(buffer, offset, who);
                    case EventType.AUTH_FAILED ->
                        "AUTH_FAILED" + GAP + who + GAP + ReasonCode.name(AuthFailedEvent.reasonCode(buffer, offset));
                    case EventType.ADMIN ->
                        "ADMIN" + GAP + PrintableText.escaped(AdminEvent.actor(buffer, offset)) + GAP
                                + PrintableText.escaped(AdminEvent.action(buffer, offset));
                    case EventType.CONNECT -> connect(buffer, offset);
                    case EventType.SUBSCRIBE -> "SUB" + GAP + who + GAP + filters(buffer, offset, true);
                    case EventType.UNSUBSCRIBE -> "UNSUB" + GAP + who + GAP + filters(buffer, offset, false);
                    case EventType.ACK_BATCH -> "ACK" + GAP + who + GAP + acks(buffer, offset);
                    case EventType.DISCONNECT, EventType.CONNECTION_LOST ->
                        (type == EventType.DISCONNECT ? "DISCONNECT" : "LOST")
                                + GAP
                                + who
                                + GAP
                                + ReasonCode.name(DisconnectEvent.reasonCode(buffer, offset));
                    case EventType.BROKER_STARTED ->
                        "STARTED" + GAP + "-" + GAP + "lanes " + BrokerStartedEvent.laneCount(buffer, offset);
                    case EventType.RECORDS_LOST ->
                        "RECORDS_LOST" + GAP + "-" + GAP + "@" + RecordsLostEvent.fromPosition(buffer, offset) + " to @"
                                + RecordsLostEvent.toPosition(buffer, offset);
                    default -> EventType.name(type) + GAP + "-";
                };
    }

    /** As in ISO 8601, UTC, to the microsecond. */
    static String time(final long timestampNs) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(timestampNs);
        return TIME.format(Instant.ofEpochSecond(seconds, timestampNs - TimeUnit.SECONDS.toNanos(seconds)));
    }

    /** {@code " by user@address on listener"}; empty if the event doesn't know. */
    private String origin(final DirectBuffer buffer, final int offset) {
        if (!origin.wrap(buffer, offset).isPresent()) {
            return "";
        }
        return " by " + PrintableText.escaped(origin.username()) + "@" + PrintableText.escaped(origin.peer()) + " on "
                + PrintableText.escaped(origin.listener());
    }

    /** A publish of which the content was not recorded. */
    private String headers(final DirectBuffer buffer, final int offset, final String who) {
        publish.wrap(buffer, offset);
        return "PUB q" + publish.qos() + " headers" + GAP + who + GAP
                + PrintableText.text(buffer, publish.topicOffset(), publish.topicLength()) + GAP
                + publish.payloadLength() + " B";
    }

    private String publish(final DirectBuffer buffer, final int offset, final String who) {
        publish.wrap(buffer, offset);
        return "PUB q" + publish.qos() + (publish.isRetain() ? " r" : "") + (publish.isDup() ? " dup" : "") + GAP
                + who + GAP
                + PrintableText.text(buffer, publish.topicOffset(), publish.topicLength()) + GAP
                + publish.payloadLength() + " B" + GAP
                + PrintableText.payload(buffer, publish.payloadOffset(), publish.payloadLength(), maxPayload);
    }

    private String connect(final DirectBuffer buffer, final int offset) {
        connect.wrap(buffer, offset);
        final StringBuilder line = new StringBuilder("CONNECT" + GAP)
                .append(PrintableText.text(buffer, connect.clientIdOffset(), connect.clientIdLength()))
                .append(GAP + "from ")
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
