package io.ringmain.engine.event;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * A place in the log as people write it: {@code @91231002} a position, {@code 2026-11-23T08:15} a time (UTC), {@code
 * -15m} so long ago, {@code last:100} so many messages before the end.
 *
 * @param kind of the place.
 * @param value the position, epoch nanoseconds, nanoseconds ago, or number of messages.
 */
public record ReplayPlace(Kind kind, long value) {
    /** What a place is told by. */
    public enum Kind {
        POSITION,
        TIME,
        AGO,
        LAST
    }

    private static final String LAST_PREFIX = "last:";

    /**
     * Reads a place.
     *
     * @throws IllegalArgumentException saying what was expected.
     */
    public static ReplayPlace parse(final String text) {
        try {
            if (text.startsWith("@")) {
                return new ReplayPlace(Kind.POSITION, natural(text.substring(1)));
            }
            if (text.startsWith(LAST_PREFIX)) {
                return new ReplayPlace(Kind.LAST, natural(text.substring(LAST_PREFIX.length())));
            }
            return text.startsWith("-")
                    ? new ReplayPlace(Kind.AGO, durationNs(text.substring(1)))
                    : new ReplayPlace(Kind.TIME, epochNs(text));
        } catch (final DateTimeException | ArithmeticException | NumberFormatException ex) {
            throw new IllegalArgumentException(
                    "'" + text + "', expected @POSITION, a time such as 2026-11-23T08:15, -15m, or last:100", ex);
        }
    }

    private static long natural(final String digits) {
        final long value = Long.parseLong(digits);
        if (value < 0) {
            throw new NumberFormatException(digits);
        }
        return value;
    }

    private static long durationNs(final String text) {
        final int unit = text.length() - 1;
        final long amount = natural(text.substring(0, Math.max(0, unit)));
        return switch (text.charAt(unit)) {
            case 's' -> Duration.ofSeconds(amount).toNanos();
            case 'm' -> Duration.ofMinutes(amount).toNanos();
            case 'h' -> Duration.ofHours(amount).toNanos();
            case 'd' -> Duration.ofDays(amount).toNanos();
            default -> throw new NumberFormatException(text);
        };
    }

    private static long epochNs(final String text) {
        final Instant instant;
        if (text.endsWith("Z")) {
            instant = Instant.parse(text);
        } else {
            final LocalDateTime local = text.contains("T")
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atStartOfDay();
            instant = local.toInstant(ZoneOffset.UTC);
        }
        return Math.addExact(TimeUnit.SECONDS.toNanos(instant.getEpochSecond()), instant.getNano());
    }

    /** The time of a place that is told by one, epoch nanoseconds. */
    public long timeNs(final long nowNs) {
        return kind == Kind.AGO ? nowNs - value : value;
    }
}
