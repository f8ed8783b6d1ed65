package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Tells which segments a broker would let go, and why, without touching any: the same questions in the same order as
 * {@link MessageLog#truncate} asks them.
 */
public final class RetentionPlan {
    private static final long PERCENT = 100;

    /**
     * What would happen to a segment.
     *
     * @param segment that it is about.
     * @param goes whether it would be removed, after its live records were copied.
     * @param why in words.
     */
    public record Line(LogInspector.SegmentSummary segment, boolean goes, String why) {}

    private final Retention retention;
    private final long lowWaterPosition;
    private final long nowNs;
    private final List<Line> lines = new ArrayList<>();
    private final long totalBytes;
    private long freeBytes;
    private long logBytes;

    private RetentionPlan(
            final Retention retention, final long lowWaterPosition, final long nowNs, final FileStore store)
            throws IOException {
        this.retention = retention;
        this.lowWaterPosition = lowWaterPosition;
        this.nowNs = nowNs;
        this.freeBytes = store.getUsableSpace();
        this.totalBytes = store.getTotalSpace();
    }

    /**
     * Looks at a log.
     *
     * @param lowWaterPosition of the newest snapshot, -1 if there is none.
     * @param nowNs epoch nanoseconds.
     * @return a line for each segment, oldest first.
     */
    public static List<Line> of(
            final LogInspector inspector, final Retention retention, final long lowWaterPosition, final long nowNs) {
        final List<LogInspector.SegmentSummary> segments = inspector.summaries();
        try {
            final FileStore store = Files.getFileStore(inspector.directory());
            final RetentionPlan plan = new RetentionPlan(retention, lowWaterPosition, nowNs, store);
            for (final LogInspector.SegmentSummary segment : segments) {
                plan.logBytes += segment.fileBytes();
            }
            for (final LogInspector.KeptSummary kept : inspector.keptSummaries()) {
                plan.logBytes += kept.fileBytes();
            }
            for (int i = 0; i < segments.size(); i++) {
                plan.decide(segments.get(i), i + 1 < segments.size() ? segments.get(i + 1) : null);
            }
            return plan.lines;
        } catch (final IOException ex) {
            throw new LogException("can't ask for the free space of " + inspector.directory() + ": " + ex, ex);
        }
    }

    private void decide(final LogInspector.SegmentSummary segment, final LogInspector.SegmentSummary next) {
        final boolean olderStays =
                !lines.isEmpty() && !lines.get(lines.size() - 1).goes();
        if (next == null) {
            add(segment, false, "it is appended to, or was last");
        } else if (olderStays) {
            add(segment, false, "the one before it stays");
        } else if (lowWaterPosition < 0) {
            add(segment, false, "there is no snapshot, so the state is told by the whole log");
        } else if (next.firstPosition() > lowWaterPosition) {
            add(segment, false, "it reaches behind the newest snapshot, at position " + lowWaterPosition);
        } else {
            judge(segment, nowNs - next.firstTimestampNs());
        }
    }

    private void judge(final LogInspector.SegmentSummary segment, final long ageNs) {
        if (!retention.isOver(ageNs, logBytes, freeBytes, totalBytes)) {
            add(segment, false, "retention covers it");
            return;
        }
        add(segment, true, reason(ageNs));
        logBytes -= segment.fileBytes();
        freeBytes += segment.fileBytes();
    }

    private String reason(final long ageNs) {
        if (retention.isOverAge(ageNs)) {
            return "it ended " + age(ageNs) + " ago, and " + age(retention.maxAgeNs()) + " are kept";
        }
        if (logBytes > retention.maxBytes()) {
            return String.format(
                    Locale.ROOT, "the log has %,d bytes, and %,d are kept", logBytes, retention.maxBytes());
        }
        return freeBytes * PERCENT / Math.max(1, totalBytes) + " % of the file system are free, and "
                + retention.minFreePercent() + " % are to be";
    }

    private static String age(final long ns) {
        final long hours = TimeUnit.NANOSECONDS.toHours(ns);
        if (hours >= 2 * TimeUnit.DAYS.toHours(1)) {
            return TimeUnit.HOURS.toDays(hours) + "d";
        }
        return hours >= 2 ? hours + "h" : TimeUnit.NANOSECONDS.toSeconds(ns) + "s";
    }

    private void add(final LogInspector.SegmentSummary segment, final boolean goes, final String why) {
        lines.add(new Line(segment, goes, why));
    }
}
