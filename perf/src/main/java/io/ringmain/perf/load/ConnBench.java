package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.Peer;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ringmain bench conn}: connect storms. */
@Command(
        name = "conn",
        description = "Have many clients connect at once, and disconnect; measure both rates.",
        mixinStandardHelpOptions = true)
final class ConnBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private PeerOptions peers;

    @Mixin
    private WarmupOptions warmup;

    @Option(names = "--clients", description = "Clients, default ${DEFAULT-VALUE}.", defaultValue = "10000")
    private int clients;

    @Option(
            names = "--in-flight",
            description = "Clients that wait for their CONNACK at a time, default ${DEFAULT-VALUE}.",
            defaultValue = "" + Crowd.IN_FLIGHT)
    private int inFlight;

    @Option(names = "--persistent", description = "Sessions that outlive their connections.")
    private boolean persistent;

    @Option(
            names = "--storms",
            description = "Storms behind the first one; the median counts, default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int storms;

    @Option(
            names = "--endpoint",
            description = "Measure as well what gives each CONNECT the same answer and does nothing else: a rate like"
                    + " that is the generator's and the kernel's.")
    private boolean endpoint;

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("conn")
                .fact("clients", clients)
                .fact("waiting for CONNACK at a time", inFlight)
                .fact("sessions", persistent ? "persistent" : "clean")
                .fact("broker", broker.text(BrokerOptions.NO_SNAPSHOTS));
        final Scenario scenario = Scenario.of(
                "conn",
                BrokerOptions.NO_SNAPSHOTS,
                new ConnectScenario(clients, inFlight, persistent, storms),
                StateScenarios.CONNECT_GOALS);
        final List<Peer> all = new ArrayList<>(peers.peers());
        if (endpoint) {
            all.add(Peer.connackEndpoint());
        }
        Turns.run(scenario, broker, all, peers.rounds(), warmup.pace(0, 0, false), report)
                .publish(System.out, broker.json());
        return 0;
    }
}
