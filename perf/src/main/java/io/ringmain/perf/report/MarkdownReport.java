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
        text.append("|---".repeat(columns.size())).append("|\n");
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
