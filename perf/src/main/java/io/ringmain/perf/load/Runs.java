package io.ringmain.perf.load;

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
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The outcomes of all scenarios by broker, over the rounds. */
final class Runs {
    /** What goals are for where durability makes no difference. */
    private static final String GOAL_DURABILITY = "append";

    private final Map<Scenario, Map<String, Run>> byScenario = new LinkedHashMap<>();
    private boolean failed;
    private Faults faults = Faults.NONE;

    void add(final Scenario scenario, final String broker, final Outcome outcome) {
        byScenario
                .computeIfAbsent(scenario, key -> new LinkedHashMap<>())
                .computeIfAbsent(broker, key -> new Run())
                .add(outcome);
        failed |= outcome.hasFailed();
        faults = faults.plus(outcome.faults());
    }

    /** 0 if every run came to its end, and nothing was lost, doubled or out of order; says what there was of it. */
    int exitCode() {
        return Math.max(failed ? 1 : 0, faults.exitCode());
    }

    /** In all runs. */
    Faults faults() {
        return faults;
    }

    /** A figure over the rounds; without any if there is no such figure. */
    Samples figure(final Scenario scenario, final String broker, final String figure) {
        final Run run = byScenario.getOrDefault(scenario, Map.of()).get(broker);
        final Samples none = new Samples(true);
        return run == null ? none : run.samples.getOrDefault(figure, none);
    }

    /** As {@link #figure}, null without any. */
    Samples cell(final Scenario scenario, final String broker, final String figure) {
        final Samples samples = figure(scenario, broker, figure);
        return samples.count() == 0 ? null : samples;
    }

    /** What was said of a scenario that is no number, null if nothing was. */
    String text(final Scenario scenario, final String broker, final String figure) {
        final Run run = byScenario.getOrDefault(scenario, Map.of()).get(broker);
        return run == null ? null : run.texts.get(figure);
    }

    /** Notes what was lost, duplicated and out of order, in all runs. */
    Report noteCounts(final Report report) {
        return report.fact(Outcome.LOST, faults.lost())
                .fact(Outcome.DUPLICATED, faults.duplicated())
                .fact(Outcome.OUT_OF_ORDER, faults.outOfOrder());
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

    /**
     * A row for each figure of a scenario: of each broker, the ratio to each but the first, and the goal if there are any.
     *
     * @param brokers ours first.
     */
    Report figures(final Scenario scenario, final List<String> brokers, final Report report) {
        final String ours = brokers.get(0);
        final Map<String, Goal> goals = scenario.goals().stream().collect(Collectors.toMap(Goal::figure, goal -> goal));
        for (final String figure : names(scenario)) {
            report.row().cell("figure", figure);
            brokers.forEach(broker -> report.cell(broker, cell(scenario, broker, figure)));
            brokers.stream()
                    .skip(1)
                    .forEach(other -> report.cell(ours + " / " + other, ratio(scenario, ours, other, figure)));
            final Goal goal = goals.getOrDefault(figure, Goal.none(figure));
            if (!goals.isEmpty()) {
                final double value = figure(scenario, ours, figure).median();
                final double ratio = brokers.size() < 2 ? Double.NaN : ratio(scenario, ours, brokers.get(1), figure);
                report.cell("goal", goal.text(GOAL_DURABILITY))
                        .cell("reached", goal.verdict(GOAL_DURABILITY, value, ratio));
            }
        }
        return report;
    }

    private Set<String> names(final Scenario scenario) {
        final Set<String> names = new LinkedHashSet<>();
        byScenario.getOrDefault(scenario, Map.of()).values().forEach(run -> names.addAll(run.samples.keySet()));
        return names;
    }

    /** Of the medians; not a number where one isn't known, or nothing can be divided by. */
    double ratio(final Scenario scenario, final String ours, final String other, final String figure) {
        final double divisor = figure(scenario, other, figure).median();
        return divisor == 0 ? Double.NaN : figure(scenario, ours, figure).median() / divisor;
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
                samples.computeIfAbsent(name, key -> new Samples(key.contains("/s")))
                        .add(number);
            } else if (value instanceof Number number) {
                counts.merge(name, number.longValue(), name.equals(Outcome.GENERATOR_THREADS) ? Math::max : Long::sum);
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
