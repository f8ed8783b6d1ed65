package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** UNSUBACK: {@code packet id u16}, and in MQTT 5 {@code properties | reason codes u8}. For the client side. */
public final class UnsubackDecoder extends PacketDecoder {
    private int packetId;
    private int codesOffset;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        open(buffer, offset, length, PacketType.UNSUBACK, 0, version);
        packetId = packetIdentifier();
        properties(properties, version, PacketType.UNSUBACK);
        codesOffset = cursor;
        if (version != ProtocolVersion.V5) {
            return close();
        }
        if (fault == ReasonCode.SUCCESS && remaining() == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        for (int i = codesOffset; i < limit && fault == ReasonCode.SUCCESS; i++) {
            if (!ReasonCodeRules.isAllowed(PacketType.UNSUBACK, buffer.getByte(i) & 0xFF)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
        }
        return fault;
    }

    public int packetId() {
        return packetId;
    }

    /** Reason codes in the packet, 0 in MQTT 3.x. */
    public int count() {
        return limit - codesOffset;
    }

    public int reasonCode(final int index) {
        return buffer.getByte(codesOffset + index) & 0xFF;
    }
}
