package io.ringmain.perf.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The system's cache of files: without it a start reads from the device, as after a boot. */
public final class PageCache {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");
    private static final long SYNC_TIMEOUT_S = 300;

    private PageCache() {}

    /** Writes everything back and empties the cache; false where that isn't allowed. Root may, on Linux. */
    public static boolean drop() {
        try {
            if (!Files.isWritable(DROP)) {
                return false;
            }
            if (!new ProcessBuilder("sync").start().waitFor(SYNC_TIMEOUT_S, TimeUnit.SECONDS)) {
                return false;
            }
            Files.writeString(DROP, "3\n");
            return true;
        } catch (final IOException ex) {
            return false;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
