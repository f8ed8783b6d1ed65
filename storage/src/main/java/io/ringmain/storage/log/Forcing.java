package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * What makes bytes and names durable. A port, since every acknowledgement hangs on it: a test counts the calls, sees
 * their order, and lets them fail.
 */
interface Forcing {
    /** The kernel's: fdatasync and fsync. */
    Forcing DEVICE = new Forcing() {
        @Override
        public void file(final Path file, final FileChannel channel, final boolean metaData) throws IOException {
            channel.force(metaData);
        }

        @Override
        public void directory(final Path directory) throws IOException {
            DataFiles.forceDirectory(directory);
        }
    };

    /** Makes the content of a file durable, with its length and times if {@code metaData}. */
    void file(Path file, FileChannel channel, boolean metaData) throws IOException;

    /** Makes the names in a directory durable. */
    void directory(Path directory) throws IOException;
}
