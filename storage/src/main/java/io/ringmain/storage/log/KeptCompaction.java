package io.ringmain.storage.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.function.Consumer;

/**
 * Copies what is live out of a segment that is to go, and clears kept records away again when nothing refers to them any
 * more. Confined to one thread, beside the writer.
 */
final class KeptCompaction implements AutoCloseable {
    private final LogDirectory directory;
    private final KeptFiles kept;
    private final MappedLogReader source;
    private final long mergedBytes;
    private final Consumer<String> eventLog;
    private final Consumer<TruncationStep> steps;

    /**
     * @param mergedBytes adjacent files are merged as long as what is live in them is not more.
     */
    KeptCompaction(
            final LogDirectory directory,
            final KeptFiles kept,
            final MappedLogReader source,
            final long mergedBytes,
            final Consumer<String> eventLog,
            final Consumer<TruncationStep> steps) {
        this.directory = directory;
        this.kept = kept;
        this.source = source;
        this.mergedBytes = mergedBytes;
        this.eventLog = eventLog;
        this.steps = steps;
    }

    /**
     * Copies the live records of a range of positions into a file of their own, durably.
     *
     * @return how many of them can't be read.
     */
    int keep(final long firstPosition, final long nextPosition, final LivePositions live) throws IOException {
        int at = live.firstNotBefore(firstPosition);
        int unreadable = 0;
        if (at == live.count() || live.get(at) >= nextPosition) {
            return unreadable;
        }
        try (KeptWriter writer = new KeptWriter(directory, firstPosition, nextPosition, steps)) {
            for (; at < live.count() && live.get(at) < nextPosition; at++) {
                if (!copy(live.get(at), writer)) {
                    unreadable++;
                }
            }
            if (writer.count() > 0) {
                kept.publish(writer.finish());
            }
        }
        return unreadable;
    }

    private boolean copy(final long position, final KeptWriter writer) throws IOException {
        try {
            return source.read(position, (at, buffer, offset, length) -> {
                try {
                    writer.add(at, buffer, offset, length);
                } catch (final IOException ex) {
                    throw new UncheckedIOException(ex);
                }
                return true;
            });
        } catch (final UncheckedIOException ex) {
            throw ex.getCause();
        }
    }

    /**
     * Clears away what is dead: files without a live record go; those of which less than half is live are written anew;
     * adjacent small ones become one.
     *
     * @param allOfIt write a file anew as soon as anything in it is dead.
     */
    void collect(final LivePositions live, final boolean allOfIt) throws IOException {
        kept.sweep();
        final KeptRange[] ranges = kept.ranges();
        int from = 0;
        while (from < ranges.length) {
            final Share share = new Share();
            share.add(ranges[from], live);
            int to = from + 1;
            while (to < ranges.length && share.addIfSmall(ranges[to], live, mergedBytes)) {
                to++;
            }
            compact(ranges, from, to, share, live, allOfIt);
            from = to;
        }
        source.letGo();
    }

    private void compact(
            final KeptRange[] ranges,
            final int from,
            final int to,
            final Share share,
            final LivePositions live,
            final boolean allOfIt)
            throws IOException {
        if (share.liveRecords == 0) {
            for (int i = from; i < to; i++) {
                kept.delete(ranges[i]);
            }
            LogDirectory.force(directory.sealed());
        } else if (to - from > 1 || share.isWorthRewriting(allOfIt)) {
            try {
                rewrite(ranges, from, to, live);
            } catch (final LogException ex) {
                eventLog.accept("log: kept records stay as they are: " + ex.getMessage());
            }
        }
    }

    private void rewrite(final KeptRange[] ranges, final int from, final int to, final LivePositions live)
            throws IOException {
        final KeptRange merged;
        try (KeptWriter writer =
                new KeptWriter(directory, ranges[from].firstPosition(), ranges[to - 1].nextPosition(), steps)) {
            for (int i = from; i < to; i++) {
                copyLive(ranges[i], live, writer);
            }
            merged = writer.finish();
        }
        kept.publish(merged);
        for (int i = from; i < to; i++) {
            if (!ranges[i].file().equals(merged.file())) {
                Files.deleteIfExists(ranges[i].file());
                steps.accept(TruncationStep.SOURCE_DELETED);
            }
        }
        LogDirectory.force(directory.sealed());
    }

    private static void copyLive(final KeptRange range, final LivePositions live, final KeptWriter writer)
            throws IOException {
        try (KeptFile file = KeptFile.open(range.file())) {
            for (int i = 0; i < file.count(); i++) {
                if (!live.contains(file.position(i))) {
                    continue;
                }
                if (!file.isIntact(i)) {
                    throw LogException.damaged("damaged record in " + file.file() + " at byte " + file.offset(i)
                            + ", position " + file.position(i) + ": run 'ringmain log verify'");
                }
                writer.add(file.position(i), file.buffer(), file.offset(i), file.length(i));
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }

    /** How much of some files is live. */
    private static final class Share {
        long liveRecords;
        long liveBytes;
        long records;
        long bytes;

        void add(final KeptRange range, final LivePositions live) throws IOException {
            try (KeptFile file = KeptFile.open(range.file())) {
                for (int i = 0; i < file.count(); i++) {
                    if (live.contains(file.position(i))) {
                        liveRecords++;
                        liveBytes += KeptDescriptor.ENTRY_LENGTH + RecordDescriptor.alignedLength(file.length(i));
                    }
                }
            }
            records += range.records();
            bytes += range.fileBytes();
        }

        /** Adds a file unless there would be more live bytes than the limit. */
        boolean addIfSmall(final KeptRange range, final LivePositions live, final long limitBytes) throws IOException {
            final Share more = new Share();
            more.add(range, live);
            if (liveBytes + more.liveBytes > limitBytes) {
                return false;
            }
            liveRecords += more.liveRecords;
            liveBytes += more.liveBytes;
            records += more.records;
            bytes += more.bytes;
            return true;
        }

        boolean isWorthRewriting(final boolean allOfIt) {
            return allOfIt ? liveRecords < records : liveBytes < bytes / 2;
        }
    }
}
