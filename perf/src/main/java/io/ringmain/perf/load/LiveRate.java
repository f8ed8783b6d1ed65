package io.ringmain.perf.load;

import java.io.IOException;
import java.util.List;

/** The rate of one flow that runs alone. */
final class LiveRate {
    private LiveRate() {}

    /** Messages a second that were sent, each of which has arrived in the end. */
    static double measure(final FlowPlan plan, final double warmupS, final double durationS) throws IOException {
        final Flow flow = new Flow(plan);
        try (LoadRun run = new LoadRun(List.of(flow))) {
            final double rate = run.measure(warmupS, durationS).sentPerSecond(0);
            run.drain();
            final Faults faults = Faults.of(flow);
            if (!faults.isNone()) {
                throw new IOException("live: " + String.join(", ", faults.texts()));
            }
            return rate;
        }
    }
}
