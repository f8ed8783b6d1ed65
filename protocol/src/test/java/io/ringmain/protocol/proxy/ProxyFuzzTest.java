package io.ringmain.protocol.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whatever the bytes: the decoder doesn't throw, reads nothing outside of them, keeps its bounds, and says of each
 * beginning what fits what it says of the whole. Seeds are prefaces of each kind.
 */
final class ProxyFuzzTest {
    private static final int MAX = 512;
    private static final int NOISE = 13;

    private final ProxyDecoder decoder = new ProxyDecoder(MAX);

    private String told(final int result) {
        return result <= 0
                ? String.valueOf(result)
                : result + " " + decoder.source() + " " + decoder.address() + " " + decoder.port() + " "
                        + decoder.unixPath();
    }

    @FuzzTest(maxDuration = "10m")
    void proxy(final byte[] data) {
        final int result = decoder.decode(new UnsafeBuffer(data), 0, data.length);
        final String told = told(result);
        final UnsafeBuffer noisy = new UnsafeBuffer(new byte[data.length + 2 * NOISE]);
        noisy.setMemory(0, noisy.capacity(), (byte) '\r');
        noisy.putBytes(NOISE, data);
        assertEquals(told, told(decoder.decode(noisy, NOISE, data.length)));
        assertTrue(result <= Math.min(MAX, data.length));
        final int last = Math.min(data.length, MAX + 1);
        for (int length = 0; length < last; length++) {
            final byte[] beginning = Arrays.copyOf(data, length);
            final int early = decoder.decode(new UnsafeBuffer(beginning), 0, length);
            if (result > 0) {
                assertEquals(length < result ? ProxyDecoder.INCOMPLETE : result, early);
            } else {
                assertTrue(early == ProxyDecoder.INCOMPLETE || early == result);
            }
        }
    }
}
