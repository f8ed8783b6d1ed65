package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes UNSUBACK; layout at {@link UnsubackDecoder}. */
public final class UnsubackEncoder {
    private UnsubackEncoder() {}

    /** Length in bytes of the whole packet with this many reason codes. */
    public static int length(final ProtocolVersion version, final int count) {
        return Framing.totalLength(2 + (version == ProtocolVersion.V5 ? 1 + count : 0));
    }

    /** Writes a whole packet; MQTT 3.x has no reason codes here. */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final ProtocolVersion version,
            final int packetId,
            final DirectBuffer codes,
            final int codesOffset,
            final int count) {
        final boolean v5 = version == ProtocolVersion.V5;
        int at = offset + Framing.writeFixedHeader(buffer, offset, PacketType.UNSUBACK << 4, 2 + (v5 ? 1 + count : 0));
        buffer.putShort(at, (short) packetId, BIG_ENDIAN);
        at += 2;
        if (v5) {
            buffer.putByte(at++, (byte) 0);
            buffer.putBytes(at, codes, codesOffset, count);
            at += count;
        }
        return at - offset;
    }
}
