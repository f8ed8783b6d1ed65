package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Samples;
import java.io.IOException;

/**
 * Connect storms, of which the median counts.
 *
 * @param inFlight clients that wait for their CONNACK at a time.
 * @param persistent sessions that outlive their connections.
 */
record ConnectScenario(int clients, int inFlight, boolean persistent, int storms) implements Scenario.Runner {
    static final String CONNECTS = "connects/s";

    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        // Of the broker whose turn is first, the code of the generator is not compiled yet either.
        final Outcome outcome =
                new Outcome().figure("connects/s, first storm", storm(broker).connectsPerSecond());
        pace.warmUp(() -> storm(broker));
        final Samples connects = new Samples(true);
        final Samples disconnects = new Samples(true);
        final Samples p50Us = new Samples(false);
        final Samples p99Us = new Samples(false);
        final Samples generatorCores = new Samples(false);
        double generatorCpuS = 0;
        final double cpuBefore = broker.cpuSeconds();
        final long startNs = System.nanoTime();
        for (int i = 0; i < storms; i++) {
            final ConnectStorm.Result result = storm(broker);
            connects.add(result.connectsPerSecond());
            disconnects.add(result.disconnectsPerSecond());
            p50Us.add(result.connackNs().getValueAtPercentile(50) / 1e3);
            p99Us.add(result.connackNs().getValueAtPercentile(99) / 1e3);
            generatorCores.add(result.generatorCores());
            generatorCpuS += result.generatorCpuS();
        }
        final double seconds = (System.nanoTime() - startNs) / 1e9;
        final double brokerCpuS = broker.cpuSeconds() - cpuBefore;
        return outcome.figure(CONNECTS, connects.median())
                .figure("CONNACK p50 us", p50Us.median())
                .figure("CONNACK p99 us", p99Us.median())
                .figure("disconnects/s", disconnects.median())
                .figure("broker CPU us a client", brokerCpuS * 1e6 / clients / storms)
                .figure("generator CPU us a client", generatorCpuS * 1e6 / clients / storms)
                .cores(generatorCores.median(), brokerCpuS / seconds);
    }

    private ConnectStorm.Result storm(final MeasuredBroker broker) throws IOException {
        return ConnectStorm.measure(broker.host(), broker.port(), clients, inFlight, persistent);
    }
}
