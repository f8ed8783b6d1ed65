package io.ringmain.ops.log;

import java.util.List;
import java.util.stream.Collectors;

/**
 * As in RFC 4180, with line feeds: a header, and quotes around what needs them. Control characters but line breaks and
 * tabs are escaped, as a terminal may be what reads this.
 */
final class CsvRows<T> extends Rows<T> {
    private final List<Column<T>> columns;
    private boolean isBegun;

    CsvRows(final List<Column<T>> columns, final DataOut out) {
        super(out);
        this.columns = columns.stream()
                .filter(column -> column.place() != Column.Place.TABLE)
                .toList();
    }

    @Override
    void write(final T row) {
        begin();
        out().line(columns.stream()
                .map(column -> quoted(text(column.value().apply(row))))
                .collect(Collectors.joining(",")));
    }

    private void begin() {
        if (!isBegun) {
            isBegun = true;
            out().line(columns.stream().map(Column::name).collect(Collectors.joining(",")));
        }
    }

    private static String quoted(final String text) {
        final String safe = PrintableText.escapedButLayout(text);
        final boolean isPlain = safe.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return isPlain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    @Override
    void flush() {
        begin();
        super.flush();
    }
}
