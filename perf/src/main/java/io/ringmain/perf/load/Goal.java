package io.ringmain.perf.load;

/**
 * A figure of a scenario that is compared with another broker, and what the ratio is to be. Without a force to the
 * device the peer promises less than {@code sync} does, so that there are two ratios.
 *
 * @param figure as {@link Outcome} names it.
 * @param moreIsBetter true for a rate, with a least ratio; false for a latency, with a highest one.
 * @param append the ratio to reach in durability append, and where durability makes no difference; 0 for none.
 * @param sync the ratio to reach in durability sync; 0 for none.
 */
record Goal(String figure, boolean moreIsBetter, double append, double sync) {
    static Goal atLeast(final String figure, final double append, final double sync) {
        return new Goal(figure, true, append, sync);
    }

    static Goal atMost(final String figure, final double append) {
        return new Goal(figure, false, append, 0);
    }

    /** The ratio to reach in a durability; 0 for none. */
    double ratio(final String durability) {
        return durability.equals("sync") ? sync : append;
    }

    /** Whether a ratio is what it is to be, for a table. */
    String verdict(final String durability, final double ratio) {
        final double goal = ratio(durability);
        if (goal == 0) {
            return "-";
        }
        return (moreIsBetter ? ratio >= goal : ratio <= goal) ? "yes" : "no";
    }

    String text(final String durability) {
        final double ratio = ratio(durability);
        return ratio == 0 ? "-" : (moreIsBetter ? "at least " : "at most ") + trimmed(ratio);
    }

    private static String trimmed(final double ratio) {
        return ratio == Math.rint(ratio) ? String.valueOf((long) ratio) : String.valueOf(ratio);
    }
}
