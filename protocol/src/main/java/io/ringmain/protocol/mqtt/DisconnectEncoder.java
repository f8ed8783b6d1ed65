package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.MutableDirectBuffer;

/** Writes DISCONNECT; layout at {@link DisconnectDecoder}. */
public final class DisconnectEncoder {
    /** Longest packet that this writes, in bytes. */
    public static final int MAX_LENGTH = 3;

    private DisconnectEncoder() {}

    /** Length in bytes of the whole packet. */
    public static int length(final ProtocolVersion version, final int reasonCode) {
        return version == ProtocolVersion.V5 && reasonCode != ReasonCode.SUCCESS ? MAX_LENGTH : MAX_LENGTH - 1;
    }

    /** Writes a whole packet. In MQTT 3.x it has no reason code, and only clients send it. */
    public static int encode(
            final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version, final int reasonCode) {
        final int length = length(version, reasonCode);
        buffer.putByte(offset, (byte) (PacketType.DISCONNECT << 4));
        buffer.putByte(offset + 1, (byte) (length - 2));
        if (length == MAX_LENGTH) {
            buffer.putByte(offset + 2, (byte) reasonCode);
        }
        return length;
    }

    /**
     * Writes a whole packet of MQTT 5 with properties.
     *
     * @param reason UTF-8, null for none.
     * @param serverReference UTF-8, null for none.
     */
    public static int encode(
            final MutableDirectBuffer buffer,
            final int offset,
            final int reasonCode,
            final byte[] reason,
            final byte[] serverReference) {
        final int properties = textLength(reason) + textLength(serverReference);
        final int remaining = 1 + Framing.varIntLength(properties) + properties;
        int at = offset + Framing.writeFixedHeader(buffer, offset, PacketType.DISCONNECT << 4, remaining);
        buffer.putByte(at++, (byte) reasonCode);
        at += Framing.writeVarInt(buffer, at, properties);
        if (serverReference != null) {
            at += ReasonString.writeText(buffer, at, PropertyId.SERVER_REFERENCE, serverReference);
        }
        return at + ReasonString.writeProperty(buffer, at, reason) - offset;
    }

    private static int textLength(final byte[] text) {
        return text == null ? 0 : 3 + text.length;
    }
}
