package io.ringmain.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class StampTest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int ROUNDS = 100_000;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    private static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    /** The properties as text, read by their lengths. */
    private String text(final int offset, final int length) {
        final StringBuilder text = new StringBuilder();
        int at = offset;
        while (at < offset + length) {
            assertEquals(38, buffer.getByte(at));
            final int nameLength = buffer.getShort(at + 1, ByteOrder.BIG_ENDIAN);
            final int valueLength = buffer.getShort(at + 3 + nameLength, ByteOrder.BIG_ENDIAN);
            text.append(buffer.getStringWithoutLengthUtf8(at + 3, nameLength))
                    .append('=')
                    .append(buffer.getStringWithoutLengthUtf8(at + 5 + nameLength, valueLength))
                    .append(' ');
            at += 5 + nameLength + valueLength;
        }
        return text.toString().trim();
    }

    @Test
    void shouldHaveItsLengthBeforePositionAndTimeAreKnown() {
        final int length = Stamp.write(buffer, 3, utf8("press-07"), utf8("alice"));
        assertEquals(Stamp.length(8, 5), length);
        assertEquals(
                "ringmain-client=press-07 ringmain-user=alice ringmain-position=0000000000000000000"
                        + " ringmain-time=0000-00-00T00:00:00.000000Z",
                text(3, length));
        Stamp.fill(
                buffer,
                3 + length,
                91_231_002,
                Instant.parse("2026-11-25T20:12:00.123456Z").getEpochSecond() * 1_000_000_000L + 123_456_789);
        assertEquals(
                "ringmain-client=press-07 ringmain-user=alice ringmain-position=0000000000091231002"
                        + " ringmain-time=2026-11-25T20:12:00.123456Z",
                text(3, length));
    }

    @Test
    void shouldLeaveOutAUserThatIsNotThere() {
        final int length = Stamp.write(buffer, 0, utf8("c"), utf8(""));
        assertEquals(Stamp.length(1, 0), length);
        Stamp.fill(buffer, length, Long.MAX_VALUE, 0);
        assertEquals(
                "ringmain-client=c ringmain-position=9223372036854775807 ringmain-time=1970-01-01T00:00:00.000000Z",
                text(0, length));
    }

    @Test
    void shouldTellEveryTimeAsTheLibraryDoes() {
        final Random random = new Random(7);
        final int end = Stamp.write(buffer, 0, utf8("c"), utf8(""));
        for (int i = 0; i < 20_000; i++) {
            final long timestampNs = i < 2000
                    ? Instant.parse("2023-12-30T00:00:00Z").getEpochSecond() * 1_000_000_000L + i * 43_200_000_000_000L
                    : random.nextLong() & Long.MAX_VALUE;
            Stamp.fill(buffer, end, 0, timestampNs);
            final Instant instant = Instant.ofEpochSecond(timestampNs / 1_000_000_000, timestampNs % 1_000_000_000);
            assertEquals(TIME.format(instant), buffer.getStringWithoutLengthUtf8(end - 27, 27));
        }
    }

    @Test
    void shouldNotAllocateWhenItIsFilled() {
        final int end = Stamp.write(buffer, 0, utf8("c"), utf8("u"));
        fill(end);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        fill(end);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / ROUNDS, "bytes each time, of " + allocated);
    }

    private void fill(final int end) {
        for (int i = 0; i < ROUNDS; i++) {
            Stamp.fill(buffer, end, i, 1_795_421_647_118_204_000L + i);
        }
    }
}
