package io.ringmain.engine.event;

import static io.ringmain.engine.event.EventHeader.HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Something was done to the broker, or by it, that no client asked for: a snapshot on command, segments removed, a clean
 * stop.
 *
 * <pre>
 *  40       42       44
 *  +--------+--------+-----------------+
 *  | actor  | action | actor, action   |
 *  | length | length |                 |
 *  +--------+--------+-----------------+
 * </pre>
 *
 * The actor is who did it ({@code broker}, {@code operator}), the action what was done, in words. UTF-8.
 */
public final class AdminEvent {
    private static final int ACTOR_LENGTH_OFFSET = HEADER_LENGTH;
    private static final int ACTION_LENGTH_OFFSET = HEADER_LENGTH + 2;
    private static final int BODY_OFFSET = HEADER_LENGTH + 4;

    private AdminEvent() {}

    /** Length in bytes of the event with these texts. */
    public static int length(final int actorLength, final int actionLength) {
        return BODY_OFFSET + actorLength + actionLength;
    }

    public static void write(
            final MutableDirectBuffer buffer, final int offset, final byte[] actor, final byte[] action) {
        EventHeader.write(
                buffer,
                offset,
                length(actor.length, action.length),
                EventType.ADMIN,
                0,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION);
        buffer.putShort(offset + ACTOR_LENGTH_OFFSET, (short) actor.length, LITTLE_ENDIAN);
        buffer.putShort(offset + ACTION_LENGTH_OFFSET, (short) action.length, LITTLE_ENDIAN);
        buffer.putBytes(offset + BODY_OFFSET, actor);
        buffer.putBytes(offset + BODY_OFFSET + actor.length, action);
    }

    public static String actor(final DirectBuffer buffer, final int offset) {
        return buffer.getStringWithoutLengthUtf8(offset + BODY_OFFSET, u16(buffer, offset + ACTOR_LENGTH_OFFSET));
    }

    public static String action(final DirectBuffer buffer, final int offset) {
        return buffer.getStringWithoutLengthUtf8(
                offset + BODY_OFFSET + u16(buffer, offset + ACTOR_LENGTH_OFFSET),
                u16(buffer, offset + ACTION_LENGTH_OFFSET));
    }

    private static int u16(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF;
    }
}
