package io.ringmain.perf.load;

import io.ringmain.perf.report.Report;

/**
 * A figure of a scenario that is compared with another broker, and what it is to be: a ratio to the other's, or a value.
 * Without a force to the device the peer promises less than {@code sync} does, so that there are two limits.
 *
 * @param figure as {@link Outcome} names it.
 * @param append to reach in durability append, and where durability makes no difference; 0 for none.
 * @param sync to reach in durability sync; 0 for none.
 */
record Goal(String figure, Kind kind, double append, double sync) {
    /** How figure and limit are compared. */
    enum Kind {
        /** A rate: so many times the other's, or more. */
        RATIO_AT_LEAST,
        /** A latency: so many times the other's, or less. */
        RATIO_AT_MOST,
        /** In the figure's own unit, whatever the other does. */
        VALUE_AT_MOST
    }

    private static final String NONE = "-";

    static Goal atLeast(final String figure, final double append, final double sync) {
        return new Goal(figure, Kind.RATIO_AT_LEAST, append, sync);
    }

    static Goal atMost(final String figure, final double append) {
        return new Goal(figure, Kind.RATIO_AT_MOST, append, 0);
    }

    static Goal valueAtMost(final String figure, final double value) {
        return new Goal(figure, Kind.VALUE_AT_MOST, value, value);
    }

    /** To be compared and no more. */
    static Goal none(final String figure) {
        return atLeast(figure, 0, 0);
    }

    private double limit(final String durability) {
        return durability.equals("sync") ? sync : append;
    }

    /**
     * Whether the figure is what it is to be, for a table.
     *
     * @param ratio to the other's figure; not a number without another one.
     */
    String verdict(final String durability, final double value, final double ratio) {
        final double limit = limit(durability);
        if (limit == 0) {
            return NONE;
        }
        if (Double.isNaN(kind == Kind.VALUE_AT_MOST ? value : ratio)) {
            return "not measured";
        }
        final boolean reached = switch (kind) {
            case RATIO_AT_LEAST -> ratio >= limit;
            case RATIO_AT_MOST -> ratio <= limit;
            case VALUE_AT_MOST -> value <= limit;
        };
        return reached ? "yes" : "missed";
    }

    String text(final String durability) {
        final double limit = limit(durability);
        if (limit == 0) {
            return NONE;
        }
        final String number = limit == Math.rint(limit) ? Report.text((long) limit) : String.valueOf(limit);
        return switch (kind) {
            case RATIO_AT_LEAST -> "at least " + number + " times";
            case RATIO_AT_MOST -> "at most " + number + " times";
            case VALUE_AT_MOST -> "at most " + number;
        };
    }
}
