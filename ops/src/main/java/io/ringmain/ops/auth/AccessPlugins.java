package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AccessPlugin;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The plugins that the configuration names, with their settings taken. */
public final class AccessPlugins implements AutoCloseable {
    /** Without any plugin. */
    static final AccessPlugins NONE = new AccessPlugins(null);

    /** Null if there is no directory of jars. */
    private final URLClassLoader jars;

    private final List<AccessPlugin> plugins = new ArrayList<>();
    private final List<Authenticator> authenticators = new ArrayList<>();
    private final List<Authorizer> authorizers = new ArrayList<>();

    private AccessPlugins(final URLClassLoader jars) {
        this.jars = jars;
    }

    /**
     * Finds plugins on the class path and in the jars of a directory.
     *
     * @throws ConfigException when one can't be found, or doesn't take its settings; nothing is left open then.
     */
    public static AccessPlugins load(final Config config) throws ConfigException {
        final boolean hasJars =
                !config.pluginDir().isEmpty() && !config.plugins().isEmpty();
        final String dirPlace = config.section("auth").place("plugin_dir");
        final AccessPlugins loaded = new AccessPlugins(hasJars ? jars(Path.of(config.pluginDir()), dirPlace) : null);
        final List<String> errors = new ArrayList<>();
        try {
            loaded.configure(config, errors);
        } catch (final ServiceConfigurationError | RuntimeException | LinkageError ex) {
            errors.add(dirPlace + "a jar has a service that can't be had: "
                    + (ex instanceof ServiceConfigurationError ? ex.getMessage() : ex.toString()));
        }
        if (!errors.isEmpty()) {
            loaded.close();
            throw new ConfigException(errors);
        }
        return loaded;
    }

    private static URLClassLoader jars(final Path dir, final String place) throws ConfigException {
        try (Stream<Path> files = Files.list(dir)) {
            final URL[] urls = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(AccessPlugins::url)
                    .toArray(URL[]::new);
            return new URLClassLoader("ringmain-plugins", urls, AccessPlugin.class.getClassLoader());
        } catch (final NoSuchFileException ex) {
            throw new ConfigException(List.of(place + dir + ": there is no such directory"));
        } catch (final IOException ex) {
            throw new ConfigException(List.of(place + dir + ": can't be read: " + ex));
        }
    }

    private static URL url(final Path file) {
        try {
            return file.toUri().toURL();
        } catch (final MalformedURLException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void configure(final Config config, final List<String> errors) {
        final Map<String, Map<String, String>> wanted = config.plugins();
        final ClassLoader loader = jars == null ? AccessPlugin.class.getClassLoader() : jars;
        final Map<String, AccessPlugin> found = new TreeMap<>();
        if (!wanted.isEmpty()) {
            ServiceLoader.load(AccessPlugin.class, loader).forEach(plugin -> found.put(plugin.name(), plugin));
        }
        wanted.forEach((name, settings) -> {
            final AccessPlugin plugin = found.get(name);
            if (plugin == null) {
                errors.add(config.pluginPlace(name) + "no such plugin; there are: "
                        + (found.isEmpty() ? "none" : String.join(", ", found.keySet())));
                return;
            }
            plugins.add(plugin);
            try {
                plugin.configure(settings);
                add(authenticators, plugin.authenticator());
                add(authorizers, plugin.authorizer());
            } catch (final IllegalArgumentException ex) {
                errors.add(config.pluginPlace(name) + ex.getMessage());
            } catch (final RuntimeException | LinkageError ex) {
                errors.add(config.pluginPlace(name) + "it fails: " + ex);
            }
        });
    }

    private static <T> void add(final List<T> list, final T own) {
        if (own != null) {
            list.add(own);
        }
    }

    /** Those of the plugins that decide who may connect, in the order of their names. */
    public List<Authenticator> authenticators() {
        return List.copyOf(authenticators);
    }

    /** Allows what all plugins and another one allow. */
    public Authorizer with(final Authorizer other) {
        Authorizer all = other;
        for (final Authorizer own : authorizers) {
            all = all.and(own);
        }
        return all;
    }

    @Override
    public void close() {
        plugins.forEach(AccessPlugins::close);
        closeJars();
    }

    /** One that can't be closed must not keep the others open, nor the jars. */
    private static void close(final AccessPlugin plugin) {
        try {
            plugin.close();
        } catch (final RuntimeException | LinkageError ignored) {
            // It is the plugin's to say what is wrong with it; nothing of the broker depends on it any more.
        }
    }

    private void closeJars() {
        if (jars != null) {
            try {
                jars.close();
            } catch (final IOException ignored) {
                // Nothing is lost by it but a file descriptor.
            }
        }
    }
}
