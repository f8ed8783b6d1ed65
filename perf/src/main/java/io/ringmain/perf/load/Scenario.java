package io.ringmain.perf.load;

import io.ringmain.perf.broker.MeasuredBroker;
import io.ringmain.perf.broker.TlsFiles;
import java.io.IOException;
import java.util.List;

/**
 * One kind of load that is run against a broker. A new one is an entry in {@link Scenarios}.
 *
 * @param name for the command line and for files: lower case, digits, hyphens.
 * @param description one line.
 * @param settings of a broker of ours that is started for it, without its durability.
 * @param goals the figures that are compared with other brokers, the first of them the one that matters.
 */
record Scenario(String name, String description, Kind kind, List<String> settings, Runner runner, List<Goal> goals) {
    /** Which brokers a scenario is run against. */
    enum Kind {
        /** One that others use as well; its durability makes no difference. */
        FLOW,
        /** As that, but in each durability. */
        ACKNOWLEDGED_FLOW,
        /**
         * A fresh one each time, which has a listener for TLS as well: what its JVM learns there would be in the way of
         * others. Its durability makes no difference.
         */
        ENCRYPTED_FLOW,
        /** A fresh one each time: its memory is weighed, or what stays in it would be in the way of others. */
        STATE,
        /** A fresh one of ours; others can't do that. */
        OURS,
        /** As that, and so long that it is left out where time is short, unless it is asked for by name. */
        OURS_LONG;

        /** Whether brokers are shared with other flows. */
        boolean isFlow() {
            return this == FLOW || this == ACKNOWLEDGED_FLOW;
        }

        boolean isForOthers() {
            return isFlow() || this == ENCRYPTED_FLOW || this == STATE;
        }

        boolean isForAnyDurability() {
            return this == FLOW || this == ENCRYPTED_FLOW;
        }

        /** A certificate for the brokers, null where none is needed. */
        TlsFiles newTls() throws IOException {
            return this == ENCRYPTED_FLOW ? TlsFiles.create() : null;
        }
    }

    /** One that a command of its own runs. */
    static Scenario of(final String name, final List<String> settings, final Runner runner, final List<Goal> goals) {
        return new Scenario(name, name, Kind.STATE, settings, runner, goals);
    }

    /** How a scenario is run. */
    @FunctionalInterface
    interface Runner {
        /**
         * Runs once, alone.
         *
         * @throws IOException when the broker refuses, breaks off or doesn't answer.
         */
        Outcome run(MeasuredBroker broker, Pace pace) throws IOException;
    }

    /** A run that breaks off is told as its outcome, so that it doesn't end the others. */
    Outcome run(final MeasuredBroker broker, final Pace pace) {
        try {
            return runner.run(broker, pace);
        } catch (final IOException ex) {
            return Outcome.failure(ex);
        }
    }
}
