package io.ringmain.protocol.websocket;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Writes frames of a server: whole messages, not masked.
 *
 * <pre>
 *  0               1               2                        2, 4 or 10
 *  +---------------+---------------+------------------------+---------
 *  | FIN, opcode   | 0..125        |                        | payload
 *  |               | 126           | length, u16            |
 *  |               | 127           | length, u64            |
 *  +---------------+---------------+------------------------+---------
 * </pre>
 */
public final class FrameEncoder {
    /** Bytes of the longest header. */
    public static final int MAX_HEADER_LENGTH = 10;
    /** Bytes of the longest control frame of a server. */
    public static final int MAX_CONTROL_LENGTH = 2 + FrameDecoder.MAX_CONTROL_PAYLOAD;

    private static final int FIN = 0x80;
    private static final int U16_LENGTH = 126;
    private static final int U64_LENGTH = 127;

    private FrameEncoder() {}

    /** Bytes of the header of a frame with so many bytes of payload. */
    public static int headerLength(final int payloadLength) {
        return payloadLength < U16_LENGTH ? 2 : payloadLength <= 0xFFFF ? 4 : MAX_HEADER_LENGTH;
    }

    /** Writes the header and returns its length. */
    public static int encodeHeader(
            final MutableDirectBuffer buffer, final int offset, final int opcode, final int payloadLength) {
        final int headerLength = headerLength(payloadLength);
        buffer.putByte(offset, (byte) (FIN | opcode));
        switch (headerLength) {
            case 2 -> buffer.putByte(offset + 1, (byte) payloadLength);
            case 4 -> {
                buffer.putByte(offset + 1, (byte) U16_LENGTH);
                buffer.putShort(offset + 2, (short) payloadLength, ByteOrder.BIG_ENDIAN);
            }
            default -> {
                buffer.putByte(offset + 1, (byte) U64_LENGTH);
                buffer.putLong(offset + 2, payloadLength, ByteOrder.BIG_ENDIAN);
            }
        }
        return headerLength;
    }

    /** Writes a Close frame, without a payload for {@link CloseCode#NO_STATUS}, and returns its length. */
    public static int encodeClose(final MutableDirectBuffer buffer, final int offset, final int code) {
        if (code == CloseCode.NO_STATUS) {
            return encodeHeader(buffer, offset, Opcode.CLOSE, 0);
        }
        final int at = encodeHeader(buffer, offset, Opcode.CLOSE, Short.BYTES);
        buffer.putShort(offset + at, (short) code, ByteOrder.BIG_ENDIAN);
        return at + Short.BYTES;
    }

    /** Writes the Pong that answers a Ping with this payload, and returns its length. */
    public static int encodePong(
            final MutableDirectBuffer buffer, final int offset, final byte[] payload, final int payloadLength) {
        final int at = encodeHeader(buffer, offset, Opcode.PONG, payloadLength);
        buffer.putBytes(offset + at, payload, 0, payloadLength);
        return at + payloadLength;
    }
}
