package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** CONNACK, all versions: {@code session present u8 | reason code u8 | properties (MQTT 5)}. For the client side. */
public final class ConnackDecoder extends PacketDecoder {
    private static final int HIGHEST_RETURN_CODE_V3 = 5;

    private boolean sessionPresent;
    private int reasonCode;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        open(buffer, offset, length, PacketType.CONNACK, 0, version);
        // MQTT 3.1 has no session present, and calls that byte unused.
        final int flags = version == ProtocolVersion.V3_1 ? u8() & 0 : u8();
        reasonCode = u8();
        sessionPresent = flags == 1;
        if (flags > 1) {
            fail(ReasonCode.MALFORMED_PACKET);
        } else if (!isAllowed(reasonCode, version) || (sessionPresent && reasonCode != ReasonCode.SUCCESS)) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        properties(properties, version, PacketType.CONNACK);
        if (!properties.isAuthenticationComplete()) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        return close();
    }

    private static boolean isAllowed(final int code, final ProtocolVersion version) {
        return version == ProtocolVersion.V5
                ? ReasonCodeRules.isAllowed(PacketType.CONNACK, code)
                : code <= HIGHEST_RETURN_CODE_V3;
    }

    public boolean sessionPresent() {
        return sessionPresent;
    }

    /** An MQTT 5 reason code or a 3.x return code, by the version. */
    public int reasonCode() {
        return reasonCode;
    }
}
