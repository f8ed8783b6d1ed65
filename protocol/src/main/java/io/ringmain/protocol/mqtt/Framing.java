package io.ringmain.protocol.mqtt;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Finds packets in a byte stream: fixed header and Variable Byte Integers.
 *
 * <pre>
 *  0                1 .. 4
 *  +------+---------+------------------+------------------+
 *  | type | flags   | remaining length | remaining bytes ...
 *  +------+---------+------------------+------------------+
 * </pre>
 */
public final class Framing {
    /** The fixed header is not complete yet. */
    public static final int INCOMPLETE = 0;
    /** The remaining length has a fifth byte. */
    public static final int MALFORMED = -1;
    /** The packet is longer than the limit; known before any of its bytes has to be kept. */
    public static final int TOO_LARGE = -2;

    /** Largest Variable Byte Integer. */
    public static final int MAX_VAR_INT = 268_435_455;

    private static final int MAX_VAR_INT_LENGTH = 4;

    private Framing() {}

    /**
     * Length in bytes of the packet that starts at the offset, its fixed header included, also when only a part of it
     * is there yet; or {@link #INCOMPLETE}, {@link #MALFORMED}, {@link #TOO_LARGE}.
     *
     * @param available bytes in the buffer from the offset on.
     * @param maxPacketSize limit in bytes, fixed header included.
     */
    public static int packetLength(
            final DirectBuffer buffer, final int offset, final int available, final int maxPacketSize) {
        int remaining = 0;
        for (int i = 1; i <= MAX_VAR_INT_LENGTH; i++) {
            if (i >= available) {
                return INCOMPLETE;
            }
            final byte b = buffer.getByte(offset + i);
            remaining |= (b & 0x7F) << 7 * (i - 1);
            if (b >= 0) {
                final int length = remaining + i + 1;
                return length > maxPacketSize ? TOO_LARGE : length;
            }
        }
        return MALFORMED;
    }

    public static int packetType(final int firstByte) {
        return (firstByte & 0xFF) >> 4;
    }

    /** Bytes that a value takes as a Variable Byte Integer: 1 to 4. */
    public static int varIntLength(final int value) {
        return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
    }

    /** Writes a Variable Byte Integer and returns the bytes it took. */
    public static int writeVarInt(final MutableDirectBuffer buffer, final int offset, final int value) {
        int rest = value;
        int i = offset;
        while (rest > 0x7F) {
            buffer.putByte(i++, (byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        buffer.putByte(i++, (byte) rest);
        return i - offset;
    }

    /** Writes first byte and remaining length, returns the bytes they took. */
    static int writeFixedHeader(
            final MutableDirectBuffer buffer, final int offset, final int firstByte, final int remainingLength) {
        buffer.putByte(offset, (byte) firstByte);
        return 1 + writeVarInt(buffer, offset + 1, remainingLength);
    }

    /** Length of a packet with that many bytes behind its fixed header. */
    static int totalLength(final int remainingLength) {
        return 1 + varIntLength(remainingLength) + remainingLength;
    }
}
