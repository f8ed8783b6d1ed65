package io.ringmain.engine.catalog;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;

/** What the catalogue says, as JSON in UTF-8, without garbage. The buffer has to expand, or to have room. */
public final class CatalogText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int TIME_LENGTH = "2026-11-24T15:10:02.878842Z".length();

    private CatalogText() {}

    /** Writes {@code {"first":...,"last":...,"count":...,"bytes":...,"publisher":...}} and returns its length. */
    public static int writeTopic(
            final MutableDirectBuffer buffer, final int offset, final CatalogAnswer answer, final int index) {
        int at = offset;
        at += buffer.putStringWithoutLengthAscii(at, "{\"first\":\"");
        at += writeTime(buffer, at, answer.firstNs(index));
        at += buffer.putStringWithoutLengthAscii(at, "\",\"last\":\"");
        at += writeTime(buffer, at, answer.lastNs(index));
        at += buffer.putStringWithoutLengthAscii(at, "\",\"count\":");
        at += buffer.putLongAscii(at, answer.messages(index));
        at += buffer.putStringWithoutLengthAscii(at, ",\"bytes\":");
        at += buffer.putLongAscii(at, answer.bytes(index));
        at += buffer.putStringWithoutLengthAscii(at, ",\"publisher\":\"");
        at += writeEscaped(buffer, at, answer.publisher(index));
        at += buffer.putStringWithoutLengthAscii(at, "\"}");
        return at - offset;
    }

    /** Writes {@code {"topics":...,"beyondCap":...,"asOf":...}} and returns its length. */
    public static int writeEnd(final MutableDirectBuffer buffer, final int offset, final CatalogAnswer answer) {
        int at = offset;
        at += buffer.putStringWithoutLengthAscii(at, "{\"topics\":");
        at += buffer.putLongAscii(at, answer.size());
        at += buffer.putStringWithoutLengthAscii(at, ",\"beyondCap\":");
        at += buffer.putLongAscii(at, answer.messagesBeyondCap());
        at += buffer.putStringWithoutLengthAscii(at, ",\"asOf\":");
        at += buffer.putLongAscii(at, answer.asOf());
        at += buffer.putStringWithoutLengthAscii(at, "}");
        return at - offset;
    }

    private static int writeEscaped(final MutableDirectBuffer buffer, final int offset, final byte[] text) {
        int at = offset;
        for (final byte b : text) {
            if (b == '"' || b == '\\') {
                buffer.putByte(at++, (byte) '\\');
                buffer.putByte(at++, b);
            } else if (b >= 0 && b < ' ') {
                at += buffer.putStringWithoutLengthAscii(at, "\\u00");
                buffer.putByte(at++, HEX[b >> 4]);
                buffer.putByte(at++, HEX[b & 15]);
            } else {
                buffer.putByte(at++, b);
            }
        }
        return at - offset;
    }

    /**
     * Writes a time as in ISO 8601, UTC, to the microsecond. Years 0 to 9999; the calendar is that of Howard Hinnant,
     * "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
     */
    static int writeTime(final MutableDirectBuffer buffer, final int offset, final long epochNs) {
        final long micros = Math.floorDiv(epochNs, 1000L);
        final long days = Math.floorDiv(micros, TimeUnit.DAYS.toMicros(1));
        final long ofDay = Math.floorMod(micros, TimeUnit.DAYS.toMicros(1));
        writeDate(buffer, offset, days);
        final int second = (int) TimeUnit.MICROSECONDS.toSeconds(ofDay);
        buffer.putByte(offset + 10, (byte) 'T');
        digits(buffer, offset + 11, 2, second / 3600);
        buffer.putByte(offset + 13, (byte) ':');
        digits(buffer, offset + 14, 2, second / 60 % 60);
        buffer.putByte(offset + 16, (byte) ':');
        digits(buffer, offset + 17, 2, second % 60);
        buffer.putByte(offset + 19, (byte) '.');
        digits(buffer, offset + 20, 6, (int) (ofDay % 1_000_000));
        buffer.putByte(offset + 26, (byte) 'Z');
        return TIME_LENGTH;
    }

    private static void writeDate(final MutableDirectBuffer buffer, final int offset, final long epochDay) {
        final long shifted = epochDay + 719_468; // Days since 0000-03-01.
        final long era = Math.floorDiv(shifted, 146_097L);
        final int dayOfEra = (int) Math.floorMod(shifted, 146_097L);
        final int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        final int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        final int monthFromMarch = (5 * dayOfYear + 2) / 153;
        final int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        digits(buffer, offset, 4, (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0));
        buffer.putByte(offset + 4, (byte) '-');
        digits(buffer, offset + 5, 2, month);
        buffer.putByte(offset + 7, (byte) '-');
        digits(buffer, offset + 8, 2, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
    }

    private static void digits(final MutableDirectBuffer buffer, final int offset, final int count, final int value) {
        int left = value;
        for (int i = count - 1; i >= 0; i--) {
            buffer.putByte(offset + i, (byte) ('0' + left % 10));
            left /= 10;
        }
    }
}
