package io.ringmain.ops.log;

import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SubscribeEvent;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.agrona.DirectBuffer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Events as JSON, an object per line. A payload that isn't text is in {@code payload_base64}. */
final class EventJson {
    private final JsonFactory factory = new JsonFactory();
    private final PublishEvent publish = new PublishEvent();
    private final SubscribeEvent subscribe = new SubscribeEvent();
    private final Origin origin = new Origin();

    String line(final DirectBuffer buffer, final int offset, final String client) {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        final int type = EventHeader.type(buffer, offset);
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            json.writeStringProperty("time", EventText.time(EventHeader.timestampNs(buffer, offset)));
            json.writeNumberProperty("position", EventHeader.position(buffer, offset));
            json.writeStringProperty("event", EventType.name(type));
            if (client != null) {
                json.writeStringProperty("client", client);
            }
            origin(json, buffer, offset);
            if (EventHeader.connectionId(buffer, offset) != EventHeader.NO_CONNECTION) {
                json.writeNumberProperty("connection", EventHeader.connectionId(buffer, offset));
            }
            switch (type) {
                case EventType.PUBLISH -> publish(json, buffer, offset);
                case EventType.PUBLISH_HEADERS -> headers(json, buffer, offset);
                case EventType.AUTH_FAILED ->
                    json.writeStringProperty("reason", ReasonCode.name(AuthFailedEvent.reasonCode(buffer, offset)));
                case EventType.ADMIN -> {
                    json.writeStringProperty("actor", AdminEvent.actor(buffer, offset));
                    json.writeStringProperty("action", AdminEvent.action(buffer, offset));
                }
                case EventType.SUBSCRIBE, EventType.UNSUBSCRIBE -> filters(json, buffer, offset);
                default -> {}
            }
            json.writeEndObject();
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** Who it came from, beside the client; what isn't known is left out. */
    private void origin(final JsonGenerator json, final DirectBuffer buffer, final int offset) {
        if (origin.wrap(buffer, offset).isPresent()) {
            text(json, "user", origin.username());
            text(json, "certificate", origin.certificate());
            text(json, "peer", origin.peer());
            text(json, "listener", origin.listener());
            json.writeNumberProperty("protocol", origin.protocolLevel());
        }
    }

    private static void text(final JsonGenerator json, final String name, final String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    private void headers(final JsonGenerator json, final DirectBuffer buffer, final int offset) {
        publish.wrap(buffer, offset);
        json.writeStringProperty(
                "topic", buffer.getStringWithoutLengthUtf8(publish.topicOffset(), publish.topicLength()));
        json.writeNumberProperty("qos", publish.qos());
        json.writeBooleanProperty("retain", publish.isRetain());
        json.writeBooleanProperty("dup", publish.isDup());
        if (publish.hasExpiry()) {
            json.writeNumberProperty("expiry_s", publish.expirySeconds());
        }
        json.writeNumberProperty("length", publish.payloadLength());
    }

    private void publish(final JsonGenerator json, final DirectBuffer buffer, final int offset) {
        headers(json, buffer, offset);
        final byte[] payload = new byte[publish.payloadLength()];
        buffer.getBytes(publish.payloadOffset(), payload);
        if (Utf8.validate(buffer, publish.payloadOffset(), payload.length)) {
            json.writeStringProperty("payload", new String(payload, StandardCharsets.UTF_8));
        } else {
            json.writeStringProperty("payload_base64", Base64.getEncoder().encodeToString(payload));
        }
    }

    private void filters(final JsonGenerator json, final DirectBuffer buffer, final int offset) {
        json.writeArrayPropertyStart("filters");
        subscribe.wrap(buffer, offset);
        while (subscribe.next()) {
            json.writeString(buffer.getStringWithoutLengthUtf8(subscribe.filterOffset(), subscribe.filterLength()));
        }
        json.writeEndArray();
    }
}
