package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import java.io.IOException;
import java.util.List;

/**
 * One kind of load that is run against a broker. A new one is an entry in {@link Scenarios}.
 *
 * @param name for the command line and for files: lower case, digits, hyphens.
 * @param description one line.
 * @param isDurable whether the broker's durability makes a difference: otherwise one of them is enough.
 * @param goals the figures that are compared with other brokers, the first of them the one that matters.
 */
record Scenario(String name, String description, boolean isDurable, Runner runner, List<Goal> goals) {
    /** How a scenario is run. */
    @FunctionalInterface
    interface Runner {
        /**
         * Runs once, alone.
         *
         * @param warmupS seconds before those that count.
         * @param durationS seconds that count.
         * @throws IOException when the broker refuses, breaks off or doesn't answer.
         */
        Outcome run(MeasuredBroker broker, double warmupS, double durationS) throws IOException;
    }

    /** A run that breaks off is told as its outcome, so that it doesn't end the others. */
    Outcome run(final MeasuredBroker broker, final double warmupS, final double durationS) {
        try {
            return runner.run(broker, warmupS, durationS);
        } catch (final IOException ex) {
            return Outcome.failure(ex);
        }
    }
}
