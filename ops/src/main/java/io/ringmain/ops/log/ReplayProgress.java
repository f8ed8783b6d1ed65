package io.ringmain.ops.log;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A bar on standard error that tells how far a replay is, by the positions of the log; if somebody watches. */
final class ReplayProgress {
    private static final int BAR_LENGTH = 24;
    private static final int CHECK_MASK = 0xFF;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String WIPE = "\r\u001b[K";

    private final long from;
    private final long to;
    private final boolean isWatched = Boolean.getBoolean("ringmain.terminal");
    private final long startNs = System.nanoTime();
    private long lastNs = startNs;
    private long messages;
    private boolean isShown;

    ReplayProgress(final long from, final long to) {
        this.from = from;
        this.to = Math.max(from + 1, to);
    }

    /** @param isPaced whether time passes between messages, so that each is worth a look at the clock. */
    void onMessage(final long position, final boolean isPaced) {
        if (!isWatched || (++messages & CHECK_MASK) != 0 && !isPaced) {
            return;
        }
        final long nowNs = System.nanoTime();
        if (nowNs - lastNs >= INTERVAL_NS) {
            lastNs = nowNs;
            isShown = true;
            System.err.print(WIPE + line(position, nowNs - startNs));
        }
    }

    String line(final long position, final long elapsedNs) {
        final double share = Math.min(1, Math.max(0, (double) (position - from) / (to - from)));
        final int full = (int) (share * BAR_LENGTH);
        final double seconds = Math.max(1, elapsedNs) / 1e9;
        return String.format(
                Locale.ROOT,
                "replay [%s%s] %3d%%  %,d messages  %,.0f/s  eta %,.0f s",
                "#".repeat(full),
                " ".repeat(BAR_LENGTH - full),
                (int) (100 * share),
                messages,
                messages / seconds,
                share == 0 ? 0 : seconds * (1 - share) / share);
    }

    void end() {
        if (isShown) {
            System.err.print(WIPE);
        }
    }
}
