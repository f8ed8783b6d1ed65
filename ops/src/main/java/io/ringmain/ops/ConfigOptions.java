package io.ringmain.ops;

import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigException;
import io.ringmain.ops.config.ConfigLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that all commands with a configuration share. */
public final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file; without one, defaults serve.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one key, over file and environment; may be repeated.")
    private List<String> assignments = List.of();

    /** The loader with file, environment and {@code --set}. */
    public ConfigLoader loader() {
        final ConfigLoader loader = new ConfigLoader();
        if (file != null) {
            loader.file(file);
        }
        loader.environment(System.getenv());
        assignments.forEach(loader::set);
        return loader;
    }

    /** Loads, or says on stderr what is wrong and answers null. */
    public static Config loadOrReport(final ConfigLoader loader) {
        try {
            return loader.load();
        } catch (final ConfigException ex) {
            System.err.println(ex.getMessage());
            return null;
        }
    }

    /** Reads the files that say who may connect, or says on stderr what is wrong and answers null. */
    public static AccessControl accessOrReport(final Config config) {
        return accessOrReport(config, new Counters(), System.err::println);
    }

    /** As above, for a broker. */
    public static AccessControl accessOrReport(
            final Config config, final Counters counters, final Consumer<String> eventLog) {
        try {
            return AccessControl.load(config, counters, eventLog);
        } catch (final ConfigException ex) {
            System.err.println(ex.getMessage());
            return null;
        }
    }
}
