package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which scenarios are run, and for how long; for every command that runs them. */
final class ScenarioOptions {
    private static final double USUAL_DURATION_S = 5;
    private static final double USUAL_WARMUP_S = 2;
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
        return durationS > 0 ? durationS : quick ? QUICK_DURATION_S : USUAL_DURATION_S;
    }

    double warmupS() {
        return warmupS >= 0 ? warmupS : quick ? QUICK_WARMUP_S : USUAL_WARMUP_S;
    }

    /** Of a broker that is measured: a snapshot that is due in the middle of one run and not of another would be, too. */
    static List<String> settings(final String durability) {
        return List.of(
                "storage.durability=" + durability,
                "storage.snapshot.log_bytes=1024GB",
                "storage.snapshot.interval=365d",
                "storage.snapshot.on_stop=false");
    }

    /** Neither the compilers of the JVMs nor the pages of a new log are to be part of the first scenario. */
    void warmUp(final MeasuredBroker broker) {
        for (final String name : List.of("10pairs-qos2", "10pairs-qos1", "1to1-qos0")) {
            Scenarios.named(name).run(broker, 0, warmupS());
        }
    }

    /** Runs a scenario, and says in a line what came of it. */
    Outcome run(final String progress, final Scenario scenario, final MeasuredBroker broker) {
        final Outcome outcome = scenario.run(broker, warmupS(), durationS());
        System.err.printf(
                Locale.ROOT, "%-9s %-16s %-16s %s%n", progress, scenario.name(), broker.name(), outcome.text());
        outcome.warnings().forEach(warning -> System.err.println("          warning: " + warning));
        return outcome;
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
