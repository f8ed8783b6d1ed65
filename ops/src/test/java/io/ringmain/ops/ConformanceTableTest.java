package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of conformance names tests that exist, and has a row for every statement. */
class ConformanceTableTest {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TABLE = ROOT.resolve("protocol/CONFORMANCE.md");
    private static final int ROWS_OF_3_1_1 = 133;
    private static final int ROWS_OF_5_0 = 240;
    private static final List<String> MODULES = List.of("protocol", "storage", "engine", "ops", "perf");
    private static final Pattern NAME = Pattern.compile("`([^`]*)`");
    private static final Pattern METHOD = Pattern.compile("void (should\\w+)\\(");

    static List<Path> sources(final String folder) throws IOException {
        final List<Path> sources = new ArrayList<>();
        for (final String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String className(final Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    /** What a row may name: each test as Class#method, and each class of the broker. */
    static Set<String> names() throws IOException {
        final Set<String> names = new HashSet<>();
        for (final Path file : sources("src/test/java")) {
            final Matcher matcher = METHOD.matcher(Files.readString(file));
            while (matcher.find()) {
                names.add(className(file) + "#" + matcher.group(1));
            }
        }
        for (final Path file : sources("src/main/java")) {
            names.add(className(file));
        }
        return names;
    }

    private static List<String> rows(final String heading) throws IOException {
        final List<String> lines = Files.readAllLines(TABLE);
        final int start = lines.indexOf(heading);
        assertTrue(start >= 0, heading);
        return lines.stream()
                .skip(start + 1L)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| MQTT-"))
                .toList();
    }

    private static void check(final List<String> rows, final Set<String> names) {
        final Set<String> seen = new HashSet<>();
        for (final String row : rows) {
            final String[] cells = row.substring(1).split("\\|");
            assertEquals(3, cells.length, row);
            for (final String cell : cells) {
                assertFalse(cell.isBlank(), row);
            }
            assertTrue(seen.add(cells[0].strip()), "twice: " + row);
            final List<String> named =
                    NAME.matcher(cells[2]).results().map(r -> r.group(1)).toList();
            assertFalse(named.isEmpty(), "neither a test nor a class: " + row);
            for (final String name : named) {
                assertTrue(names.contains(name), "no such test or class: " + name + " in " + row);
            }
        }
    }

    @Test
    void shouldNameTestsThatExistForEveryStatement() throws IOException {
        final Set<String> names = names();
        final List<String> old = rows("## MQTT 3.1.1");
        final List<String> current = rows("## MQTT 5.0");
        assertEquals(ROWS_OF_3_1_1, old.size());
        assertEquals(ROWS_OF_5_0, current.size());
        check(old, names);
        check(current, names);
    }
}
