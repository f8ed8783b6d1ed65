package io.ringmain.ops.client;

import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * A message as it was received.
 *
 * @param topic name.
 * @param payload bytes.
 * @param qos of this delivery.
 * @param retain flag of this delivery.
 * @param packetId of this delivery, 0 for QoS 0.
 * @param contentType of MQTT 5, null if there is none.
 * @param responseTopic of MQTT 5, null if there is none.
 * @param correlationData of MQTT 5, null if there is none.
 * @param expirySeconds message expiry interval that is left, -1 if there is none.
 * @param userProperties of MQTT 5, in their order.
 */
public record Message(
        String topic,
        byte[] payload,
        int qos,
        boolean retain,
        int packetId,
        String contentType,
        String responseTopic,
        byte[] correlationData,
        long expirySeconds,
        List<Map.Entry<String, String>> userProperties) {
    static Message of(final PublishDecoder publish, final boolean isV5) {
        final DirectBuffer buffer = publish.buffer();
        final Properties properties = isV5 ? publish.properties() : null;
        final byte[] payload = new byte[publish.payloadLength()];
        buffer.getBytes(publish.payloadOffset(), payload);
        return new Message(
                buffer.getStringWithoutLengthUtf8(publish.topicOffset(), publish.topicLength()),
                payload,
                publish.qos(),
                publish.retain(),
                publish.qos() == 0 ? 0 : publish.packetId(),
                text(buffer, properties, PropertyId.CONTENT_TYPE),
                text(buffer, properties, PropertyId.RESPONSE_TOPIC),
                bytes(buffer, properties, PropertyId.CORRELATION_DATA),
                isV5 ? properties.value(PropertyId.MESSAGE_EXPIRY_INTERVAL, -1) : -1,
                isV5 ? userProperties(buffer, properties) : List.of());
    }

    private static String text(final DirectBuffer buffer, final Properties properties, final int id) {
        return properties == null || !properties.has(id)
                ? null
                : buffer.getStringWithoutLengthUtf8(properties.bytesOffset(id), properties.bytesLength(id));
    }

    private static byte[] bytes(final DirectBuffer buffer, final Properties properties, final int id) {
        if (properties == null || !properties.has(id)) {
            return null;
        }
        final byte[] bytes = new byte[properties.bytesLength(id)];
        buffer.getBytes(properties.bytesOffset(id), bytes);
        return bytes;
    }

    private static List<Map.Entry<String, String>> userProperties(
            final DirectBuffer buffer, final Properties properties) {
        final List<Map.Entry<String, String>> found = new ArrayList<>(properties.userPropertyCount());
        properties.rewind();
        while (properties.nextUserProperty()) {
            found.add(Map.entry(
                    buffer.getStringWithoutLengthUtf8(properties.keyOffset(), properties.keyLength()),
                    buffer.getStringWithoutLengthUtf8(properties.valueOffset(), properties.valueLength())));
        }
        return found;
    }
}
