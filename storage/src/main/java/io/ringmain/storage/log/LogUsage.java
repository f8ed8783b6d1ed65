package io.ringmain.storage.log;

/**
 * What a log holds.
 *
 * @param segments files, with the one that is appended to.
 * @param activeFirstPosition of the segment that is appended to, or was last.
 * @param activeFirstTimestampNs of its first block, epoch nanoseconds; 0 if there is no segment.
 * @param keptFiles files of kept records.
 * @param keptRecords in them.
 * @param keptBytes of those files.
 */
public record LogUsage(
        int segments,
        long activeFirstPosition,
        long activeFirstTimestampNs,
        int keptFiles,
        long keptRecords,
        long keptBytes) {}
