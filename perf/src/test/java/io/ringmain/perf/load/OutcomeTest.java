package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final int MACHINE = 16;

    private static Outcome of(
            final int threads, final double busiestThread, final double generator, final double broker) {
        return new Outcome().cores(new LoadRun.Cores(threads, busiestThread, generator, broker), MACHINE);
    }

    private static String bottleneck(final Outcome outcome) {
        return outcome.figures().get(Outcome.BOTTLENECK) + ", "
                + outcome.warnings().size() + " warnings";
    }

    @Test
    void shouldTellABusyGeneratorFromABusyBroker() {
        assertEquals("broker, 0 warnings", bottleneck(of(1, 0.9, 0.95, 1)));
        assertEquals("generator, 1 warnings", bottleneck(of(1, 0.91, 0.92, 0.9)));
        assertEquals("generator, 1 warnings", bottleneck(of(1, 0.91, 0.92, Double.NaN)));
        assertEquals("broker and generator, 1 warnings", bottleneck(of(1, 0.91, 0.92, 0.91)));
    }

    @Test
    void shouldTakeTheGeneratorForBusyWhenOneOfItsThreadsIs() {
        assertEquals("generator, 1 warnings", bottleneck(of(4, 0.95, 1.1, 0.5)));
        assertEquals("broker, 0 warnings", bottleneck(of(4, 0.8, 3.2, 6)));
        assertEquals("unknown, 0 warnings", bottleneck(of(4, 0.8, 3.2, Double.NaN)));
    }

    @Test
    void shouldNotBlameABrokerThatHasTime() {
        assertEquals("window or device, 0 warnings", bottleneck(of(1, 0.11, 0.12, 0.67)));
        assertEquals("broker, 0 warnings", bottleneck(of(1, 0.11, 0.12, 0.91)));
        assertEquals("unknown, 0 warnings", bottleneck(of(1, 0.11, 0.12, Double.NaN)));
        final Outcome onTwoCores = new Outcome().cores(new LoadRun.Cores(1, 0.9, 0.95, 0.9), 2);
        assertEquals("broker, 0 warnings", bottleneck(onTwoCores), "nothing is left of the machine");
    }

    @Test
    void shouldNotTakeThreadsForIdleThatHadNoCore() {
        assertEquals("broker, 0 warnings", bottleneck(of(12, 0.6, 7.2, 7.2)));
        assertEquals("broker and generator, 1 warnings", bottleneck(of(12, 0.6, 7.2, 7.3)));
        assertEquals("broker, 0 warnings", bottleneck(of(1, 0.6, 7.2, 7.3)), "one thread has a core");
    }
}
