package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.report.Report;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench subs}: subscriptions of others. */
@Command(
        name = "subs",
        description = "Have others hold many subscriptions; measure making them, their memory, and a flow beside them.",
        mixinStandardHelpOptions = true)
final class SubsBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Mixin
    private WarmupOptions warmup;

    @Option(
            names = "--counts",
            split = ",",
            description = "Subscriptions, ascending, one in 101 with a wildcard; default ${DEFAULT-VALUE}.",
            defaultValue = "1,1000,101000,1010000")
    private List<Long> counts;

    @Option(
            names = "--connections",
            description = "Connections that hold them, default ${DEFAULT-VALUE}.",
            defaultValue = "10")
    private int connections;

    @Option(
            names = "--duration",
            description = "Seconds of the flow that count, default ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "1")
    private double warmupS;

    @Override
    public Integer call() throws Exception {
        final SubscriptionScale scale = new SubscriptionScale(connections, counts);
        final Report report = new Report("subs")
                .fact("connections", connections)
                .fact("flow", "1:1 QoS 0, 64 B, window 10,000, on topics that none of them matches")
                .fact("broker", broker.text(StateScenarios.settings(scale.settings())));
        final Scenario scenario = Scenario.of(
                "subs", StateScenarios.settings(scale.settings()), scale, StateScenarios.SUBSCRIPTION_GOALS);
        Turns.run(scenario, broker, peers.peers(), peers.rounds(), warmup.pace(warmupS, durationS, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
