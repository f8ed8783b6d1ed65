package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** AUTH, MQTT 5 only: {@code reason code u8 | properties}; a success without properties may leave out both. */
public final class AuthDecoder extends PacketDecoder {
    private int reasonCode;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        reasonCode = ReasonCode.SUCCESS;
        open(buffer, offset, length, PacketType.AUTH, 0, version);
        if (version != ProtocolVersion.V5) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        if (remaining() > 0) {
            reasonCode = u8();
            if (!ReasonCodeRules.isAllowed(PacketType.AUTH, reasonCode)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
            properties(properties, version, PacketType.AUTH);
            if (fault == ReasonCode.SUCCESS && !properties.has(PropertyId.AUTHENTICATION_METHOD)) {
                fail(ReasonCode.PROTOCOL_ERROR);
            }
        }
        return close();
    }

    public int reasonCode() {
        return reasonCode;
    }
}
