package io.ringmain.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static Samples samples(final double... values) {
        final Samples samples = new Samples(false);
        for (final double value : values) {
            samples.add(value);
        }
        return samples;
    }

    private static String json(final Report report) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.write(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> table(final Report report) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void shouldTellTheMedianTheLeastAndTheMost() {
        final Samples odd = samples(5, 1, 3);
        assertEquals(3, odd.median());
        assertEquals(1, odd.min());
        assertEquals(5, odd.max());
        assertEquals(1, odd.best());
        final Samples rate = new Samples(true);
        rate.add(1);
        rate.add(2);
        assertEquals(2, rate.best());
        assertEquals(2.5, samples(4, 1, 2, 3).median());
        assertTrue(Double.isNaN(samples().median()));
    }

    @Test
    void shouldLineUpNumbersRightAndTextsLeft() {
        final Report report = new Report("test");
        report.row().cell("what", "a").cell("count", 5).cell("p99 us", samples(7));
        report.row().cell("what", "longer").cell("count", 1_234_567L).cell("p99 us", samples(1000, 3000, 2000));
        final List<String> lines = table(report);
        assertEquals(
                List.of(
                        "what        count         p99 us",
                        "a               5           7.00",
                        "longer  1,234,567  2,000 (1,000)"),
                lines.subList(lines.size() - 3, lines.size()));
    }

    @Test
    void shouldShowACellThatARowDoesNotHave() {
        final Report report = new Report("test");
        report.row().cell("a", 1);
        report.row().cell("b", 0.5);
        final List<String> lines = table(report);
        assertEquals(
                List.of("a     b", "1     -", "-  0.50"),
                lines.subList(lines.size() - 3, lines.size()).stream()
                        .map(String::stripTrailing)
                        .toList());
    }

    @Test
    void shouldWriteNumbersAsNumbers() {
        final Report report = new Report("test").fact("payload B", 64).fact("path", "a\"b");
        report.row().cell("rate", 1.5).cell("name", "x").cell("none", null).cell("s", samples(1, 2));
        final String json = json(report);
        assertTrue(json.startsWith("{\"benchmark\":\"test\","), json);
        assertTrue(json.contains("\"payload B\":64,\"path\":\"a\\\"b\""), json);
        assertTrue(
                json.endsWith("\"rows\":[{\"rate\":1.5,\"name\":\"x\",\"none\":null,"
                        + "\"s\":{\"median\":1.5,\"least\":1.0,\"most\":2.0}}]}"),
                json);
    }
}
