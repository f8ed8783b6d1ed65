package io.ringmain.protocol.mqtt;

import org.agrona.DirectBuffer;

/** PINGREQ and PINGRESP: a fixed header and nothing behind it. */
public final class EmptyPacketDecoder extends PacketDecoder {
    /** Checks a packet of the given type. */
    public int wrap(final DirectBuffer buffer, final int offset, final int length, final int packetType) {
        open(buffer, offset, length, packetType, 0);
        return close();
    }
}
