package io.ringmain.perf.load;

import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code ringmain bench micro}: JMH with the allocation profiler, and JMH's own options behind it. */
@Command(
        name = "micro",
        description = "Run the micro-benchmarks: nanoseconds and bytes of single steps.",
        customSynopsis = "ringmain bench micro [JMH's options] [REGEXP...]",
        footer = {
            "%nAll benchmarks, or those whose names match. JMH's options are passed on, such as",
            "  -l  list the benchmarks           -p NAME=VALUE  one value of a parameter",
            "  -f, -wi, -i, -r  forks, iterations of warm-up, iterations, time of each",
            "  -h  all of them"
        })
final class Micro implements Callable<Integer> {
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    @Option(names = "--help", usageHelp = true, description = "Show this help message and exit.")
    private boolean isHelp;

    @Unmatched
    private final List<String> arguments = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try {
            run(new CommandLineOptions(arguments.toArray(String[]::new)));
        } catch (final CommandLineOptionException ex) {
            throw new ParameterException(spec.commandLine(), ex.getMessage());
        } catch (final NoBenchmarksException ex) {
            throw new ParameterException(
                    spec.commandLine(), "no benchmark matches " + String.join(" ", arguments) + "; -l lists them");
        }
        return 0;
    }

    private static void run(final CommandLineOptions given) throws RunnerException, IOException {
        if (given.shouldHelp()) {
            given.showHelp();
            return;
        }
        final OptionsBuilder options = new OptionsBuilder();
        options.parent(given);
        if (!given.getForkCount().hasValue()) {
            options.forks(1);
        }
        if (!given.getWarmupIterations().hasValue()) {
            options.warmupIterations(3);
        }
        if (!given.getWarmupTime().hasValue()) {
            options.warmupTime(TimeValue.seconds(1));
        }
        if (!given.getMeasurementIterations().hasValue()) {
            options.measurementIterations(3);
        }
        if (!given.getMeasurementTime().hasValue()) {
            options.measurementTime(TimeValue.seconds(3));
        }
        options.mode(Mode.AverageTime).timeUnit(TimeUnit.NANOSECONDS).addProfiler(GCProfiler.class);
        final Runner runner = new Runner(options.build());
        if (given.shouldList()) {
            runner.list();
            return;
        }
        report(runner.run()).print(System.out);
    }

    /** A row for each benchmark: what an operation takes and what it allocates. */
    static Report report(final Collection<RunResult> results) {
        final Report report = new Report("micro-benchmarks");
        for (final RunResult result : results) {
            final BenchmarkParams params = result.getParams();
            final Result<?> time = result.getPrimaryResult();
            final Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
            report.row()
                    .cell("benchmark", name(params))
                    .cell("parameters", parameters(params))
                    .cell("ns/op", time.getScore())
                    .cell("error_ns", Double.isNaN(time.getScoreError()) ? null : time.getScoreError())
                    .cell(ALLOCATION + "_B/op", allocation == null ? null : allocation.getScore());
        }
        return report;
    }

    /** Without the package. */
    private static String name(final BenchmarkParams params) {
        final String name = params.getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static String parameters(final BenchmarkParams params) {
        return params.getParamsKeys().stream()
                .map(key -> key + "=" + params.getParam(key))
                .collect(Collectors.joining(" "));
    }
}
