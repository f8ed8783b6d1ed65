package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The example in ops/examples/working-hours, built as its documentation says. */
public final class ExamplePlugin {
    private static final Path EXAMPLE = Path.of("examples/working-hours/src");

    private ExamplePlugin() {}

    /**
     * Puts its jar into a directory, which is made.
     *
     * @param classes directory for what is compiled.
     */
    public static void build(final Path classes, final Path plugins) throws IOException {
        Files.createDirectories(classes);
        final String[] arguments = {
            "--release",
            "17",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            EXAMPLE.resolve("com/example/WorkingHours.java").toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
        final Path jar = Files.createDirectories(plugins).resolve("working-hours.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            add(entries, classes);
            add(entries, EXAMPLE);
        }
    }

    private static void add(final JarOutputStream entries, final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".java"))
                    .toList()) {
                entries.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }
}
