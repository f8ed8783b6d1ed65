package io.ringmain.engine.sim;

import org.agrona.concurrent.EpochNanoClock;

/** Time that passes only when the simulation says so. */
final class SimClock implements EpochNanoClock {
    private long nowNs = 1_700_000_000_000_000_000L;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    void advance(final long ns) {
        nowNs += ns;
    }
}
