package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Rate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FlowScenarioTest {
    /** Waits ten seconds for the message that is lost. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldCountWhatABrokerLosesDoublesAndSwaps(final int qos) throws IOException {
        try (FaultyBroker broker = new FaultyBroker()) {
            final Outcome outcome = new FlowScenario(qos, 64, plan -> plan.window(500))
                    .run(MeasuredBroker.running("faulty", "127.0.0.1", broker.port()), new Pace(0, 0, 0.2, true));
            assertEquals(new Faults(1, 1, 1), outcome.faults());
            assertEquals(outcome.number("sent"), outcome.number("received"), "the double is as many as the loss");
            final List<String> faults =
                    List.of("1 messages were lost", "1 messages came twice", "1 messages came out of order");
            assertTrue(
                    outcome.warnings().containsAll(faults), outcome.warnings().toString());
            assertTrue(Double.isNaN(outcome.number(Outcome.BROKER_CORES)));
            assertFalse(outcome.figures().containsKey(Outcome.GENERATOR_THREADS), "as it is one");
        }
    }

    @Test
    void shouldHaveNoPercentileOfNothing() {
        final Histogram latencyNs = new Histogram(3);
        assertTrue(Double.isNaN(FlowScenario.us(latencyNs, 99)));
        latencyNs.recordValue(5000);
        assertEquals(5, FlowScenario.us(latencyNs, 99), 0.1);
    }

    @Test
    void shouldCountADeliveryOnceInRates() throws IOException {
        try (FaultyBroker broker = new FaultyBroker().doubleAll()) {
            final Flow flow = new Flow(FlowPlan.of("127.0.0.1", broker.port(), 1, 64));
            try (LoadRun run = new LoadRun(List.of(flow))) {
                final LoadRun.Measure measure = run.measure(0, 0.3);
                assertEquals(0, run.drain());
                // One at most is not doubled yet when the last first one has come.
                assertTrue(flow.received() >= 2 * flow.delivered() - 1, flow.received() + " of " + flow.delivered());
                assertEquals(flow.sent(), flow.delivered());
                assertTrue(measure.deliveredPerSecond(0) * 0.3 <= flow.delivered());
                final double inTime = 0.1
                        * measure.rates().stream().mapToDouble(Rate::received).sum();
                assertTrue(inTime <= flow.delivered(), inTime + " of " + flow.delivered());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldEndWithAnErrorThatSaysWhatWasWrong(final int qos) throws IOException {
        try (FaultyBroker broker = new FaultyBroker().doubleAll()) {
            final PrintStream realErr = System.err;
            final PrintStream realOut = System.out;
            final ByteArrayOutputStream err = new ByteArrayOutputStream();
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            try {
                final String port = "--port=" + broker.port();
                assertEquals(
                        1, LoadTool.commandLine().execute("e2e", port, "--qos=" + qos, "--warmup=0", "--duration=1"));
            } finally {
                System.setErr(realErr);
                System.setOut(realOut);
            }
            final String said = err.toString(StandardCharsets.UTF_8);
            assertTrue(said.matches("ringmain bench: failed: [0-9]+ messages came twice\n"), said);
        }
    }

    /** As above, of five publishers on three threads. */
    @Test
    void shouldAddUpWhatThreadsHaveSeen() throws IOException {
        try (FaultyBroker broker = new FaultyBroker()) {
            final Outcome outcome = new FlowScenario(
                            0, 64, plan -> plan.window(500).pairs(5))
                    .run(MeasuredBroker.running("faulty", "127.0.0.1", broker.port()), new Pace(0, 0, 0.5, true, 3));
            assertEquals(new Faults(5, 5, 5), outcome.faults());
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
            final Object bottleneck = outcome.figures().get(Outcome.BOTTLENECK);
            assertTrue(
                    List.of("generator", "unknown").contains(bottleneck),
                    bottleneck + ", of a broker that isn't known");
            assertTrue(
                    outcome.warnings().contains("the rate was not reached"),
                    outcome.warnings().toString());
        }
    }
}
