package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.Map;
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

    @Override
    public Integer call() throws Exception {
        final Report report = new Report("conn")
                .fact("clients", clients)
                .fact("waiting for CONNACK at a time", inFlight)
                .fact("sessions", persistent ? "persistent" : "clean")
                .fact("broker", broker.text());
        new Turns(Map.of("connects/s", "5 times mosquitto"))
                .run(broker, peers, BrokerOptions.NO_SNAPSHOTS, this::measure)
                .write(report);
        report.publish(System.out, broker.json());
        return 0;
    }

    private void measure(final Target target, final Figures figures) throws IOException {
        // Of the broker whose turn is first, the code of the generator is not compiled yet either.
        figures.add("connects/s, first storm", storm(target).connectsPerSecond());
        final Samples connects = new Samples(true);
        final Samples disconnects = new Samples(true);
        final Samples p50Us = new Samples(false);
        final Samples p99Us = new Samples(false);
        final Samples cores = new Samples(false);
        final Samples generatorUs = new Samples(false);
        final double cpuBefore = target.cpuSeconds();
        for (int i = 0; i < storms; i++) {
            final ConnectStorm.Result result = storm(target);
            connects.add(result.connectsPerSecond());
            disconnects.add(result.disconnectsPerSecond());
            p50Us.add(result.connackNs().getValueAtPercentile(50) / 1e3);
            p99Us.add(result.connackNs().getValueAtPercentile(99) / 1e3);
            cores.add(result.generatorCores());
            generatorUs.add(result.generatorCpuS() * 1e6 / clients);
        }
        final double cpuS = target.cpuSeconds() - cpuBefore;
        figures.add("connects/s", connects.median())
                .add("CONNACK p50 us", p50Us.median())
                .add("CONNACK p99 us", p99Us.median())
                .add("disconnects/s", disconnects.median())
                .add("broker CPU us a client", cpuS * 1e6 / clients / storms)
                .add("generator CPU us a client", generatorUs.median())
                .add("generator cores while connecting", cores.median());
    }

    private ConnectStorm.Result storm(final Target target) throws IOException {
        return ConnectStorm.measure(target.host(), target.port(), clients, inFlight, persistent);
    }
}
