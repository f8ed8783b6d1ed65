package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.PeerOptions;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brokers that take turns at the same measurement, each fresh every time, so that what else the machine does falls on all
 * of them. Their figures stand side by side, with the ratio of ours to each of the others.
 */
final class Turns {
    /** Measures one broker and notes what it found. */
    @FunctionalInterface
    interface Measurement {
        void measure(Target target, Figures figures) throws IOException;
    }

    private final Set<String> brokers = new LinkedHashSet<>();
    private final Map<String, Map<String, Samples>> byFigure = new LinkedHashMap<>();
    private final Map<String, String> goals;

    /** @param goals by the name of the figure, in words. */
    Turns(final Map<String, String> goals) {
        this.goals = goals;
    }

    /** Runs all rounds. */
    Turns run(
            final BrokerOptions ours,
            final PeerOptions peers,
            final List<String> settings,
            final Measurement measurement)
            throws IOException {
        for (int round = 0; round < peers.rounds(); round++) {
            for (final PeerOptions.Opener opener : peers.brokers(ours, settings)) {
                try (Target target = opener.open()) {
                    final Figures figures = new Figures();
                    measurement.measure(target, figures);
                    add(target.name(), figures);
                }
            }
        }
        return this;
    }

    void add(final String broker, final Figures figures) {
        brokers.add(broker);
        figures.byName().forEach((figure, value) -> {
            final Map<String, Samples> byBroker = byFigure.computeIfAbsent(figure, key -> new LinkedHashMap<>());
            if (!Double.isNaN(value)) {
                byBroker.computeIfAbsent(broker, key -> new Samples(figure.contains("/s")))
                        .add(value);
            }
        });
    }

    /** A row for each figure. */
    void write(final Report report) {
        final String ours = brokers.iterator().next();
        byFigure.forEach((figure, byBroker) -> {
            report.row().cell("figure", figure);
            brokers.forEach(broker -> report.cell(broker, byBroker.get(broker)));
            brokers.stream()
                    .skip(1)
                    .forEach(
                            other -> report.cell(ours + " / " + other, ratio(byBroker.get(ours), byBroker.get(other))));
            if (!goals.isEmpty()) {
                report.cell("goal", goals.getOrDefault(figure, ""));
            }
        });
    }

    private static Double ratio(final Samples ours, final Samples other) {
        return ours == null || other == null || other.median() == 0 ? null : ours.median() / other.median();
    }
}
