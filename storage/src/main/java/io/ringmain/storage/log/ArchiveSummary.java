package io.ringmain.storage.log;

import java.nio.file.Path;

/**
 * What an archive says about itself.
 *
 * @param file where it lies.
 * @param text lines {@code name: value}.
 * @param records in it.
 * @param firstPosition of the first record, 0 without any.
 * @param nextPosition behind the last.
 * @param firstTimestampNs of the first record, epoch nanoseconds.
 * @param lastTimestampNs of the last.
 * @param fileBytes of the file.
 * @param sha256 of all before it, 64 hexadecimal digits.
 */
public record ArchiveSummary(
        Path file,
        String text,
        long records,
        long firstPosition,
        long nextPosition,
        long firstTimestampNs,
        long lastTimestampNs,
        long fileBytes,
        String sha256) {}
