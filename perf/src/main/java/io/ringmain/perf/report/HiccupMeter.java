package io.ringmain.perf.report;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** How late a thread wakes that does nothing: no latency that is measured on this machine can be trusted below that. */
public final class HiccupMeter {
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long HIGHEST_NS = TimeUnit.SECONDS.toNanos(60);

    private HiccupMeter() {}

    /** Sleeps for a millisecond again and again; returns the nanoseconds by which it woke too late. */
    public static Histogram measure(final double seconds) {
        final Histogram lateNs = new Histogram(HIGHEST_NS, 3);
        final long endNs = System.nanoTime() + (long) (seconds * 1e9);
        long beforeNs = System.nanoTime();
        while (beforeNs < endNs) {
            LockSupport.parkNanos(SLEEP_NS);
            final long afterNs = System.nanoTime();
            lateNs.recordValue(Math.min(HIGHEST_NS, Math.max(0, afterNs - beforeNs - SLEEP_NS)));
            beforeNs = afterNs;
        }
        return lateNs;
    }
}
