package io.ringmain.perf.load;

import java.util.IdentityHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a run saw. */
final class Statistics {
    private static final long HIGHEST_NS = 60_000_000_000L;

    private final Histogram latencyNs = new Histogram(HIGHEST_NS, 3);
    private final Histogram acknowledgedNs = new Histogram(HIGHEST_NS, 3);
    private final Map<LoadClient, long[]> publisherOf = new IdentityHashMap<>();
    private boolean recording;
    private long recorded;
    private long duplicated;
    private long outOfOrder;
    private long missing;

    /** Tells which publisher a subscriber listens to first, so that its messages on their way can be counted. */
    void pair(final LoadClient subscriber, final LoadClient publisher, final boolean counts) {
        final long[] count = publisherOf.computeIfAbsent(publisher, p -> new long[1]);
        publisherOf.put(subscriber, counts ? count : new long[1]);
    }

    void recording(final boolean on) {
        recording = on;
    }

    void onReceived(final LoadClient subscriber, final long nowNs, final long intendedNs) {
        publisherOf.get(subscriber)[0]++;
        if (recording) {
            recorded++;
            latencyNs.recordValue(bounded(nowNs - intendedNs));
        }
    }

    /** A publisher has the last acknowledgement for a message. */
    void onAcknowledged(final long nowNs, final long intendedNs) {
        if (recording) {
            acknowledgedNs.recordValue(bounded(nowNs - intendedNs));
        }
    }

    private static long bounded(final long latency) {
        return Math.max(0, Math.min(HIGHEST_NS, latency));
    }

    long receivedOf(final LoadClient publisher) {
        return publisherOf.get(publisher)[0];
    }

    void onSequence(final long last, final long sequence) {
        if (sequence == last) {
            duplicated++;
        } else if (sequence < last) {
            outOfOrder++;
        } else {
            missing += sequence - last - 1;
        }
    }

    /** From when a message was to be sent to its arrival at a subscriber. */
    Histogram latencyNs() {
        return latencyNs;
    }

    /** From when a message was to be sent to its PUBACK, or PUBCOMP. */
    Histogram acknowledgedNs() {
        return acknowledgedNs;
    }

    /** Messages received while recording. */
    long recorded() {
        return recorded;
    }

    long duplicated() {
        return duplicated;
    }

    long outOfOrder() {
        return outOfOrder;
    }

    long missing() {
        return missing;
    }
}
