package io.ringmain.ops.config;

import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.DirectMemory;
import io.ringmain.protocol.TopicFilter;
import io.ringmain.protocol.websocket.AllowedOrigins;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;

/** Parsers of configuration values. Each throws IllegalArgumentException for what it doesn't take. */
final class Values {
    /** What {@link #secondsOrNever} makes of never. */
    static final long NEVER = 0xFFFF_FFFFL;

    private static final Pattern SIZE = Pattern.compile("(\\d+) ?([KMG]?)(?:i?B)?");
    private static final Pattern CPUS = Pattern.compile("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*");
    private static final Pattern FILE_MODE = Pattern.compile("0?[0-7]{3}");
    private static final Pattern DURATION = Pattern.compile("(\\d+) ?(ms|s|m|h|d)");

    private static final String UNIX = "unix:";

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

    /** A text that isn't shown to anybody; compared by identity. */
    static final Function<String, Object> SECRET = text -> text;

    static Object optionalText(final String text) {
        return text;
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
            final Matcher parts = matched(SIZE, text);
            final int shift = switch (parts.group(2)) {
                case "K" -> 10;
                case "M" -> 20;
                case "G" -> 30;
                default -> 0;
            };
            return checked(Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << shift), low, high);
        };
    }

    /** A duration with its unit: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}; nanoseconds. */
    static Function<String, Object> duration(final long lowNs, final long highNs) {
        return text -> checked(nanoseconds(text), lowNs, highNs);
    }

    /** As {@link #duration}, in whole seconds, or {@code never}. */
    static Object secondsOrNever(final String text) {
        return text.equals("never") ? NEVER : seconds(1, NEVER - 1).apply(text);
    }

    /** As {@link #duration}, in whole seconds. */
    static Function<String, Object> seconds(final long low, final long high) {
        return text -> checked(TimeUnit.NANOSECONDS.toSeconds(nanoseconds(text)), low, high);
    }

    private static long nanoseconds(final String text) {
        final Matcher parts = matched(DURATION, text);
        final TimeUnit unit = switch (parts.group(2)) {
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        return unit.toNanos(Long.parseLong(parts.group(1)));
    }

    private static Matcher matched(final Pattern pattern, final String text) {
        final Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException();
        }
        return matcher;
    }

    /** {@code host:port} or {@code [address]:port}, whose host is not looked up here, or {@code unix:/path}. */
    static Object address(final String text) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return UnixDomainSocketAddress.of(text.substring(UNIX.length()));
        }
        final int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException();
        }
        final String host = text.substring(0, colon).replace("[", "").replace("]", "");
        final int port = Integer.parseInt(text.substring(colon + 1));
        if (port < 0 || port > 65_535) {
            throw new ValueException("port " + port + " is not in 0..65535");
        }
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** The path of a request, to the byte. */
    static Object path(final String text) {
        if (!text.startsWith("/") || !text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '?' && c != '#')) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    /** The pages that browsers may have loaded. */
    static ListParser origins() {
        return new ListParser(text -> explained(() -> AllowedOrigins.normalised(text)));
    }

    /** What a parser of another package says is wrong is what the user is told. */
    private static Object explained(final Supplier<Object> parser) {
        try {
            return parser.get();
        } catch (final IllegalArgumentException ex) {
            throw new ValueException(ex.getMessage());
        }
    }

    /** Topic filters, but those of shared subscriptions. */
    static ListParser topicFilters() {
        return new ListParser(Values::topicFilter);
    }

    /** Names without blanks. */
    static ListParser names() {
        return new ListParser(Values::name);
    }

    private static Object name(final String text) {
        if (text.isEmpty() || text.chars().anyMatch(Character::isWhitespace)) {
            throw new ValueException("'" + text + "' is not a name");
        }
        return text;
    }

    private static Object topicFilter(final String text) {
        final UnsafeBuffer filter = new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
        if (!TopicFilter.validate(filter, 0, filter.capacity()) || TopicFilter.isShared(filter, 0, filter.capacity())) {
            throw new ValueException("'" + text + "' is not a topic filter");
        }
        return text;
    }

    /** CPUs as the kernel writes them: {@code 2-7,9}; whether they are there shows when the broker starts. */
    static Object cpus(final String text) {
        if (!text.equals("auto")) {
            matched(CPUS, text);
        }
        return text;
    }

    /** An address or a network. */
    static Object network(final String text) {
        return explained(() -> {
            AddressSet.parse(List.of(text));
            return text;
        });
    }

    /** The nine bits of chmod, in octal digits: {@code 0660}. */
    static Object fileMode(final String text) {
        matched(FILE_MODE, text);
        return Long.parseLong(text, 8);
    }

    static Object bufferBytes(final String text) {
        return text.equals("auto")
                ? DirectMemory.maxBytes() / 4
                : size(1 << 20, 1L << 40).apply(text);
    }

    static Object count(final String text) {
        return text.equals("auto") ? 0L : integer(1, 256).apply(text);
    }
}
