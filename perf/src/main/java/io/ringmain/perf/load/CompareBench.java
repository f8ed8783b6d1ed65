package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.Peer;
import io.ringmain.perf.broker.TlsFiles;
import io.ringmain.perf.report.Environment;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.MarkdownReport;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ringmain bench compare}: the same scenarios against Ringmain and another broker, in turns and in one run, so
 * that what else the machine does falls on both. Says how many times the other's figure ours is.
 */
@Command(
        name = "compare",
        description = "Run the scenarios against Ringmain and another broker in turns and print the ratios.",
        mixinStandardHelpOptions = true)
final class CompareBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private ScenarioOptions selected;

    @Option(
            names = "--with",
            paramLabel = "BROKER",
            converter = Peer.Converter.class,
            description = "mosquitto, which is started for it, or HOST:PORT of any broker, or"
                    + " HOST:PORT/TLS_PORT; default ${DEFAULT-VALUE}.",
            defaultValue = Peer.MOSQUITTO)
    private Peer peer;

    @Option(
            names = "--durability",
            split = ",",
            description = "Of Ringmain, for scenarios with acknowledgements; others run in the first only;"
                    + " default ${DEFAULT-VALUE}.",
            defaultValue = "append,sync")
    private List<String> durabilities;

    @Option(
            names = "--rounds",
            description = "How often all is measured; the table has medians, default ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int rounds;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the files of bench suite here, ratios too.")
    private Path out;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write tables, environment and command here.")
    private Path markdown;

    @Spec
    private CommandSpec spec;

    private final Runs runs = new Runs();

    @Override
    public Integer call() throws Exception {
        final Report environment = Environment.collect(broker.dataParent())
                .fact("ringmain", BrokerOptions.version())
                .fact("flags of the brokers", broker.jvmFlags())
                .fact("compared with", peer.description());
        ScenarioOptions.noteSettings(selected.scenarios(), broker, environment);
        selected.note(environment);
        measureFlows();
        measureOthers();
        publish(environment);
        return runs.exitCode();
    }

    /** All brokers run at the same time, and each scenario against one after the other. */
    private void measureFlows() throws IOException {
        if (flows().isEmpty()) {
            return;
        }
        final Deque<MeasuredBroker> opened = new ArrayDeque<>();
        try {
            final MeasuredBroker theirs = peer.open();
            opened.push(theirs);
            selected.warmUp(theirs);
            final Map<String, MeasuredBroker> ours = new LinkedHashMap<>();
            for (final String durability : durabilities) {
                ours.put(durability, ours(durability, BrokerOptions.NO_SNAPSHOTS, null));
                opened.push(ours.get(durability));
                selected.warmUp(ours.get(durability));
            }
            for (int round = 1; round <= rounds; round++) {
                for (final Scenario scenario : flows()) {
                    measure(round, scenario, theirs);
                    for (final String durability : durabilities(scenario)) {
                        measure(round, scenario, ours.get(durability));
                    }
                }
            }
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    private List<Scenario> flows() {
        return selected.scenarios().stream()
                .filter(scenario -> scenario.kind().isFlow())
                .toList();
    }

    /** Each broker is a fresh one, and alone. */
    private void measureOthers() throws IOException {
        final List<Scenario> others = selected.scenarios().stream()
                .filter(scenario -> !scenario.kind().isFlow())
                .toList();
        for (int round = 1; round <= rounds; round++) {
            for (final Scenario scenario : others) {
                try (TlsFiles tls = scenario.kind().newTls()) {
                    measureFresh(round, scenario, tls);
                }
            }
        }
    }

    private void measureFresh(final int round, final Scenario scenario, final TlsFiles tls) throws IOException {
        if (scenario.kind().isForOthers()) {
            try (MeasuredBroker theirs = peer.open(tls)) {
                measure(round, scenario, theirs);
            }
        }
        try (MeasuredBroker ours = ours(durabilities.get(0), scenario.settings(), tls)) {
            measure(round, scenario, ours);
        }
    }

    private MeasuredBroker ours(final String durability, final List<String> settings, final TlsFiles tls)
            throws IOException {
        return MeasuredBroker.start(name(durability), broker, ScenarioOptions.settings(durability, settings), tls);
    }

    private static String name(final String durability) {
        return Turns.OURS + " " + durability;
    }

    private void measure(final int round, final Scenario scenario, final MeasuredBroker target) {
        runs.add(scenario, target.name(), selected.run("round " + round, scenario, target));
    }

    private List<String> durabilities(final Scenario scenario) {
        return scenario.kind() == Scenario.Kind.ACKNOWLEDGED_FLOW ? durabilities : durabilities.subList(0, 1);
    }

    private void publish(final Report environment) throws IOException {
        final Report ratios = ratios();
        ratios.publish(System.out, broker.json());
        if (out != null) {
            final RunDirectory files = new RunDirectory(out).clear();
            files.write(RunDirectory.ENVIRONMENT, environment);
            files.write(RunDirectory.RATIOS, ratios);
            files.write(RunDirectory.SUMMARY, runs.rows(facts(new Report("compare"))));
            runs.writeFiles(files);
            System.out.println("written to " + HtmlReport.write(files));
        }
        if (markdown != null) {
            Files.writeString(markdown, markdown(environment, ratios));
            System.out.println("written to " + markdown);
        }
        System.out.println("took " + selected.took());
    }

    private String markdown(final Report environment, final Report ratios) {
        // The parser tells the subcommand as an argument of the command above it.
        final String command = "ops/bin/ringmain bench "
                + String.join(
                        " ", spec.commandLine().getParent().getParseResult().originalArgs());
        return MarkdownReport.of(
                "Ringmain and " + peer.name(), command, ratios, runs.rows(new Report("runs")), environment);
    }

    private Report facts(final Report report) {
        selected.note(report.fact("with", peer.name()).fact("rounds", rounds))
                .fact("broker, unless a scenario needs more", broker.text(BrokerOptions.NO_SNAPSHOTS))
                .fact("figures", "of several rounds the median (best); ratio of the medians");
        return runs.noteCounts(report).fact("took", selected.took());
    }

    private Report ratios() {
        final Report report = facts(new Report("compare"));
        for (final Scenario scenario : selected.scenarios()) {
            noteTls(report, scenario);
            for (final String durability : durabilities(scenario)) {
                scenario.goals().forEach(goal -> row(report, scenario, durability, goal));
            }
        }
        return report;
    }

    /** Whose TLS it is on both sides: a ratio without that would say nothing. */
    private void noteTls(final Report report, final Scenario scenario) {
        for (final String broker : List.of(name(durabilities.get(0)), peer.name())) {
            final String tls = runs.text(scenario, broker, Outcome.TLS);
            if (tls != null) {
                report.fact("TLS of " + broker, tls);
            }
        }
    }

    private void row(final Report report, final Scenario scenario, final String durability, final Goal goal) {
        final String ours = name(durability);
        final String figure = goal.figure();
        final double value = runs.figure(scenario, ours, figure).median();
        final double ratio = runs.ratio(scenario, ours, peer.name(), figure);
        final String leftOut = runs.text(scenario, peer.name(), Outcome.LEFT_OUT);
        report.row()
                .cell(HtmlReport.SCENARIO, scenario.name())
                .cell("durability", scenario.kind().isForAnyDurability() ? "any" : durability)
                .cell("figure", figure)
                .cell(Turns.OURS, runs.cell(scenario, ours, figure))
                .cell(peer.name(), runs.cell(scenario, peer.name(), figure))
                .cell("ratio", ratio)
                .cell("goal", goal.text(durability))
                .cell(
                        "reached",
                        leftOut == null
                                ? goal.verdict(durability, value, ratio)
                                : peer.name() + " left out: " + leftOut)
                .cell(Outcome.GENERATOR_CORES, median(scenario, ours, Outcome.GENERATOR_CORES))
                .cell(Outcome.BROKER_CORES, median(scenario, ours, Outcome.BROKER_CORES));
    }

    private double median(final Scenario scenario, final String name, final String figure) {
        return runs.figure(scenario, name, figure).median();
    }
}
