package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The segments of a log, oldest first, and their removal. The writer adds, one other thread removes; any may look.
 */
final class SegmentList {
    private record Entry(long cycle, long firstPosition, long firstTimestampNs) {}

    private final LogDirectory directory;
    private final BlockIndex index;
    private final KeptFiles kept;
    private final Consumer<String> eventLog;
    private final Consumer<TruncationStep> steps;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** Of the last entry. The writer's own: the list may get shorter while it looks for its end. */
    private long newestCycle = -1;

    SegmentList(
            final LogDirectory directory,
            final BlockIndex index,
            final KeptFiles kept,
            final Consumer<String> eventLog,
            final Consumer<TruncationStep> steps) {
        this.directory = directory;
        this.index = index;
        this.kept = kept;
        this.eventLog = eventLog;
        this.steps = steps;
    }

    /** Notes a block; that of a new segment begins an entry. Called by the writer. */
    void onBlock(final long cycle, final long firstPosition, final long timestampNs) {
        if (cycle != newestCycle) {
            newestCycle = cycle;
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

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** What the log holds, as of now. */
    LogUsage usage() {
        final Entry[] now = entries.toArray(Entry[]::new);
        final Entry newest = now.length == 0 ? new Entry(0, 0, 0) : now[now.length - 1];
        return new LogUsage(
                now.length,
                newest.firstPosition,
                newest.firstTimestampNs,
                kept.ranges().length,
                kept.records(),
                kept.bytes());
    }

    /** Whether retention doesn't cover the oldest segment, and it isn't the one that is appended to. */
    boolean isOverdue(final Retention retention, final long nowNs) {
        try {
            return entries.size() > 1 && isOver(retention, nowNs);
        } catch (final IOException ex) {
            return false;
        }
    }

    /**
     * Removes segments that lie wholly before a position and that retention doesn't cover, oldest first, when what is
     * live in them has been copied; then the kept records that are dead. The segment that is appended to stays in any
     * case.
     *
     * @return the number of segments removed.
     */
    int truncate(
            final long lowWaterPosition,
            final LivePositions live,
            final Retention retention,
            final long nowNs,
            final KeptCompaction compaction) {
        int removed = 0;
        try {
            while (entries.size() > 1
                    && entries.get(1).firstPosition <= lowWaterPosition
                    && isSealed(entries.get(0))
                    && isOver(retention, nowNs)) {
                final Entry oldest = entries.get(0);
                final Entry next = entries.get(1);
                final int unreadable = compaction.keep(oldest.firstPosition, next.firstPosition, live);
                remove(oldest, next, unreadable);
                removed++;
            }
            if (removed > 0) {
                LogDirectory.force(directory.sealed());
            }
            compaction.collect(live, retention.keepsNothing());
        } catch (final IOException | LogException ex) {
            eventLog.accept("log: can't remove what isn't needed any more: " + ex);
        }
        return removed;
    }

    /** A segment that was rolled just now is still on its way out of Chronicle's folder. */
    private boolean isSealed(final Entry entry) {
        return !Files.exists(directory.active().resolve(LogDirectory.name(entry.cycle) + LogDirectory.SUFFIX));
    }

    private boolean isOver(final Retention retention, final long nowNs) throws IOException {
        final FileStore store = Files.getFileStore(directory.sealed());
        long bytes = kept.bytes();
        for (final Path file : directory.segments()) {
            bytes += Files.exists(file) ? Files.size(file) : 0;
        }
        // The last record of a segment is as old as the first of the next one, or older.
        final long ageNs = nowNs - entries.get(1).firstTimestampNs;
        return retention.isOver(ageNs, bytes, store.getUsableSpace(), store.getTotalSpace());
    }

    /**
     * Readers are led past the segment before its file goes; who has it mapped can go on reading meanwhile. It leaves the
     * list last: a file that can't be deleted must not be followed by others that can, or the log would have a gap.
     */
    private void remove(final Entry oldest, final Entry next, final int unreadable) throws IOException {
        index.dropBefore(next.firstPosition);
        steps.accept(TruncationStep.SEGMENT_UNLISTED);
        final Path file = directory.locate(oldest.cycle);
        if (unreadable == 0) {
            directory.remove(oldest.cycle);
        } else {
            putAside(file, unreadable);
            directory.remove(oldest.cycle);
        }
        entries.remove(0);
        steps.accept(TruncationStep.SEGMENT_DELETED);
        eventLog.accept("log: removed segment " + LogDirectory.name(oldest.cycle) + ", positions "
                + oldest.firstPosition + " to " + next.firstPosition);
    }

    /** The last place where something may be found of live messages that can't be read. */
    private void putAside(final Path file, final int unreadable) throws IOException {
        final Path aside = file.resolveSibling(file.getFileName() + LogDirectory.QUARANTINE_SUFFIX);
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        eventLog.accept(
                "log: " + unreadable + " messages that are still needed can't be read from " + aside + "; put aside");
    }
}
