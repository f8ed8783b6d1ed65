package io.ringmain.ops.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Gathers the configuration. Who is called later overrides: file, environment, {@code --set}, options. Finds everything
 * that is wrong, also in values that are overridden, and names each by its place.
 */
public final class ConfigLoader {
    private static final String ENVIRONMENT_PREFIX = "RINGMAIN_";

    private final Map<String, Given> given = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, String> environment;

    public ConfigLoader() {
        this(System.getenv());
    }

    /** @param environment where {@code ${env:NAME}} is looked up. */
    ConfigLoader(final Map<String, String> environment) {
        this.environment = environment;
    }

    /** Reads a YAML file. */
    public ConfigLoader file(final Path file) {
        try {
            final LoadSettings settings =
                    LoadSettings.builder().setLabel(file.toString()).build();
            new Compose(settings).composeString(Files.readString(file)).ifPresent(root -> section(file, "", root));
        } catch (final NoSuchFileException ex) {
            errors.add(file + ": there is no such file");
        } catch (final CharacterCodingException ex) {
            errors.add(file + ": not UTF-8");
        } catch (final IOException ex) {
            errors.add(file + ": can't be read: " + ex);
        } catch (final MarkedYamlEngineException ex) {
            final String place = ex.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            errors.add(file + place + ": not YAML: " + ex.getProblem());
        } catch (final YamlEngineException ex) {
            errors.add(file + ": not YAML: " + ex.getMessage());
        }
        return this;
    }

    /** Takes {@code RINGMAIN_A__B} for {@code a.b}. */
    public ConfigLoader environment(final Map<String, String> variables) {
        variables.keySet().stream()
                .filter(name -> name.startsWith(ENVIRONMENT_PREFIX) && name.contains("__"))
                .sorted()
                .forEach(name -> {
                    final String key = name.substring(ENVIRONMENT_PREFIX.length())
                            .toLowerCase(Locale.ROOT)
                            .replace("__", ".");
                    give(key, variables.get(name), "environment " + name);
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

    /** Takes a value that an option of the command line gives; null if it wasn't given. */
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
        final Set<String> seen = new HashSet<>();
        for (final NodeTuple tuple : mapping.getValue()) {
            final String name = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            final String key = section.isEmpty() ? name : section + "." + name;
            if (!seen.add(name)) {
                errors.add(place(file, tuple.getKeyNode()) + ": " + key + ": given twice");
            } else if (Schema.isSection(key)) {
                section(file, key, tuple.getValueNode());
            } else {
                value(file, key, tuple);
            }
        }
    }

    private void value(final Path file, final String key, final NodeTuple tuple) {
        final Optional<Setting> setting = Schema.find(key);
        if (setting.isEmpty()) {
            errors.add(place(file, tuple.getKeyNode()) + ": " + Suggestion.unknown(key));
        } else if (tuple.getValueNode() instanceof ScalarNode scalar) {
            give(key, scalar.getValue(), place(file, scalar));
        } else if (tuple.getValueNode() instanceof SequenceNode sequence
                && setting.get().parser() instanceof ListParser parser) {
            list(file, key, parser, sequence);
        } else {
            errors.add(place(file, tuple.getValueNode()) + ": " + key + ": expected "
                    + setting.get().expected());
        }
    }

    private void list(final Path file, final String key, final ListParser parser, final SequenceNode sequence) {
        final List<String> texts = new ArrayList<>();
        final List<Object> values = new ArrayList<>();
        for (final Node node : sequence.getValue()) {
            final String place = place(file, node) + ": " + key + ": ";
            if (!(node instanceof ScalarNode scalar)) {
                errors.add(place + "expected a text");
                continue;
            }
            try {
                values.add(parser.entry().apply(References.resolve(scalar.getValue(), environment)));
                texts.add(scalar.getValue());
            } catch (final IllegalArgumentException ex) {
                errors.add(place + ex.getMessage());
            }
        }
        given.put(key, new Given(List.copyOf(values), ListParser.text(texts), place(file, sequence)));
    }

    private static String place(final Path file, final Node node) {
        return node.getStartMark()
                .map(mark -> file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                .orElse(file.toString());
    }

    private void give(final String key, final String text, final String origin) {
        final Optional<Setting> setting = Schema.find(key);
        if (setting.isEmpty()) {
            errors.add(origin + ": " + Suggestion.unknown(key));
            return;
        }
        try {
            final String resolved = References.resolve(text, environment);
            given.put(key, new Given(setting.get().parser().apply(resolved), text, origin));
        } catch (final IllegalArgumentException | ArithmeticException ex) {
            final boolean explained = ex instanceof ValueException;
            errors.add(origin + ": " + key + ": "
                    + (explained
                            ? ex.getMessage()
                            : "'" + text + "', expected " + setting.get().expected()));
        }
    }

    /**
     * Checks what no value can be checked for alone.
     *
     * @throws ConfigException with all that is wrong.
     */
    public Config load() throws ConfigException {
        final Config config = new Config(given);
        config.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return config;
    }
}
