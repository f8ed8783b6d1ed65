package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes PUBLISH; layout at {@link PublishDecoder}. */
public final class PublishEncoder {
    /** No message expiry interval. */
    public static final long NO_EXPIRY = -1;

    private static final int QOS_MASK = 6;
    private static final int EXPIRY_LENGTH = 5;

    private PublishEncoder() {}

    /** Length in bytes of the whole packet. */
    public static int length(
            final ProtocolVersion version,
            final int flags,
            final int topicLength,
            final int propertiesLength,
            final long expirySeconds,
            final int payloadLength) {
        return Framing.totalLength(
                remainingLength(version, flags, topicLength, propertiesLength, expirySeconds, payloadLength));
    }

    private static int remainingLength(
            final ProtocolVersion version,
            final int flags,
            final int topicLength,
            final int propertiesLength,
            final long expirySeconds,
            final int payloadLength) {
        final int fixed = 2 + topicLength + ((flags & QOS_MASK) != 0 ? 2 : 0) + payloadLength;
        if (version != ProtocolVersion.V5) {
            return fixed;
        }
        final int block = blockLength(propertiesLength, expirySeconds);
        return fixed + Framing.varIntLength(block) + block;
    }

    private static int blockLength(final int propertiesLength, final long expirySeconds) {
        return propertiesLength + (expirySeconds < 0 ? 0 : EXPIRY_LENGTH);
    }

    /**
     * Where the packet identifier stands in a packet with this flags and topic, counted from its first byte: for
     * patching it in a copy.
     */
    public static int packetIdOffset(final int packetLength, final int topicLength) {
        int fixedHeader = 2;
        while (fixedHeader < 5 && Framing.totalLength(packetLength - fixedHeader) != packetLength) {
            fixedHeader++;
        }
        return fixedHeader + 2 + topicLength;
    }

    /**
     * Writes a whole packet.
     *
     * @param flags DUP 8, QoS shifted by 1, RETAIN 1.
     * @param packetId ignored for QoS 0.
     * @param propertiesLength of a block as {@link Properties#copyForwardable} makes it; ignored for MQTT 3.x.
     * @param expirySeconds message expiry interval, {@link #NO_EXPIRY} for none; ignored for MQTT 3.x.
     * @return the length in bytes.
     */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final ProtocolVersion version,
            final int flags,
            final int packetId,
            final DirectBuffer topic,
            final int topicOffset,
            final int topicLength,
            final DirectBuffer properties,
            final int propertiesOffset,
            final int propertiesLength,
            final long expirySeconds,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        final int remaining =
                remainingLength(version, flags, topicLength, propertiesLength, expirySeconds, payloadLength);
        int at = offset + Framing.writeFixedHeader(buffer, offset, PacketType.PUBLISH << 4 | flags, remaining);
        buffer.putShort(at, (short) topicLength, BIG_ENDIAN);
        buffer.putBytes(at + 2, topic, topicOffset, topicLength);
        at += 2 + topicLength;
        if ((flags & QOS_MASK) != 0) {
            buffer.putShort(at, (short) packetId, BIG_ENDIAN);
            at += 2;
        }
        if (version == ProtocolVersion.V5) {
            at += Framing.writeVarInt(buffer, at, blockLength(propertiesLength, expirySeconds));
            if (expirySeconds >= 0) {
                buffer.putByte(at, (byte) PropertyId.MESSAGE_EXPIRY_INTERVAL);
                buffer.putInt(at + 1, (int) expirySeconds, BIG_ENDIAN);
                at += EXPIRY_LENGTH;
            }
            buffer.putBytes(at, properties, propertiesOffset, propertiesLength);
            at += propertiesLength;
        }
        buffer.putBytes(at, payload, payloadOffset, payloadLength);
        return at + payloadLength - offset;
    }
}
