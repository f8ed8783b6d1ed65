package io.ringmain.storage.log;

import io.ringmain.storage.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How a tool asks the broker that uses a data directory for a new segment: a file that the broker looks for now and
 * then, and removes when it has done so.
 */
public final class SealRequest {
    private final Path dataDir;
    private final Path file;

    public SealRequest(final Path dataDir) {
        this.dataDir = dataDir;
        this.file = dataDir.resolve("log").resolve("SEAL");
    }

    /** Whether a broker uses the directory. */
    public boolean isBrokerRunning() {
        return DirectoryLock.isHeld(dataDir);
    }

    /** Asks. */
    public void make() {
        try {
            DataFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (final IOException ex) {
            throw new LogException("can't ask for a new segment: " + ex, ex);
        }
    }

    /** Whether somebody has asked and not been answered. */
    public boolean isPending() {
        return Files.exists(file);
    }

    /** Answers, or takes the request back. */
    public void clear() {
        try {
            Files.deleteIfExists(file);
        } catch (final IOException ex) {
            throw new LogException("can't remove " + file + ": " + ex, ex);
        }
    }
}
