package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which scenarios are run, and for how long; for every command that runs them. */
final class ScenarioOptions {
    private static final double USUAL_DURATION_S = 3;
    private static final double USUAL_WARMUP_S = 1.5;
    private static final double QUICK_DURATION_S = 1;
    private static final double QUICK_WARMUP_S = 0.5;

    /** What a broker is warmed up with; each has code of its own. */
    private static final List<String> WARMUP = List.of("10pairs-qos2", "10pairs-qos1", "1to1-qos0");

    @Option(
            names = "--scenario",
            split = ",",
            paramLabel = "NAME",
            description = "Run this one, may be given again; by default all of them.",
            converter = ByName.class)
    private List<Scenario> scenarios = List.of();

    @Option(names = "--quick", description = "Runs so short, and state so small, that suite takes three minutes.")
    private boolean quick;

    @Option(names = "--duration", description = "Seconds that count of each run, default 3, or 1 with --quick.")
    private double durationS;

    @Option(names = "--warmup", description = "Seconds before that, default 1.5, or 0.5 with --quick.")
    private double warmupS = -1;

    @Mixin
    private WarmupOptions brokerWarmup;

    @Mixin
    private GeneratorOptions generator;

    private final long startNs = System.nanoTime();

    /** Those that were asked for, or all but the long ones. */
    List<Scenario> scenarios() {
        return scenarios.isEmpty()
                ? Scenarios.all().stream()
                        .filter(scenario -> scenario.kind() != Scenario.Kind.OURS_LONG)
                        .toList()
                : scenarios;
    }

    /** As {@link #scenarios}, with the long ones if there is time. */
    List<Scenario> scenariosOfFullSuite() {
        return scenarios.isEmpty() && !quick ? Scenarios.all() : scenarios();
    }

    Pace pace() {
        return brokerWarmup
                .pace(
                        warmupS >= 0 ? warmupS : quick ? QUICK_WARMUP_S : USUAL_WARMUP_S,
                        durationS > 0 ? durationS : quick ? QUICK_DURATION_S : USUAL_DURATION_S,
                        quick)
                .generatorThreads(generator.threads());
    }

    /** Notes for how long everything is run, and by how many threads if there are several. */
    Report note(final Report report) {
        final Pace pace = pace();
        return generator.note(report.fact("seconds each", pace.durationS())
                .fact("seconds of warm-up before each", pace.warmupS())
                .fact("seconds of warm-up of a fresh broker", pace.brokerWarmupS()));
    }

    /** Notes with which settings the brokers of ours are started, beside their durability, for each kind of them. */
    static Report noteSettings(final List<Scenario> scenarios, final BrokerOptions broker, final Report report) {
        final Map<String, List<String>> names = new LinkedHashMap<>();
        for (final Scenario scenario : scenarios) {
            names.computeIfAbsent(broker.text(scenario.settings()), key -> new ArrayList<>())
                    .add(scenario.name());
        }
        names.forEach((settings, of) -> report.fact("settings of the brokers, " + String.join(" ", of), settings));
        return report;
    }

    /** Of a broker of ours that is started for a scenario, or for flows. */
    static List<String> settings(final String durability, final List<String> others) {
        final List<String> settings = new ArrayList<>(others);
        settings.add("storage.durability=" + durability);
        return settings;
    }

    /** Keeps a fresh broker busy before the flows; not at all if the time for it is 0. */
    void warmUp(final MeasuredBroker broker) throws IOException {
        final Pace pace = pace();
        final Pace part = new Pace(0, 0, pace.brokerWarmupS() / WARMUP.size(), quick, generator.threads());
        for (final String name : pace.brokerWarmupS() > 0 ? WARMUP : List.<String>of()) {
            Scenarios.named(name).runner().run(broker, part);
        }
    }

    /** Runs a scenario, and says in a line what came of it. */
    Outcome run(final String progress, final Scenario scenario, final MeasuredBroker broker) {
        final Outcome outcome = scenario.run(broker, pace());
        System.err.printf(
                Locale.ROOT, "%-9s %-18s %-16s %s%n", progress, scenario.name(), broker.name(), outcome.text());
        outcome.warnings().forEach(warning -> System.err.println("          warning: " + warning));
        // Behind the line, which need not repeat them.
        return outcome.settings(broker.settings());
    }

    /** How long the command has taken so far. */
    String took() {
        final long seconds = (System.nanoTime() - startNs) / 1_000_000_000;
        return seconds / 60 + " min " + seconds % 60 + " s";
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
