package io.ringmain.ops.client;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A message to publish, in the buffers where its parts lie: nothing is copied but into the packet. Used again. */
public final class PublishParts {
    private DirectBuffer topic;
    private int topicOffset;
    private int topicLength;
    private DirectBuffer properties;
    private int propertiesOffset;
    private int propertiesLength;
    private long expirySeconds = PublishEncoder.NO_EXPIRY;
    private DirectBuffer payload;
    private int payloadOffset;
    private int payloadLength;

    static PublishParts of(
            final DirectBuffer topic,
            final DirectBuffer properties,
            final long expirySeconds,
            final DirectBuffer payload) {
        return new PublishParts()
                .topic(topic, 0, topic.capacity())
                .properties(properties, 0, properties.capacity())
                .expirySeconds(expirySeconds)
                .payload(payload, 0, payload.capacity());
    }

    public PublishParts topic(final DirectBuffer buffer, final int offset, final int length) {
        topic = buffer;
        topicOffset = offset;
        topicLength = length;
        return this;
    }

    /** MQTT 5 properties as on the wire, without their length prefix and the message expiry interval. */
    public PublishParts properties(final DirectBuffer buffer, final int offset, final int length) {
        properties = buffer;
        propertiesOffset = offset;
        propertiesLength = length;
        return this;
    }

    /** Message expiry interval, -1 for none. */
    public PublishParts expirySeconds(final long seconds) {
        expirySeconds = seconds;
        return this;
    }

    public PublishParts payload(final DirectBuffer buffer, final int offset, final int length) {
        payload = buffer;
        payloadOffset = offset;
        payloadLength = length;
        return this;
    }

    /** Length in bytes of the packet. */
    public int packetLength(final ProtocolVersion version, final int flags) {
        return PublishEncoder.length(version, flags, topicLength, propertiesLength, expirySeconds, payloadLength);
    }

    void encode(final MutableDirectBuffer buffer, final ProtocolVersion version, final int flags, final int packetId) {
        PublishEncoder.encode(
                buffer,
                0,
                version,
                flags,
                packetId,
                topic,
                topicOffset,
                topicLength,
                properties,
                propertiesOffset,
                propertiesLength,
                expirySeconds,
                payload,
                payloadOffset,
                payloadLength);
    }
}
