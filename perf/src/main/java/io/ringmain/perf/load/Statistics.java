package io.ringmain.perf.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** What a run saw. */
final class Statistics {
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final int SAMPLE_EVERY = 16;

    private final Histogram latencyNs = new Histogram(HIGHEST_NS, 3);
    private final Histogram acknowledgedNs = new Histogram(HIGHEST_NS, 3);
    private final int sampleMask;
    private final List<Arrivals> arrivals = new ArrayList<>();

    /** Messages that were to be sent from here on count. */
    private long fromNs = Long.MAX_VALUE;

    /** Messages that were to be sent before this count, whenever they arrive. */
    private long untilNs = Long.MAX_VALUE;

    private int delivered;
    private int acknowledged;

    /**
     * @param everyMessage false to take the latency of every sixteenth message only, which is cheaper: in a closed loop,
     *     where messages wait for each other and there are very many of them.
     */
    Statistics(final boolean everyMessage) {
        sampleMask = everyMessage ? 0 : SAMPLE_EVERY - 1;
    }

    /** Messages that are to be sent from now on count. */
    void begin(final long nowNs) {
        fromNs = nowNs;
    }

    /** Messages that are to be sent from now on don't count any more; those on their way do. */
    void end(final long nowNs) {
        untilNs = nowNs;
    }

    private boolean counts(final long intendedNs) {
        return intendedNs >= fromNs && intendedNs < untilNs;
    }

    void onReceived(final long nowNs, final long intendedNs) {
        if ((delivered++ & sampleMask) == 0 && counts(intendedNs)) {
            latencyNs.recordValue(bounded(nowNs - intendedNs));
        }
    }

    /** A publisher has the last acknowledgement for a message. */
    void onAcknowledged(final long nowNs, final long intendedNs) {
        if ((acknowledged++ & sampleMask) == 0 && counts(intendedNs)) {
            acknowledgedNs.recordValue(bounded(nowNs - intendedNs));
        }
    }

    /** Adds what another one saw, which is not written to meanwhile. */
    void add(final Statistics other) {
        latencyNs.add(other.latencyNs);
        acknowledgedNs.add(other.acknowledgedNs);
        arrivals.addAll(other.arrivals);
    }

    private static long bounded(final long latency) {
        return Math.max(0, Math.min(HIGHEST_NS, latency));
    }

    /** From when a message was to be sent to its arrival at a subscriber. */
    Histogram latencyNs() {
        return latencyNs;
    }

    /** From when a message was to be sent to its PUBACK, or PUBCOMP. */
    Histogram acknowledgedNs() {
        return acknowledgedNs;
    }

    /** For the numbers of one publisher at one receiver. */
    Arrivals newArrivals() {
        final Arrivals one = new Arrivals();
        arrivals.add(one);
        return one;
    }

    long missing() {
        return arrivals.stream().mapToLong(Arrivals::missing).sum();
    }

    long duplicated() {
        return arrivals.stream().mapToLong(Arrivals::duplicated).sum();
    }

    long outOfOrder() {
        return arrivals.stream().mapToLong(Arrivals::outOfOrder).sum();
    }
}
