package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlowScenarioTest {
    /** Waits ten seconds for the message that is lost. */
    @Test
    void shouldCountWhatABrokerLosesDoublesAndSwaps() throws IOException {
        try (FaultyBroker broker = new FaultyBroker()) {
            final Outcome outcome = new FlowScenario(0, 64, plan -> plan.window(500))
                    .run(MeasuredBroker.running("faulty", "127.0.0.1", broker.port()), new Pace(0, 0, 0.2, true));
            assertEquals(1, outcome.number(Outcome.LOST));
            assertEquals(1, outcome.number("duplicated"));
            assertEquals(1, outcome.number(Outcome.OUT_OF_ORDER));
            assertTrue(
                    outcome.warnings().contains("1 messages were lost"),
                    outcome.warnings().toString());
            assertTrue(outcome.warnings().contains("messages came twice or out of order"));
            assertTrue(Double.isNaN(outcome.number(Outcome.BROKER_CORES)));
            assertFalse(outcome.figures().containsKey(Outcome.GENERATOR_THREADS), "as it is one");
        }
    }

    /** As above, of five publishers on three threads. */
    @Test
    void shouldAddUpWhatThreadsHaveSeen() throws IOException {
        try (FaultyBroker broker = new FaultyBroker()) {
            final Outcome outcome = new FlowScenario(
                            0, 64, plan -> plan.window(500).pairs(5))
                    .run(MeasuredBroker.running("faulty", "127.0.0.1", broker.port()), new Pace(0, 0, 0.5, true, 3));
            assertEquals(5, outcome.number(Outcome.LOST));
            assertEquals(5, outcome.number(Outcome.DUPLICATED));
            assertEquals(5, outcome.number(Outcome.OUT_OF_ORDER));
            assertEquals(outcome.number("sent"), outcome.number("received"), "as many lost as doubled");
            assertEquals(3, outcome.number(Outcome.GENERATOR_THREADS));
            assertTrue(outcome.number(Outcome.BUSIEST_THREAD) > 0);
        }
    }

    @Test
    void shouldSayThatARateWasNotReached() throws IOException {
        try (FaultyBroker broker = new FaultyBroker()) {
            // So many that no machine makes them, in a time in which they would have to be late.
            final Outcome outcome = new FlowScenario(0, 64, plan -> plan.rate(1_000_000_000_000L))
                    .run(MeasuredBroker.running("faulty", "127.0.0.1", broker.port()), new Pace(0, 0, 0.05, true));
            assertEquals("broker", outcome.figures().get(Outcome.BOTTLENECK));
            assertTrue(
                    outcome.warnings().contains("the rate was not reached"),
                    outcome.warnings().toString());
        }
    }
}
