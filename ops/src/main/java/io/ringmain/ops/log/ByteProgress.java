package io.ringmain.ops.log;

import io.ringmain.storage.log.LogInspector;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells on standard error how far something is that goes over bytes, when it takes long and somebody watches. */
final class ByteProgress implements LogInspector.Progress, AutoCloseable {
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String WIPE = "\r\u001b[K";

    private final String verb;
    private final boolean isWatched = Boolean.getBoolean("ringmain.terminal");
    private final long startNs = System.nanoTime();
    private long lastNs = startNs + QUIET_NS - INTERVAL_NS;
    private boolean isShown;

    /** @param verb what is being done. */
    ByteProgress(final String verb) {
        this.verb = verb;
    }

    @Override
    public void onProgress(final long doneBytes, final long totalBytes, final long records) {
        final long nowNs = System.nanoTime();
        if (isWatched && nowNs - lastNs >= INTERVAL_NS) {
            lastNs = nowNs;
            isShown = true;
            System.err.print(WIPE + line(doneBytes, totalBytes, nowNs - startNs));
        }
    }

    String line(final long doneBytes, final long totalBytes, final long elapsedNs) {
        final double bytesPerSecond = Math.max(1, doneBytes * (double) TimeUnit.SECONDS.toNanos(1) / elapsedNs);
        return String.format(
                Locale.ROOT,
                "%s %3d%%  %,d MB/%,d MB  %,.0f MB/s  eta %,.0f s",
                verb,
                100 * doneBytes / Math.max(1, totalBytes),
                doneBytes >> 20,
                totalBytes >> 20,
                bytesPerSecond / (1 << 20),
                Math.max(0, totalBytes - doneBytes) / bytesPerSecond);
    }

    @Override
    public void close() {
        if (isShown) {
            System.err.print(WIPE);
        }
    }
}
