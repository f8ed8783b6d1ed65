package io.ringmain.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path dir;

    private RunDirectory files;

    @BeforeEach
    void open() throws IOException {
        files = new RunDirectory(dir.resolve("a/b"));
    }

    @Test
    void shouldReadThePercentilesThatItWrote() throws IOException {
        final Histogram latencyNs = new Histogram(3);
        for (int us = 1; us <= 1000; us++) {
            latencyNs.recordValue(us * 1000L);
        }
        files.writeLatency("1to1", "ringmain sync", "delivery", latencyNs);
        assertTrue(Files.exists(dir.resolve("a/b/1to1.ringmain-sync.delivery.hgrm")));
        final List<double[]> points = files.readLatency("1to1", "ringmain sync", "delivery");
        assertEquals(1, points.get(0)[0]);
        assertEquals(1, points.get(0)[1], 0.01);
        final double[] half =
                points.stream().filter(point -> point[0] == 2).findFirst().orElseThrow();
        assertEquals(500, half[1], 1);
        assertTrue(points.stream().allMatch(point -> Double.isFinite(point[0])));
    }

    @Test
    void shouldReadTheRatesThatItWrote() throws IOException {
        final List<Rate> rates = List.of(new Rate(0.1, 1000, 2000), new Rate(0.2, 1500, 2500));
        files.writeRates("1to1", "append", rates);
        assertEquals(rates, files.readRates("1to1", "append"));
    }

    @Test
    void shouldReadNothingWhereNothingWasWritten() throws IOException {
        assertEquals(List.of(), files.readLatency("1to1", "append", "delivery"));
        assertEquals(List.of(), files.readRates("1to1", "append"));
        assertFalse(files.has(RunDirectory.SUMMARY));
        assertThrows(IOException.class, () -> files.read(RunDirectory.SUMMARY));
    }

    @Test
    void shouldForgetAnEarlierRunAndNothingElse() throws IOException {
        for (final String name :
                List.of(RunDirectory.SUMMARY, RunDirectory.RATIOS, RunDirectory.ENVIRONMENT, RunDirectory.HTML)) {
            files.write(name, new Report("test"));
        }
        files.writeLatency("1to1-qos1", "ringmain sync", "acknowledgement", new Histogram(3));
        files.writeLatency("1to1-qos1", "127.0.0.1:1883", "delivery", new Histogram(3));
        files.writeRates("1to1-qos1", "append", List.of());
        final List<String> others = List.of("notes.hgrm", "ops.append.csv", "rates.csv", "summary.json.old");
        for (final String other : others) {
            Files.writeString(files.path().resolve(other), "mine");
        }
        files.clear();
        try (Stream<Path> left = Files.list(files.path())) {
            assertEquals(
                    others,
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void shouldReadTheReportThatItWrote() throws IOException {
        final Samples samples = new Samples(true);
        List.of(1.0, 2.0, 5.0, 9.0).forEach(samples::add);
        final Report report = new Report("test").fact("flag", true).fact("count", 5L);
        report.row().cell("name", "a \"b\"").cell("rate", 1.5).cell("none", Double.NaN);
        report.row().cell("rate", samples);
        files.write(RunDirectory.SUMMARY, report);
        final Report read = files.read(RunDirectory.SUMMARY);
        assertEquals(report.facts().toString(), read.facts().toString());
        assertEquals("a \"b\"", read.rows().get(0).get("name"));
        assertEquals(1.5, read.rows().get(0).get("rate"));
        assertEquals(null, read.rows().get(0).get("none"));
        final Samples spread =
                assertInstanceOf(Samples.class, read.rows().get(1).get("rate"));
        assertEquals(3.5, spread.median());
        assertEquals(1, spread.min());
        assertEquals(9, spread.max());
    }

    @Test
    void shouldRefuseWhatIsNotAReport() {
        for (final String text : List.of("", "[]", "{}", "{\"rows\":5}", "{\"rows\":[1]}", "{\"rows\":[", "rows")) {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThrows(IOException.class, () -> Report.read(new ByteArrayInputStream(bytes)), text);
        }
    }

    @Test
    void shouldMakeAPageThatNeedsNothingElse() throws IOException {
        final Report summary = new Report("test");
        summary.row()
                .cell(HtmlReport.SCENARIO, "1to1")
                .cell(HtmlReport.BROKER, "a<b")
                .cell(HtmlReport.DESCRIPTION, "x & y")
                .cell("delivered msg/s", 5.0)
                .cell(HtmlReport.WARNINGS, "too slow");
        files.write(RunDirectory.SUMMARY, summary);
        files.write(RunDirectory.ENVIRONMENT, new Report("environment").fact("cpu", "fast"));
        files.writeRates("1to1", "a<b", List.of(new Rate(0.1, 1000, 2000), new Rate(0.2, 1500, 2500)));
        final String page = Files.readString(HtmlReport.write(files));
        for (final String part : List.of("a&lt;b", "x &amp; y", "too slow", "<polyline", "fast")) {
            assertTrue(page.contains(part), part);
        }
        assertFalse(page.contains("a<b"), page);
        assertFalse(page.contains("<script"), page);
        assertFalse(page.contains("http"), page);
        assertFalse(page.contains("NaN"), page);
    }
}
