package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/**
 * PUBACK, PUBREC, PUBREL and PUBCOMP, all versions: {@code packet id u16 | reason code u8 | properties}. The last two
 * are of MQTT 5, where a success without properties may leave out both, and no properties may be left out.
 */
public final class AckDecoder extends PacketDecoder {
    private int packetType;
    private int packetId;
    private int reasonCode;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        openAnyFlags(buffer, offset, length);
        if (fault != ReasonCode.SUCCESS) {
            return fault;
        }
        final int first = buffer.getByte(offset) & 0xFF;
        packetType = Framing.packetType(first);
        final boolean isAck = packetType >= PacketType.PUBACK && packetType <= PacketType.PUBCOMP;
        final int flags = packetType == PacketType.PUBREL ? 2 : 0;
        // MQTT 3.1 lets a sender set DUP and QoS of PUBREL as it likes (section 3.6).
        final boolean flagsMatter = version != ProtocolVersion.V3_1;
        if (!isAck || (flagsMatter && (first & 0xF) != flags)) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        packetId = packetIdentifier();
        reasonCode = ReasonCode.SUCCESS;
        if (version == ProtocolVersion.V5 && remaining() > 0) {
            reasonCode = u8();
            checkReasonCode();
            if (remaining() > 0) {
                properties(properties, version, packetType);
            }
        }
        return close();
    }

    private void checkReasonCode() {
        final boolean known = switch (reasonCode) {
            case ReasonCode.SUCCESS -> true;
            case ReasonCode.PACKET_ID_NOT_FOUND -> packetType == PacketType.PUBREL || packetType == PacketType.PUBCOMP;
            case ReasonCode.NO_MATCHING_SUBSCRIBERS,
                    ReasonCode.UNSPECIFIED_ERROR,
                    ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                    ReasonCode.NOT_AUTHORIZED,
                    ReasonCode.TOPIC_NAME_INVALID,
                    ReasonCode.PACKET_ID_IN_USE,
                    ReasonCode.QUOTA_EXCEEDED,
                    ReasonCode.PAYLOAD_FORMAT_INVALID ->
                packetType == PacketType.PUBACK || packetType == PacketType.PUBREC;
            default -> false;
        };
        if (!known) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
    }

    public int packetType() {
        return packetType;
    }

    public int packetId() {
        return packetId;
    }

    public int reasonCode() {
        return reasonCode;
    }
}
