package io.ringmain.ops.log;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns under their names. The first rows are kept until it is known how wide they are; if a later value is
 * wider, its row goes out of line.
 */
final class TableRows<T> extends Rows<T> {
    private static final int MEASURED_ROWS = 1000;
    private static final String GAP = "  ";

    private final List<Column<T>> columns;
    private final int[] widths;
    private final List<String[]> measured = new ArrayList<>();
    private boolean isBegun;

    TableRows(final List<Column<T>> columns, final DataOut out) {
        super(out);
        this.columns = columns.stream()
                .filter(column -> column.place() != Column.Place.DATA)
                .toList();
        this.widths = new int[this.columns.size()];
        measure(this.columns.stream().map(Column::name).toArray(String[]::new));
    }

    private void measure(final String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], width(cells[i]));
        }
        measured.add(cells);
    }

    private static int width(final String cell) {
        return cell.codePointCount(0, cell.length());
    }

    @Override
    void write(final T row) {
        final String[] cells = columns.stream()
                .map(column -> PrintableText.escaped(text(column.value().apply(row))))
                .toArray(String[]::new);
        if (isBegun) {
            print(cells);
            return;
        }
        measure(cells);
        if (measured.size() > MEASURED_ROWS) {
            begin();
        }
    }

    private void begin() {
        isBegun = true;
        measured.forEach(this::print);
        measured.clear();
    }

    private void print(final String[] cells) {
        final StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            final String padding = " ".repeat(Math.max(0, widths[i] - width(cells[i])));
            line.append(i == 0 ? "" : GAP);
            line.append(columns.get(i).isNumber() ? padding + cells[i] : cells[i] + padding);
        }
        out().line(line.toString().stripTrailing());
    }

    @Override
    void flush() {
        if (!isBegun) {
            begin();
        }
        super.flush();
    }
}
