package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of conformance names tests that exist, and has a row for every statement. */
class ConformanceTableTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TABLE = ROOT.resolve("protocol/CONFORMANCE.md");
    private static final int ROWS_OF_3_1_1 = 133;
    private static final int ROWS_OF_5_0 = 240;
    private static final Pattern REFERENCE = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern METHOD = Pattern.compile("void (\\w+)\\(");

    /** The names of all methods in test sources, by class. */
    private static Map<String, Set<String>> testMethods() throws IOException {
        final Map<String, Set<String>> methods = new HashMap<>();
        for (final String module : List.of("protocol", "storage", "engine", "ops", "perf")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (final Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    final String name = file.getFileName().toString().replace(".java", "");
                    final Matcher matcher = METHOD.matcher(Files.readString(file));
                    while (matcher.find()) {
                        methods.computeIfAbsent(name, n -> new HashSet<>()).add(matcher.group(1));
                    }
                }
            }
        }
        return methods;
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

    private static void check(final List<String> rows, final Map<String, Set<String>> methods) {
        final Set<String> seen = new HashSet<>();
        for (final String row : rows) {
            final String[] cells = row.substring(1).split("\\|");
            assertEquals(3, cells.length, row);
            for (final String cell : cells) {
                assertFalse(cell.isBlank(), row);
            }
            assertTrue(seen.add(cells[0].strip()), "twice: " + row);
            assertTrue(cells[2].contains("`"), "neither a test nor a class: " + row);
            final Matcher references = REFERENCE.matcher(cells[2]);
            while (references.find()) {
                assertTrue(
                        methods.getOrDefault(references.group(1), Set.of()).contains(references.group(2)),
                        "no such test: " + references.group() + " in " + row);
            }
        }
    }

    @Test
    void shouldNameTestsThatExistForEveryStatement() throws IOException {
        final Map<String, Set<String>> methods = testMethods();
        final List<String> old = rows("## MQTT 3.1.1");
        final List<String> current = rows("## MQTT 5.0");
        assertEquals(ROWS_OF_3_1_1, old.size());
        assertEquals(ROWS_OF_5_0, current.size());
        check(old, methods);
        check(current, methods);
    }
}
