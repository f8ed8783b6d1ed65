package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.perf.broker.MeasuredBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenariosTest {
    private static FlowPlan plan(final String scenario) {
        final FlowScenario flow = (FlowScenario) Scenarios.named(scenario).runner();
        return flow.shape().apply(FlowPlan.of("127.0.0.1", 1883, flow.qos(), flow.payloadLength()));
    }

    @Test
    void shouldHaveNamesThatAreUniqueAndFitForFiles() {
        final List<String> names = Scenarios.all().stream().map(Scenario::name).toList();
        assertEquals(names.size(), names.stream().distinct().count());
        assertTrue(names.stream().allMatch(name -> name.matches("[a-z0-9-]+")), names.toString());
    }

    @Test
    void shouldHaveTenThousandOnTheirWayInAllWithQos0() {
        for (final String name : List.of("1to1-qos0", "10pairs-qos0", "fanin-qos0", "shared-qos0", "16kib-qos0")) {
            final FlowPlan plan = plan(name);
            assertEquals(10_000, plan.window() * plan.pairs() * plan.publishers(), name);
        }
        assertEquals(100, plan("10pairs-qos1").window());
    }

    @Test
    void shouldNameAllScenariosForOneThatIsNotThere() {
        final String said = assertThrows(IllegalArgumentException.class, () -> Scenarios.named("2to2"))
                .getMessage();
        assertTrue(said.contains("'2to2'") && said.contains("1to1-qos0") && said.contains("10k-qos1"), said);
    }

    @Test
    void shouldSayWhetherAGoalWasReached() {
        final Goal least = Goal.atLeast(Outcome.DELIVERED, 8, 0.7);
        assertEquals("yes", least.verdict("append", 8));
        assertEquals("no", least.verdict("none", 7.9));
        assertEquals("yes", least.verdict("sync", 0.71));
        assertEquals("at least 8 | at least 0.7", least.text("append") + " | " + least.text("sync"));
        final Goal most = Goal.atMost(Outcome.P99, 1.2);
        assertEquals("yes", most.verdict("append", 1.1));
        assertEquals("no", most.verdict("append", 1.3));
        assertEquals("- | -", most.text("sync") + " | " + most.verdict("sync", 5));
    }

    @Test
    void shouldSumUpWhatWasLostAndTakeTheMedianOfTheRest() {
        final Runs runs = new Runs();
        final Scenario scenario = Scenarios.named("1to1-qos0");
        final MeasuredBroker broker = new MeasuredBroker("b", "127.0.0.1", 1883, 0);
        for (final long lost : new long[] {0, 7, 0}) {
            final Outcome outcome = new Outcome().figure(Outcome.LOST, lost).figure(Outcome.DELIVERED, 10.0 + lost);
            runs.add(scenario, broker, outcome);
        }
        assertEquals(7, runs.lost());
        assertFalse(runs.isClean());
        assertEquals(10, runs.figure(scenario, "b", Outcome.DELIVERED).median());
        assertTrue(Double.isNaN(runs.figure(scenario, "c", Outcome.DELIVERED).median()));
    }

    @Test
    void shouldTellARunThatBrokeOffAsItsOutcome() {
        final Outcome outcome =
                Scenarios.named("1to1-qos0").run(new MeasuredBroker("nobody", "127.0.0.1", 1, 0), 0, 0.1);
        assertTrue(outcome.hasFailed());
        assertTrue(
                outcome.warnings().get(0).startsWith("failed: "),
                outcome.warnings().toString());
        final Runs runs = new Runs();
        runs.add(Scenarios.named("1to1-qos0"), new MeasuredBroker("nobody", "127.0.0.1", 1, 0), outcome);
        assertFalse(runs.isClean());
    }
}
