package io.ringmain.engine.core.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class StateDigestTest {
    private static long hash(final String text) {
        final UnsafeBuffer buffer = new UnsafeBuffer(text.getBytes(UTF_8));
        return StateDigest.hash(buffer, 0, buffer.capacity());
    }

    @Test
    void shouldNotDependOnTheOrderOfChanges() {
        final StateDigest one = new StateDigest();
        final StateDigest other = new StateDigest();
        one.add(5);
        one.add(7);
        one.replace(5, 9);
        other.add(9);
        other.add(3);
        other.add(7);
        other.remove(3);
        assertEquals(one.value(), other.value());
    }

    @Test
    void shouldTellBytesApartByEachBitAndLength() {
        final Set<Long> seen = new HashSet<>();
        final byte[] bytes = new byte[24];
        for (int length = 0; length <= bytes.length; length++) {
            assertTrue(seen.add(StateDigest.hash(new UnsafeBuffer(bytes), 0, length)), "length " + length);
            for (int bit = 0; bit < length * 8; bit++) {
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
                assertTrue(seen.add(StateDigest.hash(new UnsafeBuffer(bytes), 0, length)), length + " bit " + bit);
                bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
            }
        }
        assertEquals(hash("sensor/1"), hash("sensor/1"));
    }

    @Test
    void shouldTellTheOrderOfASequence() {
        assertNotEquals(StateDigest.mix(1, 2), StateDigest.mix(2, 1));
        assertNotEquals(StateDigest.mix(0, 1, 2), StateDigest.mix(0, 2, 1));
    }
}
