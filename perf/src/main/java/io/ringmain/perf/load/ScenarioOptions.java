package io.ringmain.perf.load;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which scenarios are run, and for how long; for every command that runs them. */
final class ScenarioOptions {
    private static final double QUICK_DURATION_S = 1.5;
    private static final double QUICK_WARMUP_S = 1;

    @Option(
            names = "--scenario",
            split = ",",
            paramLabel = "NAME",
            description = "Run this one, may be given again; by default all of them.",
            converter = ByName.class)
    private List<Scenario> scenarios = Scenarios.all();

    @Option(names = "--quick", description = "Runs so short that all of them take less than three minutes.")
    private boolean quick;

    @Option(names = "--duration", description = "Seconds that count of each run, default 5, or 1.5 with --quick.")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default 2, or 1 with --quick.")
    private double warmupS = -1;

    List<Scenario> scenarios() {
        return scenarios;
    }

    double durationS() {
        return durationS > 0 ? durationS : quick ? QUICK_DURATION_S : 5;
    }

    double warmupS() {
        return warmupS >= 0 ? warmupS : quick ? QUICK_WARMUP_S : 2;
    }

    /** Of a broker that is measured: a snapshot that is due in the middle of one run and not of another would be, too. */
    static List<String> settings(final String durability) {
        return List.of(
                "storage.durability=" + durability,
                "storage.snapshot.log_bytes=1024GB",
                "storage.snapshot.interval=365d",
                "storage.snapshot.on_stop=false");
    }

    /** What a run did, in one line, and its warnings below. */
    static void printLine(final PrintStream out, final String what, final String broker, final Outcome outcome) {
        out.printf(
                Locale.ROOT,
                "%-28s %-18s %,12.0f msg/s %,9.1f MB/s  p50 %,8.0f us  p99 %,8.0f us  lost %d  generator %3.0f %%"
                        + "  broker %3.0f %%  %s%n",
                what,
                broker,
                outcome.number(Outcome.DELIVERED),
                outcome.number(Outcome.MEGABYTES),
                outcome.number(Outcome.P50),
                outcome.number(Outcome.P99),
                (long) outcome.number(Outcome.LOST),
                outcome.number(Outcome.GENERATOR_CORES) * 100,
                outcome.number(Outcome.BROKER_CORES) * 100,
                outcome.figures().getOrDefault(Outcome.BOTTLENECK, ""));
        outcome.warnings().forEach(warning -> out.println("  warning: " + warning));
    }

    /** Finds a scenario. */
    static final class ByName implements ITypeConverter<Scenario> {
        @Override
        public Scenario convert(final String name) {
            try {
                return Scenarios.named(name);
            } catch (final IllegalArgumentException ex) {
                throw new TypeConversionException(ex.getMessage());
            }
        }
    }
}
