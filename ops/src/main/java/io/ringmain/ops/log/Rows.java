package io.ringmain.ops.log;

import java.util.List;

/** Writes rows to standard output, in the form that was asked for. */
abstract sealed class Rows<T> implements AutoCloseable permits TableRows, CsvRows, JsonRows {
    private final DataOut out;

    Rows(final DataOut out) {
        this.out = out;
    }

    /** @param output text is a table, unless a command has its own. */
    static <T> Rows<T> of(final Output output, final List<Column<T>> columns, final DataOut out) {
        return switch (output) {
            case text, table -> new TableRows<>(columns, out);
            case csv -> new CsvRows<>(columns, out);
            case json -> new JsonRows<>(columns, out, true);
            case ndjson -> new JsonRows<>(columns, out, false);
        };
    }

    DataOut out() {
        return out;
    }

    /** @return false when nobody reads any more. */
    final boolean add(final T row) {
        write(row);
        return !out.isGone();
    }

    abstract void write(T row);

    /** Writes what was kept back. */
    void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }

    /** A value that isn't text itself, as text. */
    static String text(final Object value) {
        if (value instanceof final List<?> list) {
            return String.join(", ", list.stream().map(String::valueOf).toList());
        }
        return value == null ? "" : value.toString();
    }
}
