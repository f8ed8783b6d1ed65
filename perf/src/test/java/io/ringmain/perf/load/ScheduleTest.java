package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int PUBLISHERS = 7;

    /** Adds the instants of so many messages, with the publishers of the flow that send them. */
    private static void add(final Map<Long, Integer> due, final int first, final int count, final int messages) {
        final Schedule schedule = new Schedule(3000, first, count, PUBLISHERS);
        schedule.start(1_000_000);
        for (int i = 0; i < messages; i++) {
            due.put(schedule.intendedNs(), first + schedule.publisher());
            schedule.next();
        }
    }

    @Test
    void shouldSendAtTheSameInstantsHoweverPublishersAreSharedOut() {
        final Map<Long, Integer> one = new TreeMap<>();
        add(one, 0, PUBLISHERS, 7 * 100);
        final Map<Long, Integer> several = new TreeMap<>();
        add(several, 0, 2, 2 * 100);
        add(several, 2, 4, 4 * 100);
        add(several, 6, 1, 100);
        assertEquals(one, several);
        assertEquals(700, one.size());
    }

    @Test
    void shouldGiveTurnsToPublishersAtTheRate() {
        final Map<Long, Integer> due = new TreeMap<>();
        add(due, 0, PUBLISHERS, 9);
        assertEquals(
                "{1000000=0, 1333333=1, 1666666=2, 2000000=3, 2333333=4, 2666666=5, 3000000=6, 3333333=0, 3666666=1}",
                due.toString());
    }

    @Test
    void shouldBeginAnew() {
        final Schedule schedule = new Schedule(1000, 3, 2, 5);
        schedule.start(0);
        schedule.next();
        schedule.next();
        schedule.next();
        schedule.start(50);
        assertEquals(3_000_050, schedule.intendedNs());
        assertEquals(0, schedule.publisher());
    }
}
