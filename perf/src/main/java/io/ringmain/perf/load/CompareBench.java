package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.MosquittoProcess;
import io.ringmain.perf.report.Environment;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.MarkdownReport;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.RunDirectory;
import io.ringmain.perf.report.Samples;
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
import picocli.CommandLine.ParameterException;
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
    private static final String MOSQUITTO = "mosquitto";

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private ScenarioOptions selected;

    @Option(
            names = "--with",
            paramLabel = "BROKER",
            description = "mosquitto, which is started for it, or host:port of any broker; default ${DEFAULT-VALUE}.",
            defaultValue = MOSQUITTO)
    private String with;

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

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, MeasuredBroker> ours = new LinkedHashMap<>();
    private final Runs runs = new Runs();
    private MeasuredBroker peer;

    @Override
    public Integer call() throws Exception {
        final Report environment;
        try {
            peer = peer();
            environment = environment();
            open();
            selected.warmUp(peer);
            ours.values().forEach(selected::warmUp);
            for (int round = 1; round <= rounds; round++) {
                for (final Scenario scenario : selected.scenarios()) {
                    measure(scenario, "round " + round);
                }
            }
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
        publish(environment);
        return runs.isClean() ? 0 : 1;
    }

    private Report environment() throws IOException {
        return Environment.collect(broker.dataParent())
                .fact("ringmain", BrokerOptions.version())
                .fact("flags of the brokers", broker.jvmFlags())
                .fact("settings of the brokers", broker.text())
                .fact(
                        "compared with",
                        with.equals(MOSQUITTO)
                                ? MosquittoProcess.version() + ", no log, no persistence, no bounds, no Nagle"
                                : with);
    }

    private void open() throws IOException {
        for (final String durability : durabilities) {
            final Path data = broker.newData();
            opened.push(() -> BrokerOptions.delete(data));
            final BrokerProcess process = broker.start(data, ScenarioOptions.settings(durability));
            opened.push(process);
            ours.put(durability, MeasuredBroker.of("ringmain " + durability, process));
        }
    }

    private MeasuredBroker peer() throws IOException {
        if (!with.equals(MOSQUITTO)) {
            try {
                return MeasuredBroker.parse(with);
            } catch (final IllegalArgumentException ex) {
                throw new ParameterException(spec.commandLine(), "--with: " + ex.getMessage(), ex);
            }
        }
        final MosquittoProcess mosquitto = MosquittoProcess.start();
        opened.push(mosquitto);
        return MeasuredBroker.of(mosquitto);
    }

    private void measure(final Scenario scenario, final String progress) {
        runs.add(scenario, peer, selected.run(progress, scenario, peer));
        for (final String durability : durabilities(scenario)) {
            final MeasuredBroker target = ours.get(durability);
            runs.add(scenario, target, selected.run(progress, scenario, target));
        }
    }

    private List<String> durabilities(final Scenario scenario) {
        return scenario.isDurable() ? durabilities : durabilities.subList(0, 1);
    }

    private void publish(final Report environment) throws IOException {
        final Report ratios = ratios();
        ratios.publish(System.out, broker.json());
        if (out != null) {
            final RunDirectory files = new RunDirectory(out);
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
    }

    private String markdown(final Report environment, final Report ratios) {
        // The parser tells the subcommand as an argument of the command above it.
        final String command = "ops/bin/ringmain bench "
                + String.join(
                        " ", spec.commandLine().getParent().getParseResult().originalArgs());
        return new MarkdownReport("Ringmain and " + peer.name(), command)
                .facts(ratios.facts())
                .heading("Ratios")
                .table(ratios.rows())
                .heading("Runs")
                .table(runs.rows(new Report("runs")).rows(), HtmlReport.OVERVIEW)
                .heading("Environment")
                .facts(environment.facts())
                .toString();
    }

    private Report facts(final Report report) {
        return report.fact("with", peer.name())
                .fact("rounds", rounds)
                .fact("seconds each", selected.durationS())
                .fact("seconds of warm-up", selected.warmupS())
                .fact("broker", broker.text())
                .fact("figures", "of several rounds the median (best); ratio of the medians")
                .fact("lost", runs.lost());
    }

    private Report ratios() {
        final Report report = facts(new Report("compare"));
        for (final Scenario scenario : selected.scenarios()) {
            for (final String durability : durabilities(scenario)) {
                scenario.goals().forEach(goal -> row(report, scenario, durability, goal));
            }
        }
        return report;
    }

    private void row(final Report report, final Scenario scenario, final String durability, final Goal goal) {
        final String our = ours.get(durability).name();
        final Samples ourFigure = runs.figure(scenario, our, goal.figure());
        final Samples theirFigure = runs.figure(scenario, peer.name(), goal.figure());
        final double ratio = ourFigure.median() / theirFigure.median();
        report.row()
                .cell(HtmlReport.SCENARIO, scenario.name())
                .cell("durability", scenario.isDurable() ? durability : "any")
                .cell("figure", goal.figure())
                .cell("ringmain", ourFigure)
                .cell(peer.name(), theirFigure)
                .cell("ratio", ratio)
                .cell("goal", goal.text(durability))
                .cell("reached", goal.verdict(durability, ratio))
                .cell(Outcome.GENERATOR_CORES, median(scenario, our, Outcome.GENERATOR_CORES))
                .cell(Outcome.BROKER_CORES, median(scenario, our, Outcome.BROKER_CORES));
    }

    private double median(final Scenario scenario, final String name, final String figure) {
        return runs.figure(scenario, name, figure).median();
    }
}
