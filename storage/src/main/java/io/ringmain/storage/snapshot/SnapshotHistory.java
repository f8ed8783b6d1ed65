package io.ringmain.storage.snapshot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Which snapshots stay beyond those that a start needs: one per step of time, back to where the log begins. With the log
 * behind it, each is a place from which any later state can be rebuilt.
 *
 * <pre>
 *   removed      log begins                                                   last two
 *  ---- s ---- s ---|---- s ---- s - s - s ---- s - s ---- s - s ---- s - s - S - S
 *              *          *      *              *          *          *       *   *   kept
 *              |--------------- at least the spacing between two -----|
 * </pre>
 *
 * The choice goes from the oldest on, so that one that was kept stays. When it would be too many, the spacing is doubled.
 */
public final class SnapshotHistory {
    /** However far the log reaches back. */
    static final int MAX_KEPT = 32;

    static final SnapshotHistory NONE = new SnapshotHistory(0, () -> 0);

    private final long spacingNs;
    private final LongSupplier logFirstPosition;

    /**
     * @param spacingNs between two that are kept; 0 keeps none.
     * @param logFirstPosition where the segments of the log begin now.
     */
    public SnapshotHistory(final long spacingNs, final LongSupplier logFirstPosition) {
        this.spacingNs = spacingNs;
        this.logFirstPosition = logFirstPosition;
    }

    /** Which of these files, newest first, are to stay. What isn't a snapshot is not. */
    List<Path> select(final List<Path> files) {
        if (spacingNs == 0) {
            return List.of();
        }
        final List<SnapshotReader.Summary> useful = useful(files);
        long stepNs = spacingNs;
        List<Path> kept = spaced(useful, stepNs);
        while (kept.size() > MAX_KEPT) {
            stepNs *= 2;
            kept = spaced(useful, stepNs);
        }
        return kept;
    }

    /** Those from which the log goes on, oldest first; and the one before, which the log may go on right behind. */
    private List<SnapshotReader.Summary> useful(final List<Path> files) {
        final List<SnapshotReader.Summary> useful = new ArrayList<>();
        final long firstPosition = logFirstPosition.getAsLong();
        for (final Path file : files) {
            try {
                final SnapshotReader.Summary summary = SnapshotReader.header(file);
                useful.add(0, summary);
                if (summary.position() < firstPosition) {
                    break;
                }
            } catch (final SnapshotException ex) {
                // Of no use to anybody.
                continue;
            }
        }
        return useful;
    }

    private static List<Path> spaced(final List<SnapshotReader.Summary> snapshots, final long stepNs) {
        final List<Path> kept = new ArrayList<>();
        long lastNs = 0;
        for (final SnapshotReader.Summary snapshot : snapshots) {
            if (kept.isEmpty() || snapshot.timestampNs() - lastNs >= stepNs) {
                kept.add(snapshot.file());
                lastNs = snapshot.timestampNs();
            }
        }
        return kept;
    }
}
