package io.ringmain.perf.load;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What may be given for an option, of all commands, by the option's name: an option of that name means the same in each.
 * What isn't allowed ends as a usage error before anything is started.
 */
final class OptionRules {
    private static final int MAX_PAYLOAD_LENGTH = 16 << 20;
    private static final double MAX_SECONDS = 86_400;

    /** @param expected for the error: the option's value "is not" that. */
    private record Rule(String expected, Predicate<Object> allows) {}

    private static final Map<String, Rule> RULES = new HashMap<>();

    static {
        add(
                whole(1, Integer.MAX_VALUE),
                "--pairs --publishers --subscribers --window --clients --in-flight --storms --topics --subscribes --messages"
                        + " --connections --rounds --starts --events --blocks --records --per-connection --counts");
        add(whole(0, Integer.MAX_VALUE), "--retained --sessions --queued --rate");
        add(whole(1, Integer.MAX_VALUE), "durability--rate --qos0-rate");
        add(whole(1, 0xFFFF), "--port");
        add(whole(0, 2), "--qos");
        add(whole(FlowPlan.MIN_PAYLOAD_LENGTH, MAX_PAYLOAD_LENGTH), "--payload");
        add(new Rule("a number of seconds above 0, up to a day", value -> seconds(value) > 0), "--duration --seconds");
        add(new Rule("a number of seconds from 0 to a day", value -> seconds(value) >= 0), "--warmup --broker-warmup");
        add(oneOf("3.1", "3.1.1", "5"), "--version");
        add(oneOf("sync", "append", "none"), "--durability");
        add(new Rule("a host whose address is known", OptionRules::isResolved), "--host");
        add(new Rule("a directory that can be written to", OptionRules::isWritable), "--dir");
    }

    private OptionRules() {}

    private static void add(final Rule rule, final String options) {
        for (final String option : options.split(" ")) {
            RULES.put(option, rule);
        }
    }

    private static Rule whole(final long from, final long to) {
        final String expected = to == Integer.MAX_VALUE
                ? String.format(Locale.ROOT, "a whole number from %,d on", from)
                : String.format(Locale.ROOT, "a whole number from %,d to %,d", from, to);
        return new Rule(expected, value -> ((Number) value).longValue() >= from && ((Number) value).longValue() <= to);
    }

    private static Rule oneOf(final String... values) {
        return new Rule("one of " + String.join(", ", values), List.of(values)::contains);
    }

    /** Not a number for more than a day, and for what isn't one. */
    private static double seconds(final Object value) {
        final double seconds = ((Number) value).doubleValue();
        return seconds <= MAX_SECONDS ? seconds : Double.NaN;
    }

    private static boolean isResolved(final Object host) {
        return !new InetSocketAddress((String) host, 1).isUnresolved();
    }

    private static boolean isWritable(final Object directory) {
        return Files.isDirectory((Path) directory) && Files.isWritable((Path) directory);
    }

    /** Null for none. */
    private static Rule rule(final String command, final String option) {
        return RULES.getOrDefault(command + option, RULES.get(option));
    }

    static boolean isFor(final OptionSpec option) {
        return RULES.containsKey(option.longestName());
    }

    /** @throws ParameterException with the option, its value, and what was expected, for the first that isn't allowed. */
    static void check(final ParseResult parsed) {
        for (final OptionSpec option : parsed.matchedOptions()) {
            final Rule rule = rule(parsed.commandSpec().name(), option.longestName());
            if (rule != null) {
                check(parsed, option, rule);
            }
        }
        if (parsed.hasSubcommand()) {
            check(parsed.subcommand());
        }
    }

    private static void check(final ParseResult parsed, final OptionSpec option, final Rule rule) {
        final Object given = option.getValue();
        for (final Object value : given instanceof Collection<?> values ? values : List.of(given)) {
            if (!rule.allows().test(value)) {
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        "Invalid value for option '" + option.longestName() + "': '" + value + "' is not "
                                + rule.expected());
            }
        }
    }
}
