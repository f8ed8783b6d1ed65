package io.ringmain.storage.log;

import net.openhft.chronicle.core.time.TimeProvider;

/**
 * What Chronicle takes for the time. It rolls to another file when the minute changes; this clock changes its minute
 * only when we want a roll, and never goes back, whatever the system clock does.
 */
final class SegmentClock implements TimeProvider {
    static final long CYCLE_MS = 60_000;

    private volatile long cycle;

    void cycle(final long cycle) {
        this.cycle = cycle;
    }

    long cycle() {
        return cycle;
    }

    @Override
    public long currentTimeMillis() {
        return cycle * CYCLE_MS;
    }
}
