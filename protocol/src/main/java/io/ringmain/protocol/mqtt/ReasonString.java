package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.agrona.MutableDirectBuffer;

/** The property block of answers that have no property but a reason string, or none at all. */
final class ReasonString {
    private static final int HEADER_LENGTH = 3;

    private ReasonString() {}

    /** Length in bytes of the block with its length prefix. */
    static int blockLength(final byte[] reason) {
        return Framing.varIntLength(propertyLength(reason)) + propertyLength(reason);
    }

    private static int propertyLength(final byte[] reason) {
        return reason == null ? 0 : HEADER_LENGTH + reason.length;
    }

    /** Writes the block and returns its length. */
    static int writeBlock(final MutableDirectBuffer buffer, final int offset, final byte[] reason) {
        final int at = offset + Framing.writeVarInt(buffer, offset, propertyLength(reason));
        return at - offset + writeProperty(buffer, at, reason);
    }

    /** Writes the property alone and returns its length. */
    static int writeProperty(final MutableDirectBuffer buffer, final int offset, final byte[] reason) {
        if (reason != null) {
            writeText(buffer, offset, PropertyId.REASON_STRING, reason);
        }
        return propertyLength(reason);
    }

    /** Writes a property that is a text and returns its length. */
    static int writeText(final MutableDirectBuffer buffer, final int offset, final int id, final byte[] text) {
        buffer.putByte(offset, (byte) id);
        buffer.putShort(offset + 1, (short) text.length, BIG_ENDIAN);
        buffer.putBytes(offset + HEADER_LENGTH, text);
        return propertyLength(text);
    }
}
