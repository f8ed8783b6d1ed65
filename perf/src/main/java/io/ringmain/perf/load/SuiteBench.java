package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.TlsFiles;
import io.ringmain.perf.report.Environment;
import io.ringmain.perf.report.HtmlReport;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench suite}: the flows against a broker for each durability, the others against a fresh one each, and
 * files of it all.
 */
@Command(
        name = "suite",
        description = "Run all scenarios and write tables, histograms and a report.",
        mixinStandardHelpOptions = true)
final class SuiteBench implements Callable<Integer> {
    @Mixin
    private BrokerOptions broker;

    @Mixin
    private ScenarioOptions selected;

    @Option(
            names = "--durability",
            split = ",",
            description = "Each with a broker of its own; scenarios without acknowledgements run in the first only;"
                    + " default ${DEFAULT-VALUE}.",
            defaultValue = "append,sync,none")
    private List<String> durabilities;

    @Option(names = "--out", paramLabel = "DIR", description = "For the files, default ${DEFAULT-VALUE}.")
    private Path out = Path.of("bench-results");

    private final Runs runs = new Runs();
    private int done;

    @Override
    public Integer call() throws Exception {
        final RunDirectory files = new RunDirectory(out).clear();
        final Report environment = Environment.collect(broker.dataParent());
        environment.fact("ringmain", BrokerOptions.version()).fact("flags of the brokers", broker.jvmFlags());
        ScenarioOptions.noteSettings(selected.scenariosOfFullSuite(), broker, environment);
        files.write(RunDirectory.ENVIRONMENT, selected.note(environment));
        try {
            for (final String durability : durabilities) {
                run(durability, flows(durability));
            }
            for (final Scenario scenario : others()) {
                run(durabilities.get(0), scenario);
            }
        } finally {
            // What was measured before a broker broke down is worth having.
            write(files);
        }
        return runs.exitCode();
    }

    private List<Scenario> flows(final String durability) {
        return selected.scenariosOfFullSuite().stream()
                .filter(scenario -> scenario.kind() == Scenario.Kind.ACKNOWLEDGED_FLOW
                        || scenario.kind() == Scenario.Kind.FLOW && durability.equals(durabilities.get(0)))
                .toList();
    }

    private List<Scenario> others() {
        return selected.scenariosOfFullSuite().stream()
                .filter(scenario -> !scenario.kind().isFlow())
                .toList();
    }

    private void run(final String durability, final List<Scenario> flows) throws IOException {
        if (flows.isEmpty()) {
            return;
        }
        try (MeasuredBroker target = open(durability, BrokerOptions.NO_SNAPSHOTS, null)) {
            selected.warmUp(target);
            for (final Scenario scenario : flows) {
                measure(scenario, target);
            }
        }
    }

    private void run(final String durability, final Scenario scenario) throws IOException {
        try (TlsFiles tls = scenario.kind().newTls();
                MeasuredBroker target = open(durability, scenario.settings(), tls)) {
            measure(scenario, target);
        }
    }

    private MeasuredBroker open(final String durability, final List<String> settings, final TlsFiles tls)
            throws IOException {
        return MeasuredBroker.start(durability, broker, ScenarioOptions.settings(durability, settings), tls);
    }

    private void measure(final Scenario scenario, final MeasuredBroker target) {
        runs.add(scenario, target.name(), selected.run(++done + "/" + total(), scenario, target));
    }

    private int total() {
        return durabilities.stream().mapToInt(each -> flows(each).size()).sum() + others().size();
    }

    private void write(final RunDirectory files) throws IOException {
        final Report summary =
                runs.rows(runs.noteCounts(selected.note(new Report("suite"))).fact("took", selected.took()));
        files.write(RunDirectory.SUMMARY, summary);
        runs.writeFiles(files);
        System.out.println("written to " + HtmlReport.write(files) + ", took " + selected.took());
        if (broker.json() != null) {
            summary.writeTo(broker.json());
        }
    }
}
