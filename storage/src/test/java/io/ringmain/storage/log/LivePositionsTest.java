package io.ringmain.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LivePositionsTest {
    @Test
    void shouldHoldEachPositionOnceInAscendingOrder() {
        final SplittableRandom random = new SplittableRandom(7);
        final TreeSet<Long> expected = new TreeSet<>();
        final LivePositions live = new LivePositions();
        for (int i = 0; i < 100_000; i++) {
            final long position = random.nextLong(20_000);
            expected.add(position);
            live.accept(position);
            if (i % 9_973 == 0) {
                assertEquals(expected.size(), live.count());
            }
        }
        assertEquals(expected.size(), live.count());
        int index = 0;
        for (final long position : expected) {
            assertEquals(position, live.get(index));
            assertEquals(index++, live.firstNotBefore(position));
        }
        for (long position = -1; position <= 20_000; position++) {
            assertEquals(expected.contains(position), live.contains(position));
        }
        assertEquals(live.count(), live.firstNotBefore(20_000));
    }

    @Test
    void shouldBeEmptyAtFirst() {
        assertEquals(0, new LivePositions().count());
        assertEquals(0, new LivePositions().firstNotBefore(5));
    }
}
