package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every danger of the storage layer, and every check of security, has a row, and every row a test that exists. */
class DangersTableTest {
    private static final int DANGERS = 17;
    private static final Pattern TEST = Pattern.compile("`(\\w+Test#\\w+)`");

    /** What must not be called on a queue of Chronicle or on its appender: it loses data, or never returns. */
    private static final Pattern BROKEN =
            Pattern.compile("\\.pretouch\\(|createPretoucher\\(|(queue|appender)\\.sync\\(|\\.direction\\(|toEnd\\(");

    @Test
    void shouldNameTestsThatExistForEveryDanger() throws IOException {
        final Path table = ConformanceTableTest.ROOT.resolve("storage/DANGERS.md");
        final List<String> rows = Files.readAllLines(table).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();
        assertEquals(DANGERS, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            assertTrue(rows.get(i).startsWith("| " + (i + 1) + " |"), rows.get(i));
        }
        assertNameTests(rows);
    }

    @Test
    void shouldNameTestsThatExistForEveryCheckOfSecurity() throws IOException {
        final List<String> rows = Files.readAllLines(ConformanceTableTest.ROOT.resolve("ops/docs/security.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| check |"))
                .toList();
        assertTrue(rows.size() > 50, "rows " + rows.size());
        assertNameTests(rows);
    }

    private static void assertNameTests(final List<String> rows) throws IOException {
        final Set<String> names = ConformanceTableTest.names();
        for (final String row : rows) {
            final List<String> tests =
                    TEST.matcher(row).results().map(r -> r.group(1)).toList();
            assertFalse(tests.isEmpty(), "no test: " + row);
            for (final String test : tests) {
                assertTrue(names.contains(test), "no such test: " + test + " in " + row);
            }
        }
    }

    @Test
    void shouldNotCallWhatIsBrokenInChronicle() throws IOException {
        final List<Path> sources = ConformanceTableTest.sources("src/main/java");
        assertTrue(sources.size() > 100);
        for (final Path source : sources) {
            assertFalse(BROKEN.matcher(Files.readString(source)).find(), source.toString());
        }
    }
}
