package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicName;
import io.ringmain.protocol.TopicNames;
import io.ringmain.protocol.Utf8;
import org.agrona.DirectBuffer;

/**
 * PUBLISH, all versions.
 *
 * <pre>
 *  bit  7..4  3    2..1  0
 *       type  DUP  QoS   RETAIN | remaining length | topic (text) | packet id u16, QoS > 0 | properties (MQTT 5) | payload
 * </pre>
 */
public final class PublishDecoder extends PacketDecoder {
    private final TopicNames names;
    private int flags;
    private int packetId;
    private int topicOffset;
    private int topicLength;
    private int payloadOffset;
    private int payloadLength;

    public PublishDecoder() {
        this(new TopicNames(1));
    }

    /** @param names that needn't be checked again. */
    public PublishDecoder(final TopicNames names) {
        this.names = names;
    }

    /** Wraps a whole packet. An empty topic passes only with a topic alias. */
    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        if (!openAny(buffer, offset, length, version)) {
            return fault;
        }
        final int first = firstByte(offset);
        flags = first & 0xF;
        if (Framing.packetType(first) != PacketType.PUBLISH || qos() == 3 || (dup() && qos() == 0)) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        topicLength = binary();
        topicOffset = cursor - topicLength;
        final boolean known = names.knows(buffer, topicOffset, topicLength);
        if (!known && !Utf8.validate(buffer, topicOffset, topicLength)) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        packetId = qos() > 0 ? packetIdentifier() : 0;
        properties(properties, version, PacketType.PUBLISH);
        if (fault == ReasonCode.SUCCESS) {
            if (!known) {
                checkTopic();
            }
            checkProperties();
        }
        payloadOffset = cursor;
        payloadLength = limit - cursor;
        return fault;
    }

    private void checkTopic() {
        final boolean aliased = topicLength == 0 && properties.has(PropertyId.TOPIC_ALIAS);
        if (topicLength == 0 && !aliased) {
            fail(ReasonCode.PROTOCOL_ERROR);
        } else if (!aliased && !TopicName.validate(buffer, topicOffset, topicLength)) {
            fail(ReasonCode.TOPIC_NAME_INVALID);
        } else {
            names.learn(buffer, topicOffset, topicLength);
        }
    }

    private void checkProperties() {
        if (properties.length() == 0) {
            return;
        }
        if (properties.has(PropertyId.TOPIC_ALIAS) && properties.value(PropertyId.TOPIC_ALIAS) == 0) {
            fail(ReasonCode.TOPIC_ALIAS_INVALID);
        }
        if (!properties.isResponseTopicValid()) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /** True if the payload is what its Payload Format Indicator says; costs a pass over the payload. */
    public boolean payloadFormatValid() {
        return properties.value(PropertyId.PAYLOAD_FORMAT_INDICATOR, 0) == 0
                || Utf8.validate(buffer, payloadOffset, payloadLength);
    }

    public boolean dup() {
        return (flags & 8) != 0;
    }

    public int qos() {
        return (flags >> 1) & 3;
    }

    public boolean retain() {
        return (flags & 1) != 0;
    }

    /** Packet identifier, 0 for QoS 0. */
    public int packetId() {
        return packetId;
    }

    public int topicOffset() {
        return topicOffset;
    }

    /** Hash and levels of the topic name, unless it is empty. */
    public TopicNames names() {
        return names;
    }

    public int topicLength() {
        return topicLength;
    }

    public int payloadOffset() {
        return payloadOffset;
    }

    public int payloadLength() {
        return payloadLength;
    }
}
