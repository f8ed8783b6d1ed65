package io.ringmain.engine.io;

/** What is recorded of a publish. */
enum Recording {
    /** It passes through the ring, and nobody can tell later that it did. */
    NOTHING,

    /** It passes through the ring, and a record beside it says that it came, and from whom. */
    HEADERS,

    /** It is a record of the log itself. */
    WHOLE,

    /** It was to be recorded, and the log has no room: it passes through the ring, and is counted. */
    MISSED
}
