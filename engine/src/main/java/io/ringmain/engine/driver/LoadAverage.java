package io.ringmain.engine.driver;

import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;

/**
 * How much a number grows in a minute, averaged over the last minutes so that old ones count less and less: an
 * exponentially weighted moving average, as of the load of Unix systems.
 */
final class LoadAverage {
    private static final double MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    /** What grows. */
    @FunctionalInterface
    interface Source {
        long get();
    }

    private final Source source;
    private final int minutes;
    private long lastNs;
    private long last;
    private double average;

    LoadAverage(final Source source, final int minutes, final long nowNs) {
        this.source = source;
        this.minutes = minutes;
        this.lastNs = nowNs;
        this.last = source.get();
    }

    void update(final long nowNs) {
        final double elapsedMinutes = (nowNs - lastNs) / MINUTE_NS;
        if (elapsedMinutes > 0) {
            final long value = source.get();
            final double perMinute = (value - last) / elapsedMinutes;
            average = perMinute + Math.exp(-elapsedMinutes / minutes) * (average - perMinute);
            last = value;
        }
        // Also when the clock was set back: what came meanwhile counts in the next round.
        lastNs = nowNs;
    }

    double average() {
        return average;
    }

    /** Writes the average with two decimals and returns the length. */
    int write(final MutableDirectBuffer buffer) {
        final long hundredths = Math.round(average * 100);
        int length = buffer.putLongAscii(0, hundredths / 100);
        buffer.putByte(length++, (byte) '.');
        buffer.putByte(length++, (byte) ('0' + hundredths / 10 % 10));
        buffer.putByte(length++, (byte) ('0' + hundredths % 10));
        return length;
    }
}
