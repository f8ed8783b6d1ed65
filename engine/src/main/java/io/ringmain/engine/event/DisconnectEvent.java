package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The end of a connection: a DISCONNECT packet of the client ({@link EventType#DISCONNECT}), or any other end
 * ({@link EventType#CONNECTION_LOST}: closed or reset by the peer, keep alive expired, protocol error).
 *
 * <pre>
 *  40          41      42        44                        48
 *  +-----------+-------+---------+-------------------------+
 *  | reason    | flags | reserved| session expiry seconds  |
 *  +-----------+-------+---------+-------------------------+
 * </pre>
 */
public final class DisconnectEvent {
    public static final int HAS_SESSION_EXPIRY = 1;
    public static final int LENGTH = HEADER_LENGTH + 8;

    private static final int REASON_OFFSET = HEADER_LENGTH;
    private static final int FLAGS_OFFSET = HEADER_LENGTH + 1;
    private static final int RESERVED_OFFSET = HEADER_LENGTH + 2;
    private static final int SESSION_EXPIRY_OFFSET = HEADER_LENGTH + 4;

    private DisconnectEvent() {}

    public static void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int type,
            final int lane,
            final long connectionId,
            final int reasonCode,
            final int flags,
            final long sessionExpirySeconds) {
        EventHeader.write(buffer, offset, LENGTH, type, 0, lane, connectionId);
        buffer.putByte(offset + REASON_OFFSET, (byte) reasonCode);
        buffer.putByte(offset + FLAGS_OFFSET, (byte) flags);
        buffer.putShort(offset + RESERVED_OFFSET, (short) 0, LITTLE_ENDIAN);
        buffer.putInt(offset + SESSION_EXPIRY_OFFSET, (int) sessionExpirySeconds, LITTLE_ENDIAN);
    }

    public static int reasonCode(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + REASON_OFFSET) & 0xFF;
    }

    public static boolean hasSessionExpiry(final DirectBuffer buffer, final int offset) {
        return (buffer.getByte(offset + FLAGS_OFFSET) & HAS_SESSION_EXPIRY) != 0;
    }

    public static long sessionExpirySeconds(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + SESSION_EXPIRY_OFFSET, LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }
}
