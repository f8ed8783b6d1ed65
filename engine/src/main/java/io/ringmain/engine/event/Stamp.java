package io.ringmain.engine.event;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The user properties with which the broker tells subscribers who published a message, and where and when it was
 * recorded: the last properties of a message that is flagged as stamped.
 *
 * <pre>
 *  +--------------------+----------------------+------------------------------+----------------------------+
 *  | ringmain-client: x | ringmain-user: y     | ringmain-position: 19 digits | ringmain-time: 27 letters  |
 *  |                    | (if there is a name) |                              | 2026-11-25T20:12:00.123456Z|
 *  +--------------------+----------------------+------------------------------+----------------------------+
 *  property: 38 | name length u16 | name | value length u16 | value     (big-endian, as on the wire)
 * </pre>
 *
 * Position and time aren't known when the event is written. They have a fixed width, so that the message has its final
 * length from the beginning, and are zeros in the event; {@link #fill} puts them into each packet.
 */
public final class Stamp {
    /** Begins the names of all these properties; a client can't use such a name. */
    public static final String NAME_PREFIX = "ringmain-";

    private static final byte[] CLIENT = (NAME_PREFIX + "client").getBytes(US_ASCII);
    private static final byte[] USER = (NAME_PREFIX + "user").getBytes(US_ASCII);
    private static final byte[] POSITION = (NAME_PREFIX + "position").getBytes(US_ASCII);
    private static final byte[] TIME = (NAME_PREFIX + "time").getBytes(US_ASCII);
    private static final byte[] NO_POSITION = "0000000000000000000".getBytes(US_ASCII);
    private static final byte[] NO_TIME = "0000-00-00T00:00:00.000000Z".getBytes(US_ASCII);

    private static final int USER_PROPERTY = 38;
    private static final int OVERHEAD = 1 + 2 * Short.BYTES;
    private static final int TIME_FROM_END = NO_TIME.length;
    private static final int POSITION_FROM_END = OVERHEAD + TIME.length + NO_TIME.length + NO_POSITION.length;

    private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);
    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final long MINUTE_MICROS = TimeUnit.MINUTES.toMicros(1);
    private static final long SECOND_MICROS = TimeUnit.SECONDS.toMicros(1);

    private Stamp() {}

    /** Length in bytes of the properties of a client. */
    public static int length(final int clientIdLength, final int usernameLength) {
        return OVERHEAD
                + CLIENT.length
                + clientIdLength
                + (usernameLength == 0 ? 0 : OVERHEAD + USER.length + usernameLength)
                + OVERHEAD
                + POSITION.length
                + POSITION_FROM_END;
    }

    /** Writes the properties of a client, position and time left open; returns the length. */
    public static int write(
            final MutableDirectBuffer buffer,
            final int offset,
            final DirectBuffer clientId,
            final DirectBuffer username) {
        int at = name(buffer, offset, CLIENT);
        at = value(buffer, at, clientId, clientId.capacity());
        if (username.capacity() > 0) {
            at = name(buffer, at, USER);
            at = value(buffer, at, username, username.capacity());
        }
        at = name(buffer, at, POSITION);
        at = value(buffer, at, NO_POSITION);
        at = name(buffer, at, TIME);
        at = value(buffer, at, NO_TIME);
        return at - offset;
    }

    private static int name(final MutableDirectBuffer buffer, final int offset, final byte[] name) {
        buffer.putByte(offset, (byte) USER_PROPERTY);
        return value(buffer, offset + 1, name);
    }

    private static int value(final MutableDirectBuffer buffer, final int offset, final byte[] value) {
        buffer.putShort(offset, (short) value.length, BIG_ENDIAN);
        buffer.putBytes(offset + Short.BYTES, value);
        return offset + Short.BYTES + value.length;
    }

    private static int value(
            final MutableDirectBuffer buffer, final int offset, final DirectBuffer value, final int length) {
        buffer.putShort(offset, (short) length, BIG_ENDIAN);
        buffer.putBytes(offset + Short.BYTES, value, 0, length);
        return offset + Short.BYTES + length;
    }

    /**
     * Puts position and time in.
     *
     * @param end offset behind the last property of a stamped message, in a packet or wherever it was copied to.
     */
    public static void fill(
            final MutableDirectBuffer buffer, final int end, final long position, final long timestampNs) {
        digits(buffer, end - POSITION_FROM_END, NO_POSITION.length, position);
        final long micros = TimeUnit.NANOSECONDS.toMicros(timestampNs);
        date(buffer, end - TIME_FROM_END, Math.floorDiv(micros, DAY_MICROS));
        time(buffer, end - TIME_FROM_END, Math.floorMod(micros, DAY_MICROS));
    }

    /** Days since 1970 as a date; years begin with March here, so that the odd day is the last of its year. */
    private static void date(final MutableDirectBuffer buffer, final int offset, final long epochDay) {
        final long sinceYearZero = epochDay + 719_468;
        final long era = Math.floorDiv(sinceYearZero, 146_097);
        final long dayOfEra = Math.floorMod(sinceYearZero, 146_097);
        final long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        final long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        final long monthFromMarch = (5 * dayOfYear + 2) / 153;
        final long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        digits(buffer, offset, 4, yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
        digits(buffer, offset + 5, 2, month);
        digits(buffer, offset + 8, 2, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
    }

    private static void time(final MutableDirectBuffer buffer, final int offset, final long microsOfDay) {
        digits(buffer, offset + 11, 2, microsOfDay / HOUR_MICROS);
        digits(buffer, offset + 14, 2, microsOfDay % HOUR_MICROS / MINUTE_MICROS);
        digits(buffer, offset + 17, 2, microsOfDay % MINUTE_MICROS / SECOND_MICROS);
        digits(buffer, offset + 20, 6, microsOfDay % SECOND_MICROS);
    }

    private static void digits(final MutableDirectBuffer buffer, final int offset, final int count, final long value) {
        long rest = value;
        for (int i = count - 1; i >= 0; i--) {
            buffer.putByte(offset + i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }
}
