package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        for (final String name : List.of("1to1-qos0", "10pairs-qos0", "fanin-qos0", "topics-qos0", "16kib-qos0")) {
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
        final double none = Double.NaN;
        final Goal least = Goal.atLeast(Outcome.DELIVERED, 8, 0.7);
        assertEquals("yes", least.verdict("append", none, 8));
        assertEquals("missed", least.verdict("none", none, 7.9));
        assertEquals("yes", least.verdict("sync", none, 0.71));
        assertEquals("at least 8 times | at least 0.7 times", least.text("append") + " | " + least.text("sync"));
        final Goal most = Goal.atMost(Outcome.P99, 1.2);
        assertEquals("yes", most.verdict("append", none, 1.1));
        assertEquals("missed", most.verdict("append", none, 1.3));
        assertEquals("- | -", most.text("sync") + " | " + most.verdict("sync", none, 5));
        assertEquals("-", Goal.none(Outcome.P99).verdict("append", 1, 1));
    }

    @Test
    void shouldCompareAValueWithWhateverTheOtherHas() {
        final Goal value = Goal.valueAtMost("wait s", 0.3);
        assertEquals("yes", value.verdict("sync", 0.3, 50));
        assertEquals("missed", value.verdict("append", 0.31, 0.1));
        assertEquals("at most 0.3", value.text("append"));
        assertEquals("at most 4,096", Goal.valueAtMost("B", 4096).text("sync"));
    }

    @Test
    void shouldNotSayOfWhatIsNotKnownThatItWasReachedOrMissed() {
        assertEquals("not measured", Goal.valueAtMost("wait s", 1).verdict("append", Double.NaN, 1));
        assertEquals("not measured", Goal.atLeast("x/s", 5, 5).verdict("append", 100, Double.NaN));
    }

    @Test
    void shouldTellARunThatBrokeOffAsItsOutcome() {
        final Outcome outcome = Scenarios.named("1to1-qos0")
                .run(MeasuredBroker.running("nobody", "127.0.0.1", 1), new Pace(0, 0, 0.1, true));
        assertTrue(outcome.hasFailed());
        assertTrue(
                outcome.warnings().get(0).startsWith("failed: "),
                outcome.warnings().toString());
        final Runs runs = new Runs();
        runs.add(Scenarios.named("1to1-qos0"), "nobody", outcome);
        assertEquals(1, runs.exitCode());
    }

    @Test
    void shouldSayThatItLeavesOutTlsWhereNoPortForItIsKnown() {
        final Scenario tls = Scenarios.named("1to1-qos0-tls");
        final String broker = "127.0.0.1:1";
        final Outcome outcome = tls.run(MeasuredBroker.running(broker, "127.0.0.1", 1), new Pace(0, 0, 0.1, true));
        final Runs runs = new Runs();
        runs.add(tls, broker, outcome);
        final String why = runs.text(tls, broker, Outcome.LEFT_OUT);
        assertTrue(why.startsWith("no TLS port of 127.0.0.1:1 is known"), why);
        assertEquals(List.of("left out: " + why), outcome.warnings());
        assertEquals(0, runs.exitCode(), "nothing has failed");
    }
}
