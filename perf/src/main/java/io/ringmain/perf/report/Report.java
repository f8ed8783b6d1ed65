package io.ringmain.perf.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The figures of one benchmark: facts about the run, and rows that share columns. Units are part of the names, so that
 * table and JSON can't differ in them.
 */
public final class Report {
    private static final String TITLE = "benchmark";
    private static final String ROWS = "rows";

    private final String title;
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    public Report(final String title) {
        this.title = title;
        fact("time", Instant.now().toString());
        fact("java", System.getProperty("java.vm.version"));
        fact("cores", Runtime.getRuntime().availableProcessors());
    }

    /** Notes something that holds for the whole run. */
    public Report fact(final String name, final Object value) {
        facts.put(name, value);
        return this;
    }

    /** Begins a row; its cells follow by {@link #cell}. */
    public Report row() {
        rows.add(new LinkedHashMap<>());
        return this;
    }

    /** Adds a cell to the last row: a text, a number, or {@link Samples} of one. */
    public Report cell(final String column, final Object value) {
        rows.get(rows.size() - 1).put(column, value);
        return this;
    }

    public Map<String, Object> facts() {
        return facts;
    }

    public List<Map<String, Object>> rows() {
        return rows;
    }

    /** Prints facts and rows, each column as wide as it must be. */
    public void print(final PrintStream out) {
        out.println(title);
        facts.forEach((name, value) -> out.println("  " + name + ": " + text(value)));
        final Map<String, Integer> widths = widths();
        if (widths.isEmpty()) {
            return;
        }
        final StringBuilder head = new StringBuilder();
        widths.forEach((column, width) -> head.append(pad(column, width, isNumeric(column))));
        out.println(head.toString().stripTrailing());
        for (final Map<String, Object> row : rows) {
            final StringBuilder line = new StringBuilder();
            widths.forEach((column, width) -> line.append(pad(text(row.get(column)), width, isNumeric(column))));
            out.println(line.toString().stripTrailing());
        }
    }

    private Map<String, Integer> widths() {
        final Map<String, Integer> widths = new LinkedHashMap<>();
        for (final Map<String, Object> row : rows) {
            row.forEach((column, value) ->
                    widths.merge(column, Math.max(column.length(), text(value).length()), Math::max));
        }
        return widths;
    }

    private boolean isNumeric(final String column) {
        return isNumeric(rows, column);
    }

    /** Whether a column has no texts, and is to be read from the right. */
    static boolean isNumeric(final List<Map<String, Object>> rows, final String column) {
        return rows.stream().map(row -> row.get(column)).allMatch(value -> !(value instanceof String));
    }

    private static String pad(final String text, final int width, final boolean right) {
        final String blanks = " ".repeat(width - text.length());
        return right ? blanks + text + "  " : text + blanks + "  ";
    }

    /** Large numbers without a fraction, small ones with as much as they need. */
    public static String text(final Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            return "-";
        }
        if (value instanceof Samples samples) {
            final String median = text(samples.median());
            return samples.count() < 2 ? median : median + " (" + text(samples.best()) + ")";
        }
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%,.2f" : "%,.0f", number);
        }
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%,d", number.longValue())
                : value.toString();
    }

    /** Writes everything as one JSON object. */
    public void write(final OutputStream out) {
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty(TITLE, title);
            facts.forEach((name, value) -> property(json, name, value));
            json.writeArrayPropertyStart(ROWS);
            for (final Map<String, Object> row : rows) {
                json.writeStartObject();
                row.forEach((column, value) -> property(json, column, value));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if it is something else.
     */
    public static Report read(final InputStream in) throws IOException {
        try {
            final Map<String, Object> all = JsonReader.readObject(in);
            final Report report = new Report(String.valueOf(all.remove(TITLE)));
            report.facts.clear();
            for (final Object row : (List<?>) all.remove(ROWS)) {
                report.row();
                ((Map<?, ?>) row).forEach((column, value) -> report.cell((String) column, cell(value)));
            }
            report.facts.putAll(all);
            return report;
        } catch (final JacksonException | ClassCastException | NullPointerException ex) {
            throw new IOException("not a report: " + ex.getMessage(), ex);
        }
    }

    /** An object is the samples of a figure; between their least and most only the median is known. */
    private static Object cell(final Object value) {
        if (!(value instanceof Map<?, ?> spread)) {
            return value;
        }
        final Samples samples = new Samples(true);
        for (final String each : List.of("median", "least", "most")) {
            samples.add(((Number) spread.get(each)).doubleValue());
        }
        return samples;
    }

    /** Writes a file of JSON. */
    public void writeTo(final Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out);
        }
    }

    private static void property(final JsonGenerator json, final String name, final Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            json.writeNullProperty(name);
        } else if (value instanceof Samples samples) {
            json.writeObjectPropertyStart(name);
            json.writeNumberProperty("median", samples.median());
            json.writeNumberProperty("least", samples.min());
            json.writeNumberProperty("most", samples.max());
            json.writeEndObject();
        } else if (value instanceof Double number) {
            json.writeNumberProperty(name, number);
        } else if (value instanceof Number number) {
            json.writeNumberProperty(name, number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBooleanProperty(name, flag);
        } else {
            json.writeStringProperty(name, value.toString());
        }
    }

    /** Prints, and writes the JSON file if there is to be one. */
    public void publish(final PrintStream out, final Path jsonFile) throws IOException {
        print(out);
        if (jsonFile != null) {
            writeTo(jsonFile);
            out.println("written to " + jsonFile);
        }
    }
}
