package io.ringmain.perf.load;

import java.io.IOException;
import java.util.List;

/** The rate of one flow that runs alone. */
final class LiveRate {
    private LiveRate() {}

    /** Messages a second that were sent, each of which has arrived in the end. */
    static double measure(final FlowPlan plan, final double warmupS, final double durationS) throws IOException {
        try (LoadRun run = new LoadRun(List.of(new Flow(plan)))) {
            final double rate = run.measure(warmupS, durationS).sentPerSecond(0);
            final long lost = run.drain();
            if (lost > 0) {
                throw new IOException(lost + " live messages were lost");
            }
            return rate;
        }
    }
}
