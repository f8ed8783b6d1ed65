package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads that fail, at each of the places where they can. */
class ReloaderTest {
    private static final String PLUGIN = "ringmain.test.plugin";
    private static final String CLOSED = "ringmain.test.plugin.closed";

    /** The class that it wants for its settings is in no jar. */
    private static final String SOURCE = """
            package fragile;
            import java.util.Map;
            public final class Fragile implements io.ringmain.engine.auth.AccessPlugin {
                public String name() { return "fragile"; }
                public void configure(final Map<String, String> settings) {
                    System.getProperties().put("ringmain.test.plugin", this);
                    if (settings.containsKey("needs")) { new Missing(); }
                }
                public void close() { System.getProperties().put("ringmain.test.plugin.closed", this); }
            }
            class Missing {}
            """;

    @TempDir
    private Path dir;

    private final Properties shared = System.getProperties();
    private final List<String> log = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Counters counters = new Counters();
    private Supplier<ConfigLoader> source;
    private Reloader.Target target = (config, context, changes) -> {};

    @BeforeEach
    void build() throws IOException {
        final Path classes = Files.createDirectories(dir.resolve("classes"));
        final Path file = Files.writeString(dir.resolve("Fragile.java"), SOURCE);
        final String[] arguments = {
            "--release", "17", "-cp", System.getProperty("java.class.path"), "-d", classes.toString(), file.toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
        final Path jar = Files.createDirectories(dir.resolve("plugins")).resolve("fragile.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("fragile/Fragile.class"));
            Files.copy(classes.resolve("fragile/Fragile.class"), entries);
            entries.putNextEntry(new JarEntry("META-INF/services/io.ringmain.engine.auth.AccessPlugin"));
            entries.write("fragile.Fragile\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    @AfterEach
    void forget() {
        shared.remove(PLUGIN);
        shared.remove(CLOSED);
    }

    private ConfigLoader withPlugin() {
        return new ConfigLoader()
                .set("auth.plugin_dir=" + dir.resolve("plugins"))
                .set("auth.plugins.fragile.enabled=true");
    }

    private Reloader reloader() throws Exception {
        final Config current = new ConfigLoader().load();
        final AccessControl access = AccessControl.load(current, counters, log::add);
        return new Reloader(
                () -> source.get(),
                current,
                access,
                counters,
                (config, context, changes) -> target.apply(config, context, changes),
                log::add,
                warnings::add);
    }

    /** An open one finds the class file. */
    private boolean isOpen() {
        return shared.get(PLUGIN).getClass().getClassLoader().getResource("fragile/Fragile.class") != null;
    }

    @Test
    void shouldSayThatItIsNotReloadedWhenAPluginLacksAClassAndCloseItsJar() throws Exception {
        final Reloader reloader = reloader();
        source = () -> withPlugin().set("auth.plugins.fragile.needs=it");
        assertEquals(
                List.of("--set: auth.plugins.fragile: it fails: java.lang.NoClassDefFoundError: fragile/Missing"),
                reloader.reload());
        assertNotNull(shared.get(CLOSED));
        assertFalse(isOpen());
        source = () -> new ConfigLoader().set("logging.level=warn");
        assertEquals(List.of(), reloader.reload());
        assertTrue(log.contains("reloaded: logging.level"), log.toString());
    }

    @Test
    void shouldCloseWhatItHasLoadedWhenItCanNotBePutInForce() throws Exception {
        final Reloader reloader = reloader();
        source = this::withPlugin;
        target = (config, context, changes) -> {
            throw new StackOverflowError("for the test");
        };
        assertEquals(
                List.of("the configuration can't be used: java.lang.StackOverflowError: for the test"),
                reloader.reload());
        assertEquals(
                List.of("not reloaded: the configuration can't be used: java.lang.StackOverflowError: for the test"),
                warnings);
        assertNotNull(shared.get(CLOSED));
        assertFalse(isOpen());
    }

    @Test
    void shouldKeepOpenWhatIsInForce() throws Exception {
        final Reloader reloader = reloader();
        source = this::withPlugin;
        assertEquals(List.of(), reloader.reload());
        assertNull(shared.get(CLOSED));
        assertTrue(isOpen());
    }

    @Test
    void shouldSurviveASourceThatFails() throws Exception {
        final Reloader reloader = reloader();
        source = () -> {
            throw new NoClassDefFoundError("for the test");
        };
        assertEquals(
                List.of("the configuration can't be used: java.lang.NoClassDefFoundError: for the test"),
                reloader.reload());
    }

    @Test
    void shouldNameNoMoreKeysThanThereIsRoomFor() {
        assertEquals("a, b", Reloader.text(List.of("a", "b")));
        final List<String> many = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();
        assertTrue(Reloader.text(many).endsWith("k18, k19 and 10 more"), Reloader.text(many));
        final List<String> longNames = IntStream.range(0, 16)
                .mapToObj(i -> "listeners.tls.tls.sni.gateway-plant-north-%02d.key_password".formatted(i))
                .toList();
        final String text = Reloader.text(longNames);
        assertTrue(text.length() < 900 && text.matches(".*key_password and [0-9]+ more"), text);
        assertEquals("x".repeat(2_000), Reloader.text(List.of("x".repeat(2_000))));
    }
}
