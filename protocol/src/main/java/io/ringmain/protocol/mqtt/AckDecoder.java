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
        if (!openAny(buffer, offset, length, version)) {
            return fault;
        }
        final int first = firstByte(offset);
        packetType = Framing.packetType(first);
        final boolean isAck = packetType >= PacketType.PUBACK && packetType <= PacketType.PUBCOMP;
        final int flags = packetType == PacketType.PUBREL ? 2 : 0;
        final boolean flagsWrong = (first & 0xF) != flags && version != ProtocolVersion.V3_1;
        if (!isAck || flagsWrong) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        packetId = packetIdentifier();
        reasonCode = ReasonCode.SUCCESS;
        if (version == ProtocolVersion.V5 && remaining() > 0) {
            reasonCode = u8();
            if (!ReasonCodeRules.isAllowed(packetType, reasonCode)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
            if (remaining() > 0) {
                properties(properties, version, packetType);
            }
        }
        return close();
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
