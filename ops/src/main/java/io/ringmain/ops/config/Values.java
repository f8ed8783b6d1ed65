package io.ringmain.ops.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Parsers of configuration values. Each throws IllegalArgumentException for what it doesn't take. */
final class Values {
    private Values() {}

    static Function<String, Object> integer(final long low, final long high) {
        return text -> {
            final long value = Long.parseLong(text);
            return checked(value, low, high);
        };
    }

    private static long checked(final long value, final long low, final long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException();
        }
        return value;
    }

    static Function<String, Object> oneOf(final String... choices) {
        return text -> {
            if (!List.of(choices).contains(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        };
    }

    static Object text(final String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    static Object bool(final String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    /** Bytes: {@code 65536}, {@code 64KB}, {@code 64KiB}; K, M and G are powers of 1024 either way. */
    static Function<String, Object> size(final long low, final long high) {
        return text -> {
            final String upper = text.toUpperCase(Locale.ROOT).replace("IB", "").replace("B", "");
            final int last = upper.length() - 1;
            final long unit = switch (last < 0 ? ' ' : upper.charAt(last)) {
                case 'K' -> 1L << 10;
                case 'M' -> 1L << 20;
                case 'G' -> 1L << 30;
                default -> 1;
            };
            final String digits = unit == 1 ? upper : upper.substring(0, last);
            return checked(Math.multiplyExact(Long.parseLong(digits.strip()), unit), low, high);
        };
    }

    /** A duration with its unit: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}; nanoseconds. */
    static Function<String, Object> duration(final long lowNs, final long highNs) {
        return text -> checked(nanoseconds(text), lowNs, highNs);
    }

    /** As {@link #duration}, in whole seconds, or {@code never}. */
    static Object secondsOrNever(final String text) {
        return text.equals("never") ? 0xFFFF_FFFFL : TimeUnit.NANOSECONDS.toSeconds(nanoseconds(text));
    }

    private static long nanoseconds(final String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        final TimeUnit unit = switch (text.substring(digits)) {
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            case "d" -> TimeUnit.DAYS;
            default -> throw new IllegalArgumentException();
        };
        return unit.toNanos(Long.parseLong(text.substring(0, digits)));
    }

    /** {@code host:port} or {@code [address]:port}; the host is not looked up here. */
    static Object address(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException();
        }
        final String host = text.substring(0, colon).replace("[", "").replace("]", "");
        final int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
        return InetSocketAddress.createUnresolved(host, port);
    }

    static Object count(final String text) {
        return text.equals("auto") ? 0L : integer(1, 256).apply(text);
    }
}
