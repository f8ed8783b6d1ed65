package io.ringmain.ops.log;

/** Records to standard output: lines of text, or rows. */
final class RecordRows implements AutoCloseable {
    private final DataOut out;
    private final EventText text;
    private final Rows<LogRecord> rows;

    /** @param text for {@link Output#text}. */
    RecordRows(final Output output, final EventText text, final DataOut out) {
        this.out = out;
        this.text = text;
        this.rows = output == Output.text ? null : Rows.of(output, RecordColumns.create(), out);
    }

    /** @return false when nobody reads any more. */
    boolean add(final LogRecord record) {
        if (rows != null) {
            return rows.add(record);
        }
        out.line(text.line(record));
        return !out.isGone();
    }

    void flush() {
        if (rows != null) {
            rows.flush();
        } else {
            out.flush();
        }
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        } else {
            out.flush();
        }
    }
}
