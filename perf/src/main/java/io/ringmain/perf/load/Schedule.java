package io.ringmain.perf.load;

import java.util.concurrent.TimeUnit;

/**
 * When the messages of an open loop are due, and who sends them: all publishers of a flow take turns, and a share of it has
 * the turns of its own ones. So shares on several threads together send at the instants at which one would.
 */
final class Schedule {
    private final long rate;
    private final int first;
    private final int count;
    private final int all;
    private long startNs;

    /** In the flow. */
    private long number;

    private int index;

    /**
     * @param rate messages a second of the flow.
     * @param first the first publisher of the share.
     * @param count publishers of the share.
     * @param all publishers of the flow.
     */
    Schedule(final long rate, final int first, final int count, final int all) {
        this.rate = rate;
        this.first = first;
        this.count = count;
        this.all = all;
    }

    /** Messages are due from now on. */
    void start(final long nowNs) {
        startNs = nowNs;
        number = first;
        index = 0;
    }

    /** Of the next message. */
    long intendedNs() {
        return startNs + number * TimeUnit.SECONDS.toNanos(1) / rate;
    }

    /** Whose turn it is, counted from the first publisher of the share. */
    int publisher() {
        return index;
    }

    /** The message is on its way. */
    void next() {
        number++;
        if (++index == count) {
            index = 0;
            number += all - count;
        }
    }
}
