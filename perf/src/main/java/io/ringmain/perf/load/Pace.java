package io.ringmain.perf.load;

import java.io.IOException;

/**
 * How long things are done, and by how many.
 *
 * @param brokerWarmupS seconds that a broker is kept busy after its start before anything counts: neither the compilers
 *     of its JVM and ours nor the pages of a new log are to be part of the first figure.
 * @param warmupS seconds of each run before those that count.
 * @param durationS seconds of each run that count.
 * @param isQuick whether there is to be less of everything.
 * @param generatorThreads that flows are shared out to.
 */
record Pace(double brokerWarmupS, double warmupS, double durationS, boolean isQuick, int generatorThreads) {
    /** A part of a measurement. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** With one thread. */
    Pace(final double brokerWarmupS, final double warmupS, final double durationS, final boolean isQuick) {
        this(brokerWarmupS, warmupS, durationS, isQuick, 1);
    }

    Pace generatorThreads(final int count) {
        return new Pace(brokerWarmupS, warmupS, durationS, isQuick, count);
    }

    /** Does what is going to be measured again and again until the broker is warm; not at all if it needn't be. */
    void warmUp(final Action action) throws IOException {
        final long endNs = System.nanoTime() + (long) (brokerWarmupS * 1e9);
        while (System.nanoTime() < endNs) {
            action.run();
        }
    }
}
