package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Writes SUBACK; layout at {@link SubackDecoder}. */
public final class SubackEncoder {
    private static final int FAILURE_V3 = 0x80;

    private SubackEncoder() {}

    /** Length in bytes of the whole packet with this many reason codes. */
    public static int length(final ProtocolVersion version, final int count) {
        return Framing.totalLength(2 + (version == ProtocolVersion.V5 ? 1 : 0) + count);
    }

    /** Writes a whole packet; in MQTT 3.x every failure is 0x80. */
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
        final int remaining = 2 + (v5 ? ReasonString.blockLength(reason) : 0) + count;
        int at = offset + Framing.writeFixedHeader(buffer, offset, PacketType.SUBACK << 4, remaining);
        buffer.putShort(at, (short) packetId, BIG_ENDIAN);
        at += 2;
        if (v5) {
            at += ReasonString.writeBlock(buffer, at, reason);
        }
        for (int i = 0; i < count; i++) {
            final int code = codes.getByte(codesOffset + i) & 0xFF;
            buffer.putByte(at++, (byte) (!v5 && ReasonCode.isError(code) ? FAILURE_V3 : code));
        }
        return at - offset;
    }
}
