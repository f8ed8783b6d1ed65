package io.ringmain.perf.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one page of all files of a {@link RunDirectory}: tables, percentiles, rates over time, warnings, environment. */
public final class HtmlReport {
    public static final String SCENARIO = "scenario";
    public static final String BROKER = "broker";
    public static final String WARNINGS = "warnings";
    public static final String DESCRIPTION = "description";

    /** Of the broker. */
    public static final String SETTINGS = "settings";

    /** Only where it isn't one. */
    public static final String GENERATOR_THREADS = "generator threads";

    private static final List<String> OVERVIEW = List.of(
            SCENARIO,
            BROKER,
            "delivered msg/s",
            "delivered MB/s",
            "p50 us",
            "p99 us",
            "p99.9 us",
            "lost",
            "duplicated",
            "out of order",
            GENERATOR_THREADS,
            "generator cores",
            "broker cores",
            "bottleneck");

    private final RunDirectory files;
    private final Html html = new Html();

    private HtmlReport(final RunDirectory files) {
        this.files = files;
    }

    /** Returns the file that it wrote. */
    public static Path write(final RunDirectory files) throws IOException {
        return new HtmlReport(files).write();
    }

    private Path write() throws IOException {
        final Report summary = files.read(RunDirectory.SUMMARY);
        html.heading(1, "Ringmain: measured").facts(summary.facts());
        if (files.has(RunDirectory.RATIOS)) {
            html.heading(2, "Ratios").table(files.read(RunDirectory.RATIOS).rows());
        }
        html.heading(2, "Overview");
        warnings(summary.rows());
        final List<String> columns = overview(summary.rows());
        html.table(summary.rows().stream()
                .filter(Summary::isFlow)
                .map(row -> cells(row, columns))
                .toList());
        for (final List<Map<String, Object>> rows :
                Summary.byScenario(summary.rows()).values()) {
            scenario(rows);
        }
        html.heading(2, "Environment")
                .facts(files.read(RunDirectory.ENVIRONMENT).facts());
        final Path file = files.path().resolve(RunDirectory.HTML);
        Files.writeString(file, html.page("Ringmain: measured"));
        return file;
    }

    /** The columns of all brokers and scenarios that go into one table. */
    static List<String> overview(final List<Map<String, Object>> rows) {
        final boolean hasThreads = rows.stream().anyMatch(row -> row.containsKey(GENERATOR_THREADS));
        return OVERVIEW.stream()
                .filter(column -> hasThreads || !column.equals(GENERATOR_THREADS))
                .toList();
    }

    private static Map<String, Object> cells(final Map<String, Object> row, final List<String> columns) {
        final Map<String, Object> cells = new LinkedHashMap<>();
        columns.forEach(column -> cells.put(column, row.get(column)));
        return cells;
    }

    private void warnings(final List<Map<String, Object>> rows) {
        for (final Map<String, Object> row : rows) {
            if (!Summary.text(row, WARNINGS).isEmpty()) {
                html.paragraph(
                        "warning",
                        Summary.text(row, SCENARIO) + ", " + Summary.text(row, BROKER) + ": "
                                + Summary.text(row, WARNINGS));
            }
        }
    }

    private void scenario(final List<Map<String, Object>> rows) throws IOException {
        final String name = Summary.text(rows.get(0), SCENARIO);
        html.heading(2, name).paragraph("", Summary.text(rows.get(0), DESCRIPTION));
        final LineChart delivery = LineChart.ofPercentiles("Latency of deliveries, us");
        final LineChart acknowledgement = LineChart.ofPercentiles("Latency of acknowledgements, us");
        final LineChart rates =
                new LineChart("Delivered, messages/s over seconds", LineChart.Scale.LINEAR, LineChart.Scale.LINEAR);
        for (final Map<String, Object> row : rows) {
            final String broker = Summary.text(row, BROKER);
            delivery.line(broker, files.readLatency(name, broker, "delivery"));
            acknowledgement.line(broker, files.readLatency(name, broker, "acknowledgement"));
            rates.line(
                    broker,
                    files.readRates(name, broker).stream()
                            .map(rate -> new double[] {rate.atS(), rate.received()})
                            .toList());
        }
        html.charts(delivery, acknowledgement, rates).table(Summary.byFigure(rows));
    }
}
