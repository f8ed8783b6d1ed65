package io.ringmain.ops.client;

import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** MQTT 5 properties of messages to publish, as a block of bytes that each of them takes. */
public final class PublishProperties {
    private static final int MAX_LENGTH = 0xFFFF;

    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private long expirySeconds = PublishEncoder.NO_EXPIRY;

    public PublishProperties contentType(final String type) {
        return bytes(PropertyId.CONTENT_TYPE, utf8(type));
    }

    public PublishProperties responseTopic(final String topic) {
        return bytes(PropertyId.RESPONSE_TOPIC, utf8(topic));
    }

    public PublishProperties correlationData(final byte[] data) {
        return bytes(PropertyId.CORRELATION_DATA, data);
    }

    /** Says that payloads are UTF-8 (1) or bytes (0). */
    public PublishProperties payloadFormat(final int indicator) {
        block.write(PropertyId.PAYLOAD_FORMAT_INDICATOR);
        block.write(indicator);
        return this;
    }

    public PublishProperties userProperty(final String name, final String value) {
        bytes(PropertyId.USER_PROPERTY, utf8(name));
        return text(utf8(value));
    }

    public PublishProperties expirySeconds(final long seconds) {
        this.expirySeconds = seconds;
        return this;
    }

    long expirySeconds() {
        return expirySeconds;
    }

    byte[] block() {
        return block.toByteArray();
    }

    private PublishProperties bytes(final int id, final byte[] value) {
        block.write(id);
        return text(value);
    }

    private PublishProperties text(final byte[] value) {
        if (value.length > MAX_LENGTH) {
            throw new IllegalArgumentException("property of " + value.length + " bytes, at most " + MAX_LENGTH);
        }
        block.write(value.length >> 8);
        block.write(value.length);
        block.writeBytes(value);
        return this;
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
