package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.report.Report;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench idle}: memory per connection. */
@Command(
        name = "idle",
        description = "Hold many idle connections, and measure the broker's memory for each.",
        mixinStandardHelpOptions = true)
final class IdleBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Option(
            names = "--clients",
            description = "Connections, default ${DEFAULT-VALUE}; both processes need as many open files.",
            defaultValue = "9000")
    private int clients;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("idle")
                .fact("connections", clients)
                .fact("broker", broker.text(BrokerOptions.NO_SNAPSHOTS))
                .fact("counted", "the process after a garbage collection, less what it had before the first connection")
                .fact("not counted", "the kernel's memory for the sockets; it has a row of its own: what Slab grew by");
        final Scenario scenario =
                Scenario.of("idle", BrokerOptions.NO_SNAPSHOTS, new IdleScenario(clients), StateScenarios.IDLE_GOALS);
        Turns.run(scenario, broker, peers.peers(), peers.rounds(), new Pace(0, 0, 0, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
