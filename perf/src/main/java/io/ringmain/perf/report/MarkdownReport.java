package io.ringmain.perf.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A page of Markdown of a run: who wrote it, the machine, the tables. */
public final class MarkdownReport {
    private final StringBuilder text = new StringBuilder();

    public MarkdownReport(final String title, final String command) {
        text.append("# ").append(title).append("\n\nWritten by this command, not by hand:\n\n```\n");
        text.append(command).append("\n```\n");
    }

    /**
     * The page of a comparison.
     *
     * @param ratios a row for each figure that was compared, and facts.
     * @param summary a row for each scenario and broker.
     */
    public static String of(
            final String title,
            final String command,
            final Report ratios,
            final Report summary,
            final Report environment) {
        final MarkdownReport page = new MarkdownReport(title, command)
                .facts(ratios.facts())
                .heading("Ratios")
                .table(ratios.rows());
        page.heading("Flows")
                .table(summary.rows().stream().filter(Summary::isFlow).toList(), HtmlReport.overview(summary.rows()));
        Summary.byScenario(summary.rows()).forEach((name, rows) -> {
            if (!rows.stream().allMatch(Summary::isFlow)) {
                page.heading(name).paragraph(Summary.text(rows.get(0), HtmlReport.DESCRIPTION));
                page.table(Summary.byFigure(rows));
            }
        });
        return page.warnings(summary.rows())
                .heading("Environment")
                .facts(environment.facts())
                .toString();
    }

    private MarkdownReport paragraph(final String paragraph) {
        text.append('\n').append(paragraph).append('\n');
        return this;
    }

    private MarkdownReport warnings(final List<Map<String, Object>> rows) {
        heading("Warnings");
        text.append('\n');
        final int before = text.length();
        rows.stream()
                .filter(row -> !Summary.text(row, HtmlReport.WARNINGS).isEmpty())
                .forEach(row -> text.append("- ")
                        .append(Summary.text(row, HtmlReport.SCENARIO))
                        .append(", ")
                        .append(Summary.text(row, HtmlReport.BROKER))
                        .append(": ")
                        .append(Summary.text(row, HtmlReport.WARNINGS))
                        .append('\n'));
        if (text.length() == before) {
            text.append("None.\n");
        }
        return this;
    }

    public MarkdownReport heading(final String heading) {
        text.append("\n## ").append(heading).append('\n');
        return this;
    }

    public MarkdownReport facts(final Map<String, Object> facts) {
        text.append("\n| | |\n|---|---|\n");
        facts.forEach((name, value) -> row(List.of(name, Report.text(value))));
        return this;
    }

    /** @param columns those to show, in this order. */
    public MarkdownReport table(final List<Map<String, Object>> rows, final List<String> columns) {
        text.append('\n');
        row(columns);
        columns.forEach(column -> text.append(Report.isNumeric(rows, column) ? "|---:" : "|---"));
        text.append("|\n");
        rows.forEach(cells -> row(
                columns.stream().map(column -> Report.text(cells.get(column))).toList()));
        return this;
    }

    /** All columns that any of the rows has. */
    public MarkdownReport table(final List<Map<String, Object>> rows) {
        final Set<String> columns = new LinkedHashSet<>();
        rows.forEach(cells -> columns.addAll(cells.keySet()));
        return table(rows, List.copyOf(columns));
    }

    private void row(final List<String> cells) {
        cells.forEach(cell -> text.append("| ").append(cell.replace("|", "\\|")).append(' '));
        text.append("|\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
