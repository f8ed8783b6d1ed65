package io.ringmain.engine.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines<String> deadlines = new Deadlines<>();

    private String poll() {
        final Timer<String> first = deadlines.first();
        deadlines.cancel(first);
        return first.owner();
    }

    @Test
    void shouldGiveEqualDeadlinesInTheOrderOfIds() {
        deadlines.set(new Timer<>("c", 3), 10);
        deadlines.set(new Timer<>("a", 1), 10);
        deadlines.set(new Timer<>("b", 2), 10);
        assertEquals("abc", poll() + poll() + poll());
        assertEquals(Deadlines.NONE, deadlines.nextNs());
    }

    @Test
    void shouldMoveADeadline() {
        final Timer<String> a = new Timer<>("a", 1);
        deadlines.set(a, 10);
        deadlines.set(new Timer<>("b", 2), 20);
        deadlines.set(a, 30);
        assertEquals(20, deadlines.nextNs());
        assertEquals("ba", poll() + poll());
        assertFalse(a.isWaiting());
        deadlines.cancel(a);
        assertEquals(0, deadlines.size());
    }

    @Test
    void shouldKeepTheOrderUnderRandomChanges() {
        final SplittableRandom random = new SplittableRandom(1);
        final List<Timer<String>> timers = new ArrayList<>();
        for (int id = 0; id < 200; id++) {
            timers.add(new Timer<>("t" + id, id));
        }
        for (int i = 0; i < 20_000; i++) {
            final Timer<String> timer = timers.get(random.nextInt(timers.size()));
            if (random.nextInt(3) == 0) {
                deadlines.cancel(timer);
            } else {
                deadlines.set(timer, random.nextInt(50));
            }
        }
        final List<String> expected = timers.stream()
                .filter(Timer::isWaiting)
                .sorted(Comparator.comparingLong((Timer<String> timer) -> timer.deadlineNs()))
                .map(Timer::owner)
                .toList();
        final List<String> polled = new ArrayList<>();
        while (deadlines.size() > 0) {
            polled.add(poll());
        }
        assertEquals(expected, polled);
    }

    @Test
    void shouldHoldTheLongestIntervalOfMqtt() {
        final long now = 1_900_000_000_000_000_000L;
        assertEquals(now + 4_294_967_294_000_000_000L, Deadlines.after(now, 0xFFFF_FFFEL));
    }
}
