package io.ringmain.storage.log;

import java.nio.file.Path;

/**
 * A file of kept records, as its name and size tell.
 *
 * @param file where it lies.
 * @param firstPosition of the range that it is for.
 * @param nextPosition behind that range.
 * @param fileBytes of the file.
 * @param records in it.
 */
record KeptRange(Path file, long firstPosition, long nextPosition, long fileBytes, int records) {
    boolean contains(final KeptRange other) {
        return firstPosition <= other.firstPosition && other.nextPosition <= nextPosition;
    }
}
