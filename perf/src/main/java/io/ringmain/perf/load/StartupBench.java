package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.report.Report;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench startup}: from exec to the first CONNACK, of a broker with a middling state that was stopped
 * cleanly. {@link RecoveryBench} does it with a large one, and after a kill.
 */
@Command(
        name = "startup",
        description = "Build a state, stop the broker, and measure until the first CONNACK of the next.",
        mixinStandardHelpOptions = true)
final class StartupBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Option(names = "--retained", description = "Retained topics, default ${DEFAULT-VALUE}.", defaultValue = "100000")
    private int retained;

    @Option(
            names = "--sessions",
            description = "Persistent sessions, offline, with a subscription each, default ${DEFAULT-VALUE}.",
            defaultValue = "1000")
    private int sessions;

    @Option(
            names = "--queued",
            description = "Messages queued for them in all, default ${DEFAULT-VALUE}.",
            defaultValue = "10000")
    private int queued;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--starts",
            description = "Cold and warm ones each; the table has the median, default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int starts;

    @Option(names = "--warm", description = "Leave the data in the page cache: no cold starts.")
    private boolean warm;

    @Override
    public Integer call() throws Exception {
        final BuiltState state = new BuiltState(retained, sessions, queued, payload);
        final Report report = new Report("startup")
                .fact("retained", retained)
                .fact("sessions", sessions)
                .fact("queued", queued)
                .fact("payload B", payload)
                .fact("broker", broker.text(state.settings()));
        final Scenario scenario = Scenario.of(
                "startup", state.settings(), new StartupScenario(state, starts, warm), StateScenarios.STARTUP_GOALS);
        Turns.run(scenario, broker, List.of(), 1, new Pace(0, 0, 0, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
