package io.ringmain.ops.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Gathers the configuration: {@code --set} over environment over file over defaults. Finds everything that is wrong, not
 * just the first of it, and names each by its place.
 */
public final class ConfigLoader {
    /** Where a value was given, for error messages: {@code ringmain.yaml:3:7}, {@code --set}, an environment variable. */
    record Given(String text, String origin) {}

    private static final String ENVIRONMENT_PREFIX = "RINGMAIN_";
    private static final int MAX_EDITS = 3;

    private final Map<String, Given> given = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();

    /** Reads a YAML file. */
    public ConfigLoader file(final Path file) {
        try {
            final LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            new Compose(settings).composeString(Files.readString(file)).ifPresent(root -> section(file, "", root));
        } catch (final IOException ex) {
            errors.add(file + ": can't be read: " + ex);
        } catch (final MarkedYamlEngineException ex) {
            final String place = ex.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            errors.add(file + place + ": not YAML: " + ex.getProblem());
        }
        return this;
    }

    /** Takes {@code RINGMAIN_A__B} for {@code a.b}. */
    public ConfigLoader environment(final Map<String, String> environment) {
        environment.keySet().stream()
                .filter(name -> name.startsWith(ENVIRONMENT_PREFIX) && name.contains("__"))
                .sorted()
                .forEach(name -> {
                    final String key = name.substring(ENVIRONMENT_PREFIX.length())
                            .toLowerCase(Locale.ROOT)
                            .replace("__", ".");
                    give(key, environment.get(name), "environment " + name);
                });
        return this;
    }

    /** Takes {@code a.b=c}. */
    public ConfigLoader set(final String assignment) {
        final int equals = assignment.indexOf('=');
        if (equals <= 0) {
            errors.add("--set " + assignment + ": expected key=value");
        } else {
            give(assignment.substring(0, equals), assignment.substring(equals + 1), "--set");
        }
        return this;
    }

    /** Takes a value that an option of the command line gives. */
    public ConfigLoader option(final String key, final String value, final String option) {
        if (value != null) {
            give(key, value, option);
        }
        return this;
    }

    /** True if a key of this section was given. */
    public boolean hasSection(final String section) {
        return given.keySet().stream().anyMatch(key -> key.startsWith(section + "."));
    }

    private void section(final Path file, final String section, final Node node) {
        if (!(node instanceof MappingNode mapping)) {
            errors.add(place(file, node) + ": " + (section.isEmpty() ? "the file" : section)
                    + ": expected keys with values");
            return;
        }
        final List<String> seen = new ArrayList<>();
        for (final NodeTuple tuple : mapping.getValue()) {
            final String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            final String key = section.isEmpty() ? name : section + "." + name;
            if (seen.contains(name)) {
                errors.add(place(file, tuple.getKeyNode()) + ": " + key + ": given twice");
            } else if (Schema.isSection(key)) {
                section(file, key, tuple.getValueNode());
            } else {
                value(file, key, tuple);
            }
            seen.add(name);
        }
    }

    private void value(final Path file, final String key, final NodeTuple tuple) {
        if (Schema.find(key).isEmpty()) {
            errors.add(place(file, tuple.getKeyNode()) + ": " + unknown(key));
        } else if (tuple.getValueNode() instanceof ScalarNode scalar) {
            give(key, scalar.getValue(), place(file, scalar));
        } else {
            errors.add(place(file, tuple.getValueNode()) + ": " + key + ": expected "
                    + Schema.find(key).orElseThrow().expected());
        }
    }

    private static String place(final Path file, final Node node) {
        return node.getStartMark()
                .map(mark -> file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                .orElse(file.toString());
    }

    private static String unknown(final String key) {
        final String name = key.substring(key.lastIndexOf('.') + 1);
        return Schema.siblings(key).stream()
                .filter(known -> !known.equals("*") && edits(name, known) <= MAX_EDITS)
                .min((a, b) -> edits(name, a) - edits(name, b))
                .map(known -> "unknown key '" + key + "' - did you mean '" + known + "'?")
                .orElse("unknown key '" + key + "'");
    }

    /** Levenshtein distance. */
    private static int edits(final String a, final String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int change = row[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(change, Math.min(row[j], next[j - 1]) + 1);
            }
            row = next;
        }
        return row[b.length()];
    }

    private void give(final String key, final String text, final String origin) {
        given.put(key, new Given(text, origin));
    }

    /**
     * Checks everything.
     *
     * @throws ConfigException with all that is wrong.
     */
    public Config load() throws ConfigException {
        final Map<String, Object> values = new LinkedHashMap<>();
        given.forEach((key, value) -> Schema.find(key)
                .ifPresentOrElse(
                        setting -> parse(setting, key, value, values),
                        () -> errors.add(value.origin + ": " + unknown(key))));
        final Config config = new Config(values);
        config.check(this::origin, errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return config;
    }

    private String origin(final String key) {
        return given.containsKey(key) ? given.get(key).origin : "default";
    }

    private void parse(final Setting setting, final String key, final Given value, final Map<String, Object> values) {
        try {
            values.put(key, setting.parser().apply(value.text));
        } catch (final IllegalArgumentException | ArithmeticException ex) {
            final boolean explained = ex.getMessage() != null && !(ex instanceof NumberFormatException);
            errors.add(value.origin + ": " + key + ": "
                    + (explained ? ex.getMessage() : "'" + value.text + "', expected " + setting.expected()));
        }
    }
}
