package io.ringmain.ops.log;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.Utf8;
import io.ringmain.protocol.mqtt.PacketType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;

/** Events as lines for people. */
final class EventText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int MAX_PAYLOAD = 200;

    private final PublishEvent publish = new PublishEvent();
    private final ConnectEvent connect = new ConnectEvent();
    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final AckBatchEvent acks = new AckBatchEvent();

    /** Time and position, then what the event says. */
    String line(final DirectBuffer buffer, final int offset) {
        return time(EventHeader.timestampNs(buffer, offset)) + "  @" + EventHeader.position(buffer, offset) + "  "
                + body(buffer, offset);
    }

    static String time(final long timestampNs) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(timestampNs);
        return TIME.format(Instant.ofEpochSecond(seconds, timestampNs - TimeUnit.SECONDS.toNanos(seconds)));
    }

    private String body(final DirectBuffer buffer, final int offset) {
        final String connection = "#" + EventHeader.connectionId(buffer, offset);
        return switch (EventHeader.type(buffer, offset)) {
            case EventType.PUBLISH -> publish(buffer, offset);
            case EventType.CONNECT -> connect(buffer, offset);
            case EventType.SUBSCRIBE -> "SUBSCRIBE  " + connection + "  " + filters(buffer, offset, true);
            case EventType.UNSUBSCRIBE -> "UNSUBSCRIBE  " + connection + "  " + filters(buffer, offset, false);
            case EventType.ACK_BATCH -> "ACK  " + connection + "  " + acks(buffer, offset);
            case EventType.DISCONNECT, EventType.CONNECTION_LOST ->
                EventType.name(EventHeader.type(buffer, offset)) + "  " + connection + "  "
                        + ReasonCode.name(DisconnectEvent.reasonCode(buffer, offset));
            case EventType.BROKER_STARTED ->
                "BROKER_STARTED  " + BrokerStartedEvent.laneCount(buffer, offset) + " lanes";
            default -> EventType.name(EventHeader.type(buffer, offset));
        };
    }

    private String publish(final DirectBuffer buffer, final int offset) {
        publish.wrap(buffer, offset);
        final String flags =
                "PUB q" + publish.qos() + (publish.isRetain() ? " r" : "") + (publish.isDup() ? " dup" : "");
        return flags + "  " + text(buffer, publish.clientIdOffset(), publish.clientIdLength()) + "  "
                + text(buffer, publish.topicOffset(), publish.topicLength()) + "  " + publish.payloadLength() + " B  "
                + payload(buffer, publish.payloadOffset(), publish.payloadLength());
    }

    private String connect(final DirectBuffer buffer, final int offset) {
        connect.wrap(buffer, offset);
        final String user = connect.usernameLength() == 0
                ? ""
                : "  user " + text(buffer, connect.usernameOffset(), connect.usernameLength());
        return "CONNECT  " + text(buffer, connect.clientIdOffset(), connect.clientIdLength()) + "  #"
                + connect.connectionId() + "  from " + text(buffer, connect.peerOffset(), connect.peerLength()) + " on "
                + text(buffer, connect.listenerOffset(), connect.listenerLength()) + "  level "
                + connect.protocolLevel() + (connect.isCleanStart() ? "  clean" : "") + user
                + (connect.hasWill()
                        ? "  will " + text(buffer, connect.willTopicOffset(), connect.willTopicLength())
                        : "");
    }

    private String filters(final DirectBuffer buffer, final int offset, final boolean withQos) {
        final StringBuilder line = new StringBuilder();
        subscribe.wrap(buffer, offset);
        while (subscribe.next()) {
            line.append(line.isEmpty() ? "" : " ")
                    .append(text(buffer, subscribe.filterOffset(), subscribe.filterLength()));
            if (withQos) {
                line.append(":q").append(subscribe.options() & 3);
            }
        }
        return line.toString();
    }

    private String acks(final DirectBuffer buffer, final int offset) {
        final StringBuilder line = new StringBuilder();
        acks.wrap(buffer, offset);
        for (int i = 0; i < acks.count(); i++) {
            line.append(i == 0 ? "" : " ")
                    .append(PacketType.name(acks.packetType(i)))
                    .append(' ')
                    .append(acks.packetId(i));
        }
        return line.toString();
    }

    static String text(final DirectBuffer buffer, final int offset, final int length) {
        return buffer.getStringWithoutLengthUtf8(offset, length);
    }

    /** The payload if it is text, else its bytes in hexadecimal; the beginning of it when it is long. */
    private static String payload(final DirectBuffer buffer, final int offset, final int length) {
        final int shown = Math.min(length, MAX_PAYLOAD);
        final String more = shown < length ? "..." : "";
        if (Utf8.validate(buffer, offset, length)) {
            return text(buffer, offset, length)
                            .substring(
                                    0,
                                    Math.min(shown, text(buffer, offset, length).length()))
                            .replace("\n", "\\n")
                            .replace("\r", "\\r")
                    + more;
        }
        final byte[] bytes = new byte[shown];
        buffer.getBytes(offset, bytes);
        return "0x" + HexFormat.of().formatHex(bytes) + more;
    }
}
