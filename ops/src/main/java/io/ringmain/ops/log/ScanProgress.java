package io.ringmain.ops.log;

import io.ringmain.storage.log.LogInspector;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tells on standard error how far a scan is, when it takes long and somebody watches: a line that is written over again
 * and again, and wiped before anything else is written.
 */
final class ScanProgress {
    private static final int CHECK_MASK = 0xFFF;
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String WIPE = "\r\u001b[K";

    private final String verb;
    private final boolean isWatched;
    private long startNs;
    private long lastNs;
    private long startPosition;
    private long endPosition;
    private long records;
    private boolean isShown;

    private ScanProgress(final String verb, final boolean isWatched) {
        this.verb = verb;
        this.isWatched = isWatched;
    }

    /** @param verb what is being done. */
    static ScanProgress of(final String verb) {
        return new ScanProgress(verb, Boolean.getBoolean("ringmain.terminal"));
    }

    /** Says nothing. */
    static ScanProgress none() {
        return new ScanProgress("", false);
    }

    void begin(final LogInspector log, final long fromPosition) {
        if (isWatched) {
            startNs = System.nanoTime();
            lastNs = startNs + QUIET_NS - INTERVAL_NS;
            final List<LogInspector.SegmentSummary> segments = log.summaries();
            startPosition = fromPosition;
            if (!segments.isEmpty()) {
                startPosition = Math.max(fromPosition, segments.get(0).firstPosition());
                endPosition = segments.get(segments.size() - 1).nextPosition();
            }
        }
    }

    void onRecord(final long position) {
        if ((++records & CHECK_MASK) == 0 && isWatched) {
            onTime(position, System.nanoTime());
        }
    }

    private void onTime(final long position, final long nowNs) {
        if (nowNs - lastNs < INTERVAL_NS) {
            return;
        }
        lastNs = nowNs;
        isShown = true;
        final long done = position - startPosition;
        final long total = Math.max(1, endPosition - startPosition);
        final double bytesPerSecond = Math.max(1, done * 1e9 / (nowNs - startNs));
        System.err.printf(
                Locale.ROOT,
                WIPE + "%s %3d%%  %,d MB/%,d MB  %,.0f MB/s  eta %,.0f s  records %,d",
                verb,
                Math.min(100, 100 * done / total),
                done >> 20,
                total >> 20,
                bytesPerSecond / (1 << 20),
                Math.max(0, total - done) / bytesPerSecond,
                records);
    }

    /** Makes room for something else on the terminal. */
    void wipe() {
        if (isShown) {
            isShown = false;
            System.err.print(WIPE);
        }
    }

    void end() {
        wipe();
    }
}
