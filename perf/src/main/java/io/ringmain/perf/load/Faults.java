package io.ringmain.perf.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What a broker must not do while nobody reconnects, with any QoS. A run in which it did has failed: MQTT lets a message of
 * QoS 1 come twice only behind a connection that broke.
 *
 * @param lost deliveries and acknowledgements that never came.
 * @param duplicated deliveries of what a subscriber had got already.
 * @param outOfOrder deliveries behind a later message of the same publisher.
 */
record Faults(long lost, long duplicated, long outOfOrder) {
    static final Faults NONE = new Faults(0, 0, 0);

    /** Of a flow that is done. */
    static Faults of(final Flow flow) {
        return new Faults(flow.missing(), flow.statistics().duplicated(), flow.outOfOrder());
    }

    Faults plus(final Faults other) {
        return new Faults(lost + other.lost, duplicated + other.duplicated, outOfOrder + other.outOfOrder);
    }

    boolean isNone() {
        return lost == 0 && duplicated == 0 && outOfOrder == 0;
    }

    /** A sentence for each kind that there is. */
    List<String> texts() {
        final List<String> texts = new ArrayList<>();
        add(texts, lost, "were lost");
        add(texts, duplicated, "came twice");
        add(texts, outOfOrder, "came out of order");
        return texts;
    }

    private static void add(final List<String> texts, final long count, final String what) {
        if (count > 0) {
            texts.add(count + " messages " + what);
        }
    }

    /** Says on the error stream why a command has failed, if it has; returns its exit code. */
    int exitCode() {
        if (!isNone()) {
            System.err.println("ringmain bench: failed: " + String.join(", ", texts()));
        }
        return isNone() ? 0 : 1;
    }
}
