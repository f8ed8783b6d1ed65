package io.ringmain.ops.log;

/** How data is written: {@code -o}. */
enum Output {
    /** Lines for people. */
    text,
    /** Aligned columns for people. */
    table,
    /** One array of objects. */
    json,
    /** An object per line. */
    ndjson,
    /** As in RFC 4180, with line feeds. */
    csv
}
