package io.ringmain.engine.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Runs the whole broker under many seeds. A failure names its seed: run it alone with
 * {@code -Dringmain.sim.seed=SEED}, and add it to {@link #FAILED_ONCE} when it is mended.
 */
class SimulationTest {
    /** Every seed that ever found a fault. */
    private static final long[] FAILED_ONCE = {
        122952144809155842L, -6841965479629255071L, 5718599807708805884L, -6198751393576168095L
    };

    /** The same through WebSockets. */
    private static final long[] FAILED_ONCE_THROUGH_WEBSOCKETS = {7737486781610630054L};

    private static final int FRESH_SEEDS = Integer.getInteger("ringmain.sim.seeds", 200);

    @Test
    void shouldKeepItsPromisesUnderFreshSeeds() {
        final String only = System.getProperty("ringmain.sim.seed");
        if (only != null) {
            run(Long.parseLong(only));
            return;
        }
        final SplittableRandom seeds = new SplittableRandom();
        int crashes = 0;
        int delivered = 0;
        final long[] rare = new long[6];
        for (int i = 0; i < FRESH_SEEDS; i++) {
            final Simulation simulation = run(seeds.nextLong());
            crashes += simulation.crashes();
            delivered += simulation.delivered();
            Arrays.setAll(rare, what -> rare[what] + simulation.rareThings()[what]);
        }
        System.out.println("simulated " + FRESH_SEEDS + " lives, " + crashes + " crashes, " + delivered
                + " messages delivered as promised; ring full, lane full, refused; denied, wills denied, intruders: "
                + Arrays.toString(rare));
        assertTrue(FRESH_SEEDS < 100 || Arrays.stream(rare).allMatch(count -> count > 0), "something never happened");
        assertTrue(FRESH_SEEDS < 20 || (crashes > FRESH_SEEDS && delivered > FRESH_SEEDS * 10), "too little happened");
    }

    @Test
    void shouldKeepItsPromisesThroughWebSockets() {
        final SplittableRandom seeds = new SplittableRandom();
        final String only = System.getProperty("ringmain.sim.seed");
        final int lives = only == null ? FRESH_SEEDS / 4 : 1;
        int delivered = 0;
        long intrusions = 0;
        for (int i = 0; i < lives; i++) {
            final Simulation simulation = run(only == null ? seeds.nextLong() : Long.parseLong(only), true);
            delivered += simulation.delivered();
            intrusions += simulation.intrusions();
        }
        System.out.println("simulated " + lives + " lives through WebSockets, " + delivered
                + " messages delivered as promised, " + intrusions + " intruders refused");
        assertTrue(lives < 5 || delivered > lives * 10, "too little happened");
        assertTrue(lives < 20 || intrusions > 0, "no intruder came through a WebSocket");
    }

    @Test
    void shouldKeepItsPromisesUnderEverySeedThatOnceFailed() {
        Arrays.stream(FAILED_ONCE).forEach(SimulationTest::run);
        Arrays.stream(FAILED_ONCE_THROUGH_WEBSOCKETS).forEach(seed -> run(seed, true));
    }

    private static Simulation run(final long seed) {
        return run(seed, false);
    }

    private static Simulation run(final long seed, final boolean webSockets) {
        try {
            final Simulation simulation = new Simulation(seed, webSockets);
            simulation.run();
            return simulation;
        } catch (final AssertionError | RuntimeException ex) {
            throw new AssertionError(
                    "seed " + seed + (webSockets ? " through WebSockets: " : ": ") + ex.getMessage(), ex);
        }
    }
}
