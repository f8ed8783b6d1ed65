package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.concurrent.UnsafeBuffer;

/** Framing under any bytes: an answer never changes when more bytes come, and follows from at most five of them. */
final class FramingFuzzTest {
    private static final int LIMIT = 1 << 20;

    @FuzzTest(maxDuration = "10m")
    void stream(final byte[] data) {
        int earlier = Framing.INCOMPLETE;
        for (int available = 0; available <= data.length; available++) {
            final UnsafeBuffer buffer = new UnsafeBuffer(data, 0, available);
            final int length = Framing.packetLength(buffer, 0, available, LIMIT);

            assertTrue(earlier == Framing.INCOMPLETE || earlier == length);
            assertTrue(available < 5 || length != Framing.INCOMPLETE);
            assertTrue(length <= LIMIT);
            earlier = length;
        }
        if (earlier > 0) {
            assertCanonicalLength(data, earlier);
        }
    }

    /** Written again, the length takes the same bytes or fewer, and reads the same. */
    private static void assertCanonicalLength(final byte[] data, final int length) {
        int headerLength = 2;
        while (data[headerLength - 1] < 0) {
            headerLength++;
        }
        final int remaining = length - headerLength;
        final UnsafeBuffer target = new UnsafeBuffer(new byte[5]);
        final int written = Framing.writeFixedHeader(target, 0, data[0], remaining);

        assertTrue(written <= headerLength);
        assertEquals(written + remaining, Framing.packetLength(target, 0, written, LIMIT));
    }
}
