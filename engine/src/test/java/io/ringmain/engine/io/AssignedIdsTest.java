package io.ringmain.engine.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssignedIdsTest {
    private static final int COUNT = 1000;

    private static String next(final AssignedIds ids) {
        return new String(ids.next(), UTF_8);
    }

    @Test
    void shouldGiveTheSameIdsForTheSameSeed() {
        final AssignedIds one = new AssignedIds(7, 1);
        final AssignedIds other = new AssignedIds(7, 1);
        for (int i = 0; i < COUNT; i++) {
            assertEquals(next(one), next(other));
        }
    }

    @Test
    void shouldGiveNoIdTwiceWhateverLaneOrRun() {
        final Set<String> seen = new HashSet<>();
        for (final long seed : new long[] {0, 7, 7L << 32, -1}) {
            for (int lane = 0; lane < 4; lane++) {
                final AssignedIds ids = new AssignedIds(seed, lane);
                for (int i = 0; i < COUNT; i++) {
                    seen.add(next(ids));
                }
            }
        }
        assertEquals(16 * COUNT, seen.size());
    }

    @Test
    void shouldNotCountInTheOpen() {
        final AssignedIds ids = new AssignedIds(7, 0);
        final Set<String> ends = new HashSet<>();
        for (int i = 0; i < COUNT; i++) {
            final String id = next(ids);
            assertTrue(id.matches("rm-[0-9a-f]{24}"), id);
            ends.add(id.substring(3, 11));
        }
        assertTrue(ends.size() > COUNT - 10, "no part stays the same");
    }
}
