package io.ringmain.storage.log;

/** What truncation has just done: the places where a crash leaves something different on disk. */
enum TruncationStep {
    /** The kept records lie forced in a temporary file. */
    KEPT_FORCED,
    /** That has its name, which the directory may not know for sure. */
    KEPT_RENAMED,
    /** The directory was forced: the records count, and what they are from may go. */
    KEPT_DURABLE,
    /** Readers are led past the segment. */
    SEGMENT_UNLISTED,
    /** Its file is gone. */
    SEGMENT_DELETED,
    /** One of the files that were merged into another is gone. */
    SOURCE_DELETED
}
