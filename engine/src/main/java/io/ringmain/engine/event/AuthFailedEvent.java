package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Somebody was not let in, or could not prove again who it is. Who tried is in the {@link Origin}; the password is
 * nowhere.
 *
 * <pre>
 *  40       41         48
 *  +--------+----------+- - - - - -
 *  | reason | reserved | origin
 *  +--------+----------+- - - - - -
 * </pre>
 */
public final class AuthFailedEvent {
    /** In bytes, without the origin. */
    public static final int LENGTH = HEADER_LENGTH + 8;

    private static final int REASON_OFFSET = HEADER_LENGTH;

    private AuthFailedEvent() {}

    /** Writes everything but the origin. */
    public static void write(
            final MutableDirectBuffer buffer,
            final int offset,
            final int lane,
            final long connectionId,
            final int reasonCode) {
        EventHeader.write(buffer, offset, LENGTH, EventType.AUTH_FAILED, 0, lane, connectionId);
        buffer.setMemory(offset + HEADER_LENGTH, LENGTH - HEADER_LENGTH, (byte) 0);
        buffer.putByte(offset + REASON_OFFSET, (byte) reasonCode);
    }

    /** MQTT 5 reason code of the refusal. */
    public static int reasonCode(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + REASON_OFFSET) & 0xFF;
    }
}
