package io.ringmain.engine.sim;

import java.util.SplittableRandom;

/** The only source of chance in a simulation: everything that happens follows from its seed. */
final class SimRandom {
    private final SplittableRandom random;

    SimRandom(final long seed) {
        random = new SplittableRandom(seed);
    }

    boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }

    /** 0 to {@code bound} - 1. */
    int below(final int bound) {
        return random.nextInt(bound);
    }

    int between(final int low, final int high) {
        return low + random.nextInt(high - low + 1);
    }

    SimRandom split() {
        return new SimRandom(random.nextLong());
    }

    long nextLong() {
        return random.nextLong();
    }
}
