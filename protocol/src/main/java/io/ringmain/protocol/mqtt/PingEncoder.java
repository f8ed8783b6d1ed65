package io.ringmain.protocol.mqtt;

import org.agrona.MutableDirectBuffer;

/** Writes PINGREQ and PINGRESP. */
public final class PingEncoder {
    /** Length in bytes of either. */
    public static final int LENGTH = 2;

    private PingEncoder() {}

    public static int pingreq(final MutableDirectBuffer buffer, final int offset) {
        return empty(buffer, offset, PacketType.PINGREQ);
    }

    public static int pingresp(final MutableDirectBuffer buffer, final int offset) {
        return empty(buffer, offset, PacketType.PINGRESP);
    }

    private static int empty(final MutableDirectBuffer buffer, final int offset, final int packetType) {
        buffer.putByte(offset, (byte) (packetType << 4));
        buffer.putByte(offset + 1, (byte) 0);
        return LENGTH;
    }
}
