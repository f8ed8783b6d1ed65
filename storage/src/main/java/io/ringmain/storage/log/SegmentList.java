package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The segments of a log, oldest first, and their removal. The writer adds, one other thread removes; any may look.
 */
final class SegmentList {
    /** The segment that is appended to, and the one before it, stay in any case. */
    private static final int KEPT = 2;

    private record Entry(long cycle, long firstPosition, long firstTimestampNs) {}

    private final LogDirectory directory;
    private final BlockIndex index;
    private final Consumer<String> eventLog;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    SegmentList(final LogDirectory directory, final BlockIndex index, final Consumer<String> eventLog) {
        this.directory = directory;
        this.index = index;
        this.eventLog = eventLog;
    }

    /** Notes a block; that of a new segment begins an entry. Called by the writer. */
    void onBlock(final long cycle, final long firstPosition, final long timestampNs) {
        final int last = entries.size() - 1;
        if (last < 0 || entries.get(last).cycle != cycle) {
            entries.add(new Entry(cycle, firstPosition, timestampNs));
        }
    }

    /** Position of the first record there is, 0 for a log without any. */
    long firstPosition() {
        return entries.isEmpty() ? 0 : entries.get(0).firstPosition;
    }

    /** First position of the last segment that begins before this time, of the oldest if none does. Any thread. */
    long positionBefore(final long timestampNs) {
        long position = firstPosition();
        for (final Entry entry : entries) {
            if (entry.firstTimestampNs >= timestampNs) {
                return position;
            }
            position = entry.firstPosition;
        }
        return position;
    }

    /** First position of the last segment that begins before a position, -1 if none does. Any thread. */
    long segmentBefore(final long position) {
        long before = -1;
        for (final Entry entry : entries) {
            if (entry.firstPosition >= position) {
                return before;
            }
            before = entry.firstPosition;
        }
        return before;
    }

    /**
     * Removes segments that lie wholly before a position and that retention doesn't cover, oldest first.
     *
     * @return the number of segments removed.
     */
    int truncate(final long lowWaterPosition, final Retention retention, final long nowNs) {
        int removed = 0;
        try {
            while (entries.size() > KEPT
                    && entries.get(1).firstPosition <= lowWaterPosition
                    && isOver(retention, nowNs)) {
                remove(entries.get(0), entries.get(1));
                removed++;
            }
            if (removed > 0) {
                LogDirectory.force(directory.sealed());
            }
        } catch (final IOException ex) {
            eventLog.accept("log: can't remove a segment: " + ex);
        }
        return removed;
    }

    private boolean isOver(final Retention retention, final long nowNs) throws IOException {
        final FileStore store = Files.getFileStore(directory.sealed());
        long bytes = 0;
        for (final Path file : directory.segments()) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        // The last record of a segment is as old as the first of the next one, or older.
        final long ageNs = nowNs - entries.get(1).firstTimestampNs;
        return retention.isOver(ageNs, bytes, store.getUsableSpace(), store.getTotalSpace());
    }

    /** Readers are led past the segment before its file goes; who has it mapped can go on reading meanwhile. */
    private void remove(final Entry oldest, final Entry next) throws IOException {
        index.dropBefore(next.firstPosition);
        entries.remove(0);
        directory.remove(oldest.cycle);
        eventLog.accept("log: removed segment " + LogDirectory.name(oldest.cycle) + ", positions "
                + oldest.firstPosition + " to " + next.firstPosition);
    }
}
