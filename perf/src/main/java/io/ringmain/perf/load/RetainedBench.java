package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.report.Report;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench retained}: retained topics, all to one subscriber. */
@Command(
        name = "retained",
        description = "Publish many retained topics and subscribe to all of them; measure rate, memory, and seconds.",
        mixinStandardHelpOptions = true)
final class RetainedBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Mixin
    private WarmupOptions warmup;

    @Option(names = "--topics", description = "Retained topics, default ${DEFAULT-VALUE}.", defaultValue = "100000")
    private int topics;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--subscribes",
            description = "How often they are subscribed to; the median counts, default ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int subscribes;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("retained")
                .fact("topics", topics)
                .fact("payload B", payload)
                .fact("broker", broker.text(BrokerOptions.NO_SNAPSHOTS));
        final Scenario scenario = Scenario.of(
                "retained",
                BrokerOptions.NO_SNAPSHOTS,
                new RetainedScenario(topics, payload, subscribes),
                StateScenarios.RETAINED_GOALS);
        Turns.run(scenario, broker, peers.peers(), peers.rounds(), warmup.pace(0, 0, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
