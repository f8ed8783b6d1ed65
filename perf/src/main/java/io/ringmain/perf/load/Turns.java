package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.Peer;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brokers that take turns at one scenario, each fresh every time, so that what else the machine does falls on all of them.
 */
final class Turns {
    static final String OURS = "ringmain";

    private Turns() {}

    /**
     * Runs all rounds, and adds a row for each figure to the report.
     *
     * @param peers brokers beside ours.
     * @throws IOException when a run breaks off.
     */
    static Report run(
            final Scenario scenario,
            final BrokerOptions options,
            final List<Peer> peers,
            final int rounds,
            final Pace pace,
            final Report report)
            throws IOException {
        final List<Peer> all = new ArrayList<>();
        all.add(Peer.ringmain(OURS, options, scenario.settings()));
        all.addAll(peers);
        final Runs runs = new Runs();
        for (int round = 0; round < rounds; round++) {
            for (final Peer peer : all) {
                try (MeasuredBroker broker = peer.open()) {
                    runs.add(scenario, peer.name(), scenario.runner().run(broker, pace));
                }
            }
        }
        return runs.figures(scenario, all.stream().map(Peer::name).toList(), report);
    }
}
