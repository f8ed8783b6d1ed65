package io.ringmain.ops;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How far a start is, on stderr: nothing for a quick one, else a line every two seconds, on a terminal always the same. */
final class StartProgress {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream out;
    private final LongSupplier nanoTime;
    private final boolean isTerminal;
    private String phase = "";
    private long phaseStartNs;
    private long lastShownNs;
    private boolean isLineOpen;

    StartProgress(final PrintStream out, final LongSupplier nanoTime, final boolean isTerminal) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.isTerminal = isTerminal;
    }

    /** Bytes done, of how many, and records in those. */
    void show(final String what, final long done, final long total, final long records) {
        final long nowNs = nanoTime.getAsLong();
        if (!what.equals(phase)) {
            end();
            phase = what;
            phaseStartNs = nowNs;
            lastShownNs = nowNs;
        }
        if (nowNs - lastShownNs < INTERVAL_NS || done <= 0) {
            return;
        }
        lastShownNs = nowNs;
        final double seconds = (double) (nowNs - phaseStartNs) / TimeUnit.SECONDS.toNanos(1);
        final String line = String.format(
                Locale.ROOT,
                "%s  %3d%%  %,d MB/%,d MB  eta %.0f s   records %,d",
                what,
                100 * done / Math.max(done, total),
                done >> 20,
                total >> 20,
                seconds * (total - done) / done,
                records);
        out.print(isTerminal ? "\r" + line + " " : line + System.lineSeparator());
        isLineOpen = isTerminal;
    }

    /** The start is over, or the phase. */
    void end() {
        if (isLineOpen) {
            out.println();
            isLineOpen = false;
        }
    }
}
