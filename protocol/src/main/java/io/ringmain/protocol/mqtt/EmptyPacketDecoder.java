package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.DirectBuffer;

/** PINGREQ and PINGRESP: a fixed header and nothing behind it. */
public final class EmptyPacketDecoder extends PacketDecoder {
    /** Checks a packet of the given type. The rules are those of MQTT 5 for every version: here they bind no sender. */
    public int wrap(final DirectBuffer buffer, final int offset, final int length, final int packetType) {
        open(buffer, offset, length, packetType, 0, ProtocolVersion.V5);
        return close();
    }
}
