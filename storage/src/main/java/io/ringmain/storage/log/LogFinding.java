package io.ringmain.storage.log;

import java.nio.file.Path;

/**
 * Something that is wrong with a log.
 *
 * @param segment file.
 * @param byteOffset in the file.
 * @param position in the log of the record or block, -1 if it can't be told.
 * @param what is wrong.
 */
public record LogFinding(Path segment, long byteOffset, long position, String what) {
    @Override
    public String toString() {
        return segment + ": byte " + byteOffset + ", position " + position + ": " + what;
    }
}
