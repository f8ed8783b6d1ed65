package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench durability}: what an acknowledgement costs in each durability, and what it costs those who don't
 * ask for one. Variants take turns, round by round, so that what else the machine does falls on all of them.
 */
@Command(
        name = "durability",
        description = "Measure PUBACK latency in each durability, and QoS 0 of others beside it.",
        mixinStandardHelpOptions = true)
final class DurabilityBench implements Callable<Integer> {
    /** How a broker is started. */
    record Variant(String durability, String threading, String forceThread) {
        List<String> settings() {
            final List<String> settings = new ArrayList<>(BrokerOptions.NO_SNAPSHOTS);
            settings.add("storage.durability=" + durability);
            settings.add("ring.threading=" + threading);
            settings.add("ring.force_thread=" + forceThread);
            return settings;
        }
    }

    @Mixin
    private BrokerOptions broker;

    @Option(
            names = "--durability",
            split = ",",
            description = "Which to compare, default ${DEFAULT-VALUE}.",
            defaultValue = "sync,append,none")
    private List<String> durabilities;

    @Option(
            names = "--threading",
            split = ",",
            description = "ring.threading of the brokers, several to compare, default ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private List<String> threadings;

    @Option(
            names = "--force-thread",
            split = ",",
            description =
                    "ring.force_thread of the brokers, several to compare (journal,own), default ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private List<String> forceThreads;

    @Option(
            names = "--load",
            split = ",",
            description = "${COMPLETION-CANDIDATES}; all by default.",
            defaultValue = "SATURATION,PAIRS,RATE,QOS0_ALONE,QOS0_BESIDE_RATE,QOS0_BESIDE_SATURATION")
    private List<Load> loads;

    @Option(
            names = "--rate",
            description = "Messages a second of QoS 1 where there is a rate, default ${DEFAULT-VALUE}.",
            defaultValue = "10000")
    private long rate;

    @Option(
            names = "--qos0-rate",
            description = "Messages a second of QoS 0 of other clients, default ${DEFAULT-VALUE}.",
            defaultValue = "5000")
    private long qos0Rate;

    @Option(names = "--payload", description = "Bytes of payload, default ${DEFAULT-VALUE}.", defaultValue = "64")
    private int payload;

    @Option(
            names = "--rounds",
            description = "How often all is measured; the table has the median, default ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int rounds;

    @Option(names = "--duration", description = "Seconds that count, default ${DEFAULT-VALUE}.", defaultValue = "5")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default ${DEFAULT-VALUE}.", defaultValue = "3")
    private double warmupS;

    private final Map<Load, Map<Variant, Figures>> results = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Faults faults = Faults.NONE;
        for (int round = 0; round < rounds; round++) {
            for (final Variant variant : variants()) {
                faults = faults.plus(measure(variant));
            }
        }
        report().fact(Outcome.LOST, faults.lost())
                .fact(Outcome.DUPLICATED, faults.duplicated())
                .fact(Outcome.OUT_OF_ORDER, faults.outOfOrder())
                .publish(System.out, broker.json());
        return faults.exitCode();
    }

    private List<Variant> variants() {
        final List<Variant> variants = new ArrayList<>();
        for (final String threading : threadings) {
            for (final String durability : durabilities) {
                // Nobody forces but in sync, so there is nothing to compare elsewhere.
                final List<String> choices = durability.equals("sync") ? forceThreads : List.of("auto");
                choices.forEach(choice -> variants.add(new Variant(durability, threading, choice)));
            }
        }
        return variants;
    }

    private Faults measure(final Variant variant) throws IOException {
        Faults faults = Faults.NONE;
        try (MeasuredBroker target = MeasuredBroker.start(Turns.OURS, broker, variant.settings())) {
            for (final Load load : loads) {
                faults = faults.plus(measure(variant, load, target));
            }
        }
        return faults;
    }

    private Faults measure(final Variant variant, final Load load, final MeasuredBroker target) throws IOException {
        final List<Flow> flows = load.flows(target.port(), payload, rate, qos0Rate);
        try (LoadRun run = new LoadRun(flows)) {
            final LoadRun.Measure measure = run.measure(warmupS, durationS, target);
            run.drain();
            return results.computeIfAbsent(load, key -> new LinkedHashMap<>())
                    .computeIfAbsent(variant, key -> new Figures())
                    .add(flows, measure);
        }
    }

    private Report report() {
        final Report report = new Report("durability")
                .fact("payload B", payload)
                .fact("rounds", rounds)
                .fact("seconds each", durationS)
                .fact("broker", broker.text(BrokerOptions.NO_SNAPSHOTS))
                .fact("latency", "from when a message was to be sent; of several rounds the median (best)");
        results.forEach((load, byVariant) -> byVariant.forEach((variant, figures) -> {
            report.row().cell("load", load.text(rate, qos0Rate)).cell("durability", variant.durability());
            if (threadings.size() > 1 || !threadings.get(0).equals("auto")) {
                report.cell("threading", variant.threading());
            }
            if (forceThreads.size() > 1 || !forceThreads.get(0).equals("auto")) {
                report.cell("force", variant.forceThread());
            }
            figures.write(report);
        }));
        return report;
    }

    /** What one variant did with one load, over the rounds. */
    private static final class Figures {
        private final Map<String, Samples> byColumn = new LinkedHashMap<>();
        private final Set<String> bottlenecks = new LinkedHashSet<>();
        private final Set<String> warnings = new LinkedHashSet<>();
        private Faults faults = Faults.NONE;

        /** Returns what was wrong in this round. */
        Faults add(final List<Flow> flows, final LoadRun.Measure measure) {
            Faults ofRound = Faults.NONE;
            for (int i = 0; i < flows.size(); i++) {
                final boolean acknowledged = flows.get(i).plan().qos() > 0;
                final Statistics statistics = flows.get(i).statistics();
                final Outcome outcome = FlowScenario.outcome(flows, i, measure);
                final String name = acknowledged ? "PUBACK" : "QoS 0";
                sample(name + " msg/s", outcome.number(Outcome.SENT));
                percentiles(name, acknowledged ? statistics.acknowledgedNs() : statistics.latencyNs());
                bottlenecks.add(String.valueOf(outcome.figures().get(Outcome.BOTTLENECK)));
                outcome.warnings().forEach(warning -> warnings.add(name + ": " + warning));
                ofRound = ofRound.plus(outcome.faults());
            }
            sample(Outcome.GENERATOR_CORES, measure.cores().generator());
            sample(Outcome.BROKER_CORES, measure.cores().broker());
            faults = faults.plus(ofRound);
            return ofRound;
        }

        private void percentiles(final String name, final Histogram latencyNs) {
            sample(name + " p50 us", FlowScenario.us(latencyNs, 50));
            sample(name + " p99 us", FlowScenario.us(latencyNs, 99));
            sample(name + " p99.9 us", FlowScenario.us(latencyNs, 99.9));
        }

        private void sample(final String column, final double value) {
            if (!Double.isNaN(value)) {
                byColumn.computeIfAbsent(column, key -> new Samples(column.endsWith("/s")))
                        .add(value);
            }
        }

        void write(final Report report) {
            byColumn.forEach(report::cell);
            report.cell(Outcome.LOST, faults.lost())
                    .cell(Outcome.DUPLICATED, faults.duplicated())
                    .cell(Outcome.OUT_OF_ORDER, faults.outOfOrder())
                    .cell(Outcome.BOTTLENECK, String.join(", ", bottlenecks))
                    .cell(HtmlReport.WARNINGS, String.join("; ", warnings));
        }
    }
}
