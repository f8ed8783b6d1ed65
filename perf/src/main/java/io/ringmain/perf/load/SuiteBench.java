package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.MeasuredBroker;
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

/** {@code ringmain bench suite}: all scenarios against a broker of its own for each durability, and files of it all. */
@Command(
        name = "suite",
        description = "Run all scenarios in each durability and write tables, histograms and a report.",
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
        final RunDirectory files = new RunDirectory(out);
        final Report environment = Environment.collect(broker.dataParent());
        environment
                .fact("ringmain", BrokerOptions.version())
                .fact("flags of the brokers", broker.jvmFlags())
                .fact("settings of the brokers", broker.text());
        files.write(RunDirectory.ENVIRONMENT, environment);
        try {
            for (final String durability : durabilities) {
                run(durability, scenarios(durability));
            }
        } finally {
            // What was measured before a broker broke down is worth having.
            write(files);
        }
        return runs.isClean() ? 0 : 1;
    }

    private List<Scenario> scenarios(final String durability) {
        return selected.scenarios().stream()
                .filter(scenario -> scenario.isDurable() || durability.equals(durabilities.get(0)))
                .toList();
    }

    private void run(final String durability, final List<Scenario> scenarios) throws IOException {
        if (scenarios.isEmpty()) {
            return;
        }
        final int total =
                durabilities.stream().mapToInt(each -> scenarios(each).size()).sum();
        final Path data = broker.newData();
        try (BrokerProcess process = broker.start(data, ScenarioOptions.settings(durability))) {
            final MeasuredBroker target = MeasuredBroker.of(durability, process);
            selected.warmUp(target);
            for (final Scenario scenario : scenarios) {
                runs.add(scenario, target, selected.run(++done + "/" + total, scenario, target));
                process.checkAlive();
            }
        } finally {
            BrokerOptions.delete(data);
        }
    }

    private void write(final RunDirectory files) throws IOException {
        final Report summary = runs.rows(new Report("suite")
                .fact("seconds each", selected.durationS())
                .fact("seconds of warm-up", selected.warmupS())
                .fact("lost", runs.lost()));
        files.write(RunDirectory.SUMMARY, summary);
        runs.writeFiles(files);
        System.out.println("written to " + HtmlReport.write(files));
        if (broker.json() != null) {
            summary.writeTo(broker.json());
        }
    }
}
