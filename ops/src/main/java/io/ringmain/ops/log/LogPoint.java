package io.ringmain.ops.log;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A place in the log, by position or by time: {@code @91231002}, {@code 2026-11-23T08:15}, {@code -15m}.
 *
 * @param position in the log, -1 if the place is a time.
 * @param timeNs epoch nanoseconds, meaningful without a position.
 */
record LogPoint(long position, long timeNs) {
    boolean isTime() {
        return position < 0;
    }

    /** True if an event lies before this place. */
    boolean isAfter(final long eventPosition, final long eventTimeNs) {
        return isTime() ? eventTimeNs < timeNs : eventPosition < position;
    }

    /** Parses what a user writes. Times without a zone are UTC. */
    static final class Converter implements ITypeConverter<LogPoint> {
        @Override
        public LogPoint convert(final String text) {
            try {
                if (text.startsWith("@")) {
                    return new LogPoint(Long.parseLong(text.substring(1)), 0);
                }
                return new LogPoint(-1, text.startsWith("-") ? ago(text) : epochNs(time(text)));
            } catch (final NumberFormatException | DateTimeParseException ex) {
                throw new TypeConversionException(
                        "'" + text + "', expected @POSITION, a time such as 2026-11-23T08:15, or -15m");
            }
        }

        private static long ago(final String text) {
            final String digits = text.substring(1, Math.max(1, text.length() - 1));
            final long amount = Long.parseLong(digits);
            final Duration duration = switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(amount);
                case 'm' -> Duration.ofMinutes(amount);
                case 'h' -> Duration.ofHours(amount);
                case 'd' -> Duration.ofDays(amount);
                default -> throw new NumberFormatException();
            };
            return epochNs(Instant.now().minus(duration));
        }

        private static Instant time(final String text) {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
            final LocalDateTime local = text.contains("T")
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atStartOfDay();
            return local.toInstant(ZoneOffset.UTC);
        }

        private static long epochNs(final Instant instant) {
            return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
        }
    }
}
