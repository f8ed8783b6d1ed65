package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class BusyPollTest {
    private final CachedNanoClock clock = new CachedNanoClock();

    @Test
    void shouldSleepAtOnceBehindAQuietCycle() {
        final BusyPoll poll = new BusyPoll(clock, 50);
        assertFalse(poll.looksAgain(), "nothing came yet");
        poll.onCycle(BusyPoll.BUSY_WORK - 1);
        assertFalse(poll.looksAgain());
    }

    @Test
    void shouldLookAgainForAWhileBehindABusyCycle() {
        final BusyPoll poll = new BusyPoll(clock, 50);
        poll.onCycle(BusyPoll.BUSY_WORK);
        assertTrue(poll.looksAgain());
        clock.advance(49);
        poll.onCycle(1);
        assertTrue(poll.looksAgain(), "counted from the busy cycle");
        clock.advance(1);
        assertFalse(poll.looksAgain());
        poll.onCycle(BusyPoll.BUSY_WORK);
        clock.advance(49);
        assertTrue(poll.looksAgain());
    }

    @Test
    void shouldNotLookAgainWhenThatIsOff() {
        final BusyPoll poll = new BusyPoll(clock, 0);
        poll.onCycle(Integer.MAX_VALUE);
        assertFalse(poll.looksAgain());
    }
}
