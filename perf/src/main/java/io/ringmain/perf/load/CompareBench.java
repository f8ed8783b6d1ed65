package io.ringmain.perf.load;

import io.ringmain.perf.broker.BrokerOptions;
import io.ringmain.perf.broker.BrokerProcess;
import io.ringmain.perf.broker.MosquittoProcess;
import io.ringmain.perf.broker.Target;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ringmain bench compare}: the same scenarios against Ringmain and another broker, in turns and in one run, so
 * that what else the machine does falls on both. Says how many times the other's figure ours is.
 */
@Command(
        name = "compare",
        description = "Run the scenarios against Ringmain and another broker in turns and print the ratios.",
        mixinStandardHelpOptions = true)
final class CompareBench implements Callable<Integer> {
    private static final String OURS = "ringmain ";

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private ScenarioOptions selected;

    @Option(
            names = "--with",
            paramLabel = "BROKER",
            description = "mosquitto, which is started for it, or host:port of any broker; default ${DEFAULT-VALUE}.",
            defaultValue = "mosquitto")
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

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, Target> ours = new LinkedHashMap<>();
    private final Map<Scenario, Map<String, Map<String, Samples>>> results = new LinkedHashMap<>();
    private Target peer;
    private long lost;

    @Override
    public Integer call() throws Exception {
        try {
            open();
            warmUp();
            for (int round = 1; round <= rounds; round++) {
                for (final Scenario scenario : selected.scenarios()) {
                    measure(scenario, round);
                }
            }
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
        report().publish(System.out, broker.json());
        return lost == 0 ? 0 : 1;
    }

    private void open() throws IOException {
        peer = peer();
        for (final String durability : durabilities) {
            final Path data = broker.newData();
            opened.push(() -> BrokerOptions.delete(data));
            final BrokerProcess process = broker.start(data, ScenarioOptions.settings(durability));
            opened.push(process);
            ours.put(durability, Target.of(OURS + durability, process));
        }
    }

    private Target peer() throws IOException {
        if (!with.equals("mosquitto")) {
            return new Target.Converter().convert(with);
        }
        final MosquittoProcess mosquitto = MosquittoProcess.start();
        opened.push(mosquitto);
        return Target.of(mosquitto);
    }

    /** Neither the compilers of the JVMs nor the pages of a new log are to be part of the first scenario. */
    private void warmUp() throws IOException {
        final List<Target> all = new ArrayList<>(ours.values());
        all.add(peer);
        for (final Target target : all) {
            for (final String name : List.of("10pairs-qos2", "10pairs-qos1", "1to1-qos0")) {
                Scenarios.named(name).run(target, 0, selected.warmupS());
            }
        }
    }

    private void measure(final Scenario scenario, final int round) throws IOException {
        measure(scenario, round, peer);
        for (final String durability : durabilities(scenario)) {
            measure(scenario, round, ours.get(durability));
        }
    }

    private List<String> durabilities(final Scenario scenario) {
        return scenario.isDurable() ? durabilities : durabilities.subList(0, 1);
    }

    private void measure(final Scenario scenario, final int round, final Target target) throws IOException {
        final Outcome outcome = scenario.run(target, selected.warmupS(), selected.durationS());
        lost += (long) outcome.number(Outcome.LOST);
        ScenarioOptions.printLine(System.err, "round " + round + "  " + scenario.name(), target.name(), outcome);
        final Map<String, Samples> figures = results.computeIfAbsent(scenario, key -> new LinkedHashMap<>())
                .computeIfAbsent(target.name(), key -> new LinkedHashMap<>());
        outcome.figures().forEach((name, value) -> {
            if (value instanceof Number number) {
                figures.computeIfAbsent(name, key -> new Samples(key.endsWith("/s")))
                        .add(number.doubleValue());
            }
        });
    }

    private Report report() {
        final Report report = new Report("compare")
                .fact("with", peer.name())
                .fact("rounds", rounds)
                .fact("seconds each", selected.durationS())
                .fact("seconds of warm-up", selected.warmupS())
                .fact("broker", broker.text())
                .fact("figures", "of several rounds the median (best); ratio of the medians")
                .fact("lost", lost);
        results.forEach((scenario, byTarget) -> {
            for (final String durability : durabilities(scenario)) {
                scenario.goals().forEach(goal -> row(report, scenario, durability, goal, byTarget));
            }
        });
        return report;
    }

    private void row(
            final Report report,
            final Scenario scenario,
            final String durability,
            final Goal goal,
            final Map<String, Map<String, Samples>> byTarget) {
        final Map<String, Samples> our = byTarget.get(OURS + durability);
        final Map<String, Samples> their = byTarget.get(peer.name());
        final Samples ourFigure = our.get(goal.figure());
        final Samples theirFigure = their.get(goal.figure());
        final double ratio = ourFigure.median() / theirFigure.median();
        report.row()
                .cell("scenario", scenario.name())
                .cell("durability", scenario.isDurable() ? durability : "any")
                .cell("figure", goal.figure())
                .cell("ringmain", ourFigure)
                .cell(peer.name(), theirFigure)
                .cell("ratio", ratio)
                .cell("goal", goal.text(durability))
                .cell("reached", goal.ratio(durability) == 0 ? "-" : goal.isReached(durability, ratio) ? "yes" : "no")
                .cell("generator", our.get(Outcome.GENERATOR_CORES).median())
                .cell("broker", our.get(Outcome.BROKER_CORES).median());
    }
}
