package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.report.Report;
import io.ringmain.perf.report.Samples;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts of a broker that has a state and was stopped cleanly, from exec to the first CONNACK.
 *
 * @param starts cold ones and warm ones each.
 * @param isWarmOnly whether there are no cold ones.
 */
record StartupScenario(BuiltState state, int starts, boolean isWarmOnly) implements Scenario.Runner {
    @Override
    public Outcome run(final MeasuredBroker broker, final Pace pace) throws IOException {
        state.build(broker.port(), new Report("state"));
        broker.again().stop();
        final Map<String, Samples> samples = new TreeMap<>();
        for (int i = 0; i < starts; i++) {
            for (final boolean drops : isWarmOnly ? new boolean[] {false} : new boolean[] {true, false}) {
                final Restart restart = Restart.measure(broker.again(), drops);
                add(samples, connack(restart.pageCache()), restart.connackS());
                add(samples, "CPU s, page cache " + restart.pageCache(), restart.cpuS());
            }
        }
        final Outcome outcome = new Outcome();
        samples.forEach((name, each) -> outcome.figure(name, each.median()));
        return outcome;
    }

    private static void add(final Map<String, Samples> samples, final String name, final double value) {
        samples.computeIfAbsent(name, key -> new Samples(false)).add(value);
    }

    static String connack(final String pageCache) {
        return "CONNACK after s, page cache " + pageCache;
    }
}
