package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.report.Report;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench travel}: how fast the past comes to a subscriber of {@code $replay}. */
@Command(
        name = "travel",
        description = "Publish, and have the whole log replayed to a subscriber; measure messages a second.",
        mixinStandardHelpOptions = true)
final class TravelBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--messages",
            description = "Messages in the log, default ${DEFAULT-VALUE}.",
            defaultValue = "1000000")
    private int messages;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Mixin
    private WarmupOptions warmup;

    @Option(
            names = "--rounds",
            description = "Brokers one after the other; the table has median and (best), default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("travel")
                .fact("messages", messages)
                .fact("payload B", payload)
                .fact("filter", ReplayScenario.FILTER)
                .fact("broker", broker.text(StateScenarios.settings(ReplayScenario.SETTINGS)));
        final Scenario scenario = Scenario.of(
                "travel",
                StateScenarios.settings(ReplayScenario.SETTINGS),
                new ReplayScenario(messages, payload),
                List.of());
        Turns.run(scenario, broker, List.of(), rounds, warmup.pace(0, 0, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
