package io.ringmain.perf.report;

import java.util.Arrays;

/** A figure that was measured in several rounds: noise of a shared machine shows in how far best and median differ. */
public final class Samples {
    private final boolean moreIsBetter;
    private double[] values = {};

    /** @param moreIsBetter true for a rate, false for a latency. */
    public Samples(final boolean moreIsBetter) {
        this.moreIsBetter = moreIsBetter;
    }

    /** Of figures that come at once. */
    public static double median(final double[] values) {
        final Samples samples = new Samples(false);
        for (final double value : values) {
            samples.add(value);
        }
        return samples.median();
    }

    public void add(final double value) {
        values = Arrays.copyOf(values, values.length + 1);
        values[values.length - 1] = value;
        Arrays.sort(values);
    }

    public int count() {
        return values.length;
    }

    /** Between the two in the middle if their number is even; not a number without any. */
    public double median() {
        final int middle = values.length / 2;
        if (values.length == 0) {
            return Double.NaN;
        }
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** What it can be when nothing else is in the way. */
    public double best() {
        return moreIsBetter ? max() : min();
    }

    public double min() {
        return values.length == 0 ? Double.NaN : values[0];
    }

    public double max() {
        return values.length == 0 ? Double.NaN : values[values.length - 1];
    }
}
