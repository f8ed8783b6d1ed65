package io.ringmain.engine;

import org.agrona.concurrent.NanoClock;

/**
 * Tells a thread that has found nothing to do whether to look again or to sleep. Behind a busy cycle it looks again for a
 * while: who sends much is about to send more, and to wake a processor that sleeps takes longer than that. Confined to one
 * thread.
 */
final class BusyPoll {
    /** Work from which a cycle is a busy one: a few dozen messages, each of which is several pieces of work. */
    static final int BUSY_WORK = 128;

    private final NanoClock clock;
    private final long durationNs;
    private long untilNs;

    /**
     * @param clock that is never set.
     * @param durationNs how long to look again, nanoseconds; 0 not at all.
     */
    BusyPoll(final NanoClock clock, final long durationNs) {
        this.clock = clock;
        this.durationNs = durationNs;
        this.untilNs = clock.nanoTime();
    }

    /** A cycle is over, with so much work. */
    void onCycle(final int work) {
        if (work >= BUSY_WORK) {
            untilNs = clock.nanoTime() + durationNs;
        }
    }

    boolean looksAgain() {
        return clock.nanoTime() - untilNs < 0;
    }
}
