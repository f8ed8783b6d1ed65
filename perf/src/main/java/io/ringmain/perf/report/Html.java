package io.ringmain.perf.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Text, tables and the frame of a page of HTML. */
final class Html {
    private static final String STYLE = """
            body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1300px; padding: 0 1em; color: #222 }
            h1, h2 { font-weight: 600 } h2 { margin-top: 2em; border-top: 1px solid #ddd; padding-top: 1em }
            table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto }
            th, td { padding: .2em .7em; border-bottom: 1px solid #e5e5e5; text-align: left; white-space: nowrap }
            th { white-space: normal; vertical-align: bottom }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
            table.facts td { white-space: normal; overflow-wrap: anywhere } table.facts th { white-space: nowrap; vertical-align: top }
            .warning { color: #a40000 } .charts { display: flex; flex-wrap: wrap; gap: 1em }
            svg text { font: 11px system-ui, sans-serif } svg .title { font-weight: 600 }
            svg .x { text-anchor: middle; fill: #555 } svg .y { text-anchor: end; fill: #555 } svg .grid { stroke: #e5e5e5 }
            svg .legend { font-weight: 600 }
            """;

    /** What a goal says that wasn't reached. */
    private static final String MISSED = "missed";

    private final StringBuilder body = new StringBuilder();

    static String escape(final String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    Html heading(final int level, final String text) {
        body.append("<h").append(level).append('>').append(escape(text));
        body.append("</h").append(level).append(">\n");
        return this;
    }

    Html paragraph(final String cssClass, final String text) {
        body.append("<p class=\"")
                .append(cssClass)
                .append("\">")
                .append(escape(text))
                .append("</p>\n");
        return this;
    }

    /** Those that have lines, side by side. */
    Html charts(final LineChart... charts) {
        body.append("<div class=\"charts\">");
        for (final LineChart chart : charts) {
            if (!chart.isEmpty()) {
                body.append(chart.svg()).append('\n');
            }
        }
        body.append("</div>\n");
        return this;
    }

    Html facts(final Map<String, Object> facts) {
        body.append("<table class=\"facts\">\n");
        facts.forEach((name, value) -> {
            body.append("<tr><th>").append(escape(name));
            body.append("</th><td>").append(escape(text(value))).append("</td></tr>\n");
        });
        body.append("</table>\n");
        return this;
    }

    /** All columns that any of the rows has. */
    Html table(final List<Map<String, Object>> rows) {
        final Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.keySet()));
        body.append("<table>\n<tr>");
        columns.forEach(column -> body.append(Report.isNumeric(rows, column) ? "<th class=\"number\">" : "<th>")
                .append(escape(column))
                .append("</th>"));
        body.append("</tr>\n");
        for (final Map<String, Object> row : rows) {
            body.append("<tr>");
            for (final String column : columns) {
                final Object value = row.get(column);
                body.append("<td").append(cssClass(value)).append('>');
                body.append(escape(text(value))).append("</td>");
            }
            body.append("</tr>\n");
        }
        body.append("</table>\n");
        return this;
    }

    private static String cssClass(final Object value) {
        if (value instanceof String) {
            return value.equals(MISSED) ? " class=\"warning\"" : "";
        }
        return " class=\"number\"";
    }

    private static String text(final Object value) {
        if (value instanceof Samples samples && samples.min() < samples.max()) {
            return Report.text(samples.median()) + " (" + Report.text(samples.min()) + " to "
                    + Report.text(samples.max()) + ")";
        }
        return value instanceof Samples samples ? Report.text(samples.median()) : Report.text(value);
    }

    String page(final String title) {
        final List<String> parts = new ArrayList<>();
        parts.add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + "</title>");
        parts.add("<style>\n" + STYLE + "</style></head><body>");
        parts.add(body.toString());
        parts.add("</body></html>\n");
        return String.join("\n", parts);
    }
}
