package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.Rate;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.RunDirectory;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The outcomes of all scenarios by broker, over the rounds. */
final class Runs {
    private final Map<Scenario, Map<String, Run>> byScenario = new LinkedHashMap<>();
    private boolean failed;

    void add(final Scenario scenario, final MeasuredBroker broker, final Outcome outcome) {
        byScenario
                .computeIfAbsent(scenario, key -> new LinkedHashMap<>())
                .computeIfAbsent(broker.name(), key -> new Run())
                .add(outcome);
        failed |= outcome.hasFailed();
    }

    /** Whether every run came to its end and nothing was lost. */
    boolean isClean() {
        return !failed && lost() == 0;
    }

    /** Messages, in all runs. */
    long lost() {
        return byScenario.values().stream()
                .flatMap(byBroker -> byBroker.values().stream())
                .mapToLong(run -> run.counts.getOrDefault(Outcome.LOST, 0L))
                .sum();
    }

    /** A figure over the rounds; without any if there is no such figure. */
    Samples figure(final Scenario scenario, final String broker, final String figure) {
        final Run run = byScenario.getOrDefault(scenario, Map.of()).get(broker);
        final Samples none = new Samples(true);
        return run == null ? none : run.samples.getOrDefault(figure, none);
    }

    /** A row for each scenario and broker. */
    Report rows(final Report report) {
        byScenario.forEach((scenario, byBroker) -> byBroker.forEach((broker, run) -> {
            report.row()
                    .cell(HtmlReport.SCENARIO, scenario.name())
                    .cell(HtmlReport.BROKER, broker)
                    .cell(HtmlReport.DESCRIPTION, scenario.description());
            run.write(report);
        }));
        return report;
    }

    void writeFiles(final RunDirectory files) throws IOException {
        for (final Map.Entry<Scenario, Map<String, Run>> scenario : byScenario.entrySet()) {
            for (final Map.Entry<String, Run> broker : scenario.getValue().entrySet()) {
                broker.getValue().writeFiles(files, scenario.getKey().name(), broker.getKey());
            }
        }
    }

    /** One scenario with one broker. Counts are summed up, so that no median hides a loss; latencies are merged. */
    private static final class Run {
        private final Map<String, Samples> samples = new LinkedHashMap<>();
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final Map<String, Histogram> latenciesNs = new LinkedHashMap<>();
        private final Set<String> warnings = new LinkedHashSet<>();
        private List<Rate> rates = List.of();

        void add(final Outcome outcome) {
            outcome.figures().forEach(this::add);
            outcome.latenciesNs().forEach((name, latencyNs) -> {
                final Histogram sum = latenciesNs.putIfAbsent(name, latencyNs);
                if (sum != null) {
                    sum.add(latencyNs);
                }
            });
            warnings.addAll(outcome.warnings());
            rates = outcome.rates();
        }

        private void add(final String name, final Object value) {
            if (value instanceof Double number && number.isNaN()) {
                // Of a broker whose process isn't known.
                return;
            }
            if (value instanceof Double number) {
                samples.computeIfAbsent(name, key -> new Samples(key.endsWith("/s")))
                        .add(number);
            } else if (value instanceof Number number) {
                counts.merge(name, number.longValue(), Long::sum);
            } else {
                texts.put(name, String.valueOf(value));
            }
        }

        void write(final Report report) {
            samples.forEach((name, figure) -> report.cell(name, figure.count() > 1 ? figure : figure.median()));
            counts.forEach(report::cell);
            texts.forEach(report::cell);
            report.cell(HtmlReport.WARNINGS, String.join("; ", warnings));
        }

        void writeFiles(final RunDirectory files, final String scenario, final String broker) throws IOException {
            for (final Map.Entry<String, Histogram> latency : latenciesNs.entrySet()) {
                files.writeLatency(scenario, broker, latency.getKey(), latency.getValue());
            }
            if (!rates.isEmpty()) {
                files.writeRates(scenario, broker, rates);
            }
        }
    }
}
