package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.MutableDirectBuffer;

/** Writes PUBACK, PUBREC, PUBREL and PUBCOMP; layout at {@link AckDecoder}. */
public final class AckEncoder {
    private AckEncoder() {}

    /** Length in bytes of the whole packet: 4, or 5 for MQTT 5 with a code that isn't success. */
    public static int length(final ProtocolVersion version, final int reasonCode) {
        return hasReasonCode(version, reasonCode) ? 5 : 4;
    }

    private static boolean hasReasonCode(final ProtocolVersion version, final int reasonCode) {
        return version == ProtocolVersion.V5 && reasonCode != ReasonCode.SUCCESS;
    }

    /** Writes a whole packet; MQTT 3.x has no reason codes, so that one is left out there. */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final ProtocolVersion version,
            final int packetType,
            final int packetId,
            final int reasonCode) {
        final int flags = packetType == PacketType.PUBREL ? 2 : 0;
        final int length = length(version, reasonCode);
        buffer.putByte(offset, (byte) (packetType << 4 | flags));
        buffer.putByte(offset + 1, (byte) (length - 2));
        buffer.putShort(offset + 2, (short) packetId, BIG_ENDIAN);
        if (length == 5) {
            buffer.putByte(offset + 4, (byte) reasonCode);
        }
        return length;
    }

    /**
     * Writes a whole packet of MQTT 5 with a reason string.
     *
     * @param reason UTF-8.
     */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final int packetType,
            final int packetId,
            final int reasonCode,
            final byte[] reason) {
        final int flags = packetType == PacketType.PUBREL ? 2 : 0;
        final int remaining = 3 + ReasonString.blockLength(reason);
        int at = offset + Framing.writeFixedHeader(buffer, offset, packetType << 4 | flags, remaining);
        buffer.putShort(at, (short) packetId, BIG_ENDIAN);
        buffer.putByte(at + 2, (byte) reasonCode);
        at += 3;
        return at + ReasonString.writeBlock(buffer, at, reason) - offset;
    }
}
