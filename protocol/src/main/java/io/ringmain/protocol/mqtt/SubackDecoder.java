package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** SUBACK, all versions: {@code packet id u16 | properties (MQTT 5) | reason codes u8}. For the client side. */
public final class SubackDecoder extends PacketDecoder {
    private int packetId;
    private int codesOffset;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        open(buffer, offset, length, PacketType.SUBACK, 0, version);
        packetId = packetIdentifier();
        properties(properties, version, PacketType.SUBACK);
        codesOffset = cursor;
        if (fault == ReasonCode.SUCCESS && remaining() == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        for (int i = codesOffset; i < limit && fault == ReasonCode.SUCCESS; i++) {
            if (!isAllowed(buffer.getByte(i) & 0xFF, version)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
        }
        return fault;
    }

    private static boolean isAllowed(final int code, final ProtocolVersion version) {
        return version == ProtocolVersion.V5
                ? ReasonCodeRules.isAllowed(PacketType.SUBACK, code)
                : code <= ReasonCode.GRANTED_QOS_2 || code == ReasonCode.UNSPECIFIED_ERROR;
    }

    public int packetId() {
        return packetId;
    }

    public int count() {
        return limit - codesOffset;
    }

    public int reasonCode(final int index) {
        return buffer.getByte(codesOffset + index) & 0xFF;
    }
}
