package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** DISCONNECT: nothing in MQTT 3.x; {@code reason code u8 | properties} in MQTT 5, each may be left out at the end. */
public final class DisconnectDecoder extends PacketDecoder {
    private int reasonCode;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        reasonCode = ReasonCode.SUCCESS;
        open(buffer, offset, length, PacketType.DISCONNECT, 0, version);
        if (version == ProtocolVersion.V5 && remaining() > 0) {
            reasonCode = u8();
            if (!ReasonCodeRules.isAllowed(PacketType.DISCONNECT, reasonCode)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
            if (remaining() > 0) {
                properties(properties, version, PacketType.DISCONNECT);
            }
        }
        return close();
    }

    public int reasonCode() {
        return reasonCode;
    }
}
