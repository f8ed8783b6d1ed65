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
        return encode(buffer, offset, version, packetId, codes, codesOffset, count, null);
    }

    /**
     * As the other, with a reason string.
     *
     * @param reason UTF-8, null for none; left out in MQTT 3.x.
     */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final ProtocolVersion version,
            final int packetId,
            final DirectBuffer codes,
            final int codesOffset,
            final int count,
            final byte[] reason) {
        final boolean v5 = version == ProtocolVersion.V5;
        final int remaining = 2 + (v5 ? ReasonString.blockLength(reason) + count : 0);
        int at = offset + Framing.writeFixedHeader(buffer, offset, PacketType.UNSUBACK << 4, remaining);
        buffer.putShort(at, (short) packetId, BIG_ENDIAN);
        at += 2;
        if (v5) {
            at += ReasonString.writeBlock(buffer, at, reason);
            buffer.putBytes(at, codes, codesOffset, count);
            at += count;
        }
        return at - offset;
    }
}
