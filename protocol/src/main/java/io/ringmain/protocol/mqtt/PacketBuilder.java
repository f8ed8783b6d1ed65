package io.ringmain.protocol.mqtt;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What encoders of packets with optional parts share: they write behind a gap of the longest fixed header, and
 * {@link #seal} moves the packet to where it belongs, once its length is known. While a packet is being written it
 * therefore takes up to three bytes more than its final length; a buffer must have room for them.
 */
abstract class PacketBuilder {
    private static final int HEADER_GAP = 5;
    private static final int MAX_LENGTH = 0xFFFF;

    MutableDirectBuffer buffer;
    ProtocolVersion version;
    int cursor;
    private int start;

    final void begin(final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version) {
        this.buffer = buffer;
        this.version = version;
        this.start = offset;
        this.cursor = offset + HEADER_GAP;
    }

    /** Puts the fixed header before what was written and returns the length of the packet. */
    final int seal(final int firstByte) {
        final int remaining = cursor - start - HEADER_GAP;
        final int header = Framing.writeFixedHeader(buffer, start, firstByte, remaining);
        if (header != HEADER_GAP) {
            buffer.putBytes(start + header, buffer, start + HEADER_GAP, remaining);
        }
        return header + remaining;
    }

    final boolean isV5() {
        return version == ProtocolVersion.V5;
    }

    final void u8(final int value) {
        buffer.putByte(cursor++, (byte) value);
    }

    final void u16(final int value) {
        buffer.putShort(cursor, (short) value, BIG_ENDIAN);
        cursor += 2;
    }

    final void u32(final long value) {
        buffer.putInt(cursor, (int) value, BIG_ENDIAN);
        cursor += 4;
    }

    final void bytes(final DirectBuffer source, final int offset, final int length) {
        checkLength(length);
        u16(length);
        buffer.putBytes(cursor, source, offset, length);
        cursor += length;
    }

    final void bytes(final byte[] source) {
        checkLength(source.length);
        u16(source.length);
        buffer.putBytes(cursor, source);
        cursor += source.length;
    }

    private static void checkLength(final int length) {
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("text or binary data of " + length + " bytes, at most " + MAX_LENGTH);
        }
    }

    final void text(final String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Moves what was written from {@code from} on, and puts its length before it as a Variable Byte Integer. */
    final void prefixLength(final int from) {
        final int length = cursor - from;
        final int prefix = Framing.varIntLength(length);
        buffer.putBytes(from + prefix, buffer, from, length);
        Framing.writeVarInt(buffer, from, length);
        cursor += prefix;
    }
}
