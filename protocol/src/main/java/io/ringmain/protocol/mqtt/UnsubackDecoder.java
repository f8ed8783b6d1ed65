package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** UNSUBACK: {@code packet id u16}, and in MQTT 5 {@code properties | reason codes u8}. For the client side. */
public final class UnsubackDecoder extends PacketDecoder {
    private int packetId;
    private int codesOffset;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        open(buffer, offset, length, PacketType.UNSUBACK, 0);
        packetId = packetIdentifier();
        properties(properties, version, PacketType.UNSUBACK);
        codesOffset = cursor;
        final boolean hasCodes = remaining() > 0;
        if (fault == ReasonCode.SUCCESS && hasCodes != (version == ProtocolVersion.V5)) {
            fail(ReasonCode.PROTOCOL_ERROR);
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
