package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** CONNACK, all versions: {@code session present u8 | reason code u8 | properties (MQTT 5)}. For the client side. */
public final class ConnackDecoder extends PacketDecoder {
    private boolean sessionPresent;
    private int reasonCode;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        open(buffer, offset, length, PacketType.CONNACK, 0);
        final int flags = u8();
        reasonCode = u8();
        sessionPresent = flags == 1;
        if (flags > 1) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
        properties(properties, version, PacketType.CONNACK);
        return close();
    }

    public boolean sessionPresent() {
        return sessionPresent;
    }

    /** An MQTT 5 reason code or a 3.x return code, by the version. */
    public int reasonCode() {
        return reasonCode;
    }
}
