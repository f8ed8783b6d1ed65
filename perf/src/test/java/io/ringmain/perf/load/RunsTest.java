package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.BrokerMemory;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunsTest {
    private static final String RATE = "connects/s";

    private final Runs runs = new Runs();
    private final Scenario scenario = Scenario.of("s", List.of(), (broker, pace) -> null, List.of());

    private List<Map<String, Object>> figures(final Scenario of) {
        return runs.figures(of, List.of("a", "b"), new Report("test")).rows();
    }

    @Test
    void shouldPutTheMediansIntoTheRatio() {
        final Scenario withGoal =
                Scenario.of("s", List.of(), (broker, pace) -> null, List.of(Goal.atLeast(RATE, 6, 6)));
        for (final double value : new double[] {10, 40, 20}) {
            runs.add(withGoal, "a", new Outcome().figure(RATE, value));
        }
        runs.add(withGoal, "b", new Outcome().figure(RATE, 4.0));
        final Map<String, Object> row = figures(withGoal).get(0);
        assertEquals(20, ((Samples) row.get("a")).median());
        assertEquals(40, ((Samples) row.get("a")).best());
        assertEquals(5.0, row.get("a / b"));
        assertEquals("at least 6 times", row.get("goal"));
        assertEquals("missed", row.get("reached"));
    }

    @Test
    void shouldHaveNoRatioToWhatIsNotKnown() {
        runs.add(scenario, "a", new Outcome().figure("wait s", 3.0).figure("heap B", 5.0));
        runs.add(scenario, "b", new Outcome().figure("wait s", 0.0).figure("heap B", Double.NaN));
        final List<Map<String, Object>> rows = figures(scenario);
        assertEquals(Double.NaN, rows.get(0).get("a / b"));
        assertEquals(Double.NaN, rows.get(1).get("a / b"));
        assertNull(rows.get(1).get("b"));
        assertFalse(rows.get(0).containsKey("goal"));
    }

    @Test
    void shouldSumUpWhatWasLostAndTakeTheMedianOfTheRest() {
        for (final long lost : new long[] {0, 7, 0}) {
            final Outcome outcome = new Outcome().figure(Outcome.LOST, lost).figure(Outcome.DELIVERED, 10.0 + lost);
            runs.add(scenario, "b", outcome);
        }
        assertEquals(new Faults(7, 0, 0), runs.faults());
        assertEquals(1, runs.exitCode());
        assertEquals(10, runs.figure(scenario, "b", Outcome.DELIVERED).median());
        assertTrue(Double.isNaN(runs.figure(scenario, "c", Outcome.DELIVERED).median()));
    }

    @Test
    void shouldFailForEachKindOfFault() {
        for (final Faults faults : List.of(new Faults(1, 0, 0), new Faults(0, 1, 0), new Faults(0, 0, 1))) {
            final Runs faulty = new Runs();
            faulty.add(scenario, "a", new Outcome().faults(Faults.NONE));
            assertEquals(0, faulty.exitCode());
            faulty.add(scenario, "b", new Outcome().faults(faults));
            assertEquals(1, faulty.exitCode(), faults.toString());
        }
    }

    @Test
    void shouldNotAddUpTheThreadsOfSeveralRounds() {
        for (int round = 0; round < 3; round++) {
            runs.add(scenario, "a", new Outcome().figure(Outcome.GENERATOR_THREADS, 4));
        }
        final Map<String, Object> row = runs.rows(new Report("test")).rows().get(0);
        assertEquals(4L, row.get(Outcome.GENERATOR_THREADS));
    }

    @Test
    void shouldDivideTheGrowthOfMemory() {
        final Outcome outcome =
                new Outcome().memory("connected", new BrokerMemory(-1, 100, 1000), new BrokerMemory(-1, 300, 5000), 4);
        assertTrue(Double.isNaN(outcome.number(Outcome.heap("connected"))));
        assertEquals(50, outcome.number("anonymous B each, connected"));
        assertEquals(1000, outcome.number(Outcome.resident("connected")));
    }
}
