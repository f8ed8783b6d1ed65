package io.ringmain.ops.log;

import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * When each message of a replay is due: with the spacing that it had, divided by a factor, or as fast as it goes.
 *
 * @param factor infinite for as fast as it goes.
 */
record ReplaySpeed(double factor) {
    /** {@code --speed max}. */
    static final ReplaySpeed MAX = new ReplaySpeed(Double.POSITIVE_INFINITY);

    /** How long after the first message one is due that was recorded so long after it. */
    long dueNs(final long recordedAfterNs) {
        return (long) (recordedAfterNs / factor);
    }

    boolean isMax() {
        return Double.isInfinite(factor);
    }

    /** Parses {@code 10x} and {@code max}. */
    static final class Converter implements ITypeConverter<ReplaySpeed> {
        @Override
        public ReplaySpeed convert(final String text) {
            if (text.equalsIgnoreCase("max")) {
                return MAX;
            }
            if (text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?x?")) {
                final double factor = Double.parseDouble(text.replace("x", ""));
                if (factor * TimeUnit.SECONDS.toNanos(1) >= 1) {
                    return new ReplaySpeed(factor);
                }
            }
            throw new TypeConversionException("'" + text + "', expected a factor such as 1x, 10x or 0.5x, or max");
        }
    }
}
