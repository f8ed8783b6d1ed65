package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private final KnownKeys keys = new KnownKeys();

    private boolean contains(final int kind, final String key) {
        final UnsafeBuffer buffer = new UnsafeBuffer(("." + key).getBytes(StandardCharsets.UTF_8));
        return keys.contains(kind, buffer, 1, buffer.capacity() - 1);
    }

    @Test
    void shouldKnowAKeyTheSecondTime() {
        assertFalse(contains(1, "plant/line3/rpm"));
        assertTrue(contains(1, "plant/line3/rpm"));
        assertFalse(contains(1, "plant"));
        assertTrue(contains(1, "plant"));
    }

    @Test
    void shouldTellKindsAndBytesApart() {
        assertFalse(contains(1, "press-07"));
        assertFalse(contains(2, "press-07"));
        assertFalse(contains(1, "0ress-07"));
        assertFalse(contains(1, "a/press-07"));
        assertFalse(contains(1, "b/press-07"));
        assertFalse(contains(1, "a/press-07-"));
    }

    @Test
    void shouldKeepNoKeyThatIsLong() {
        assertTrue(!contains(1, "x".repeat(64)) && contains(1, "x".repeat(64)));
        assertFalse(contains(1, "x".repeat(65)));
        assertFalse(contains(1, "x".repeat(65)));
        assertFalse(contains(1, ""));
        assertFalse(contains(1, ""));
    }

    /** It may forget, and never know what it wasn't asked for. */
    @Test
    void shouldNeverKnowAKeyThatIsNew() {
        final Random random = new Random(1);
        final Set<String> seen = new HashSet<>();
        int known = 0;
        for (int i = 0; i < 200_000; i++) {
            final int kind = 1 + random.nextInt(3);
            final String key = "k".repeat(random.nextInt(12)) + random.nextInt(200);
            final boolean isNew = seen.add(kind + key);
            final boolean isKnown = contains(kind, key);
            assertFalse(isNew && isKnown, key);
            known += isKnown ? 1 : 0;
        }
        assertTrue(known > 1000, known + " known");
    }
}
