package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks at the log of a data directory from outside: read-only, without a lock, whether a broker runs on it or not. It
 * makes, renames and deletes nothing. Confined to one thread.
 */
public final class LogInspector {
    /** Told now and then how far something is that goes over the log. */
    @FunctionalInterface
    public interface Progress {
        void onProgress(long doneBytes, long totalBytes, long records);
    }

    /**
     * What {@link #verify} saw.
     *
     * @param segments files read.
     * @param blocks intact blocks.
     * @param records in those.
     * @param firstPosition of the first block, 0 if there is none.
     * @param nextPosition behind the last block.
     * @param head value of the hash chain there, 64 hexadecimal digits.
     * @param bytes of the files.
     * @param gaps what a salvage has left out; not among the findings.
     * @param keptFiles files of records that were kept of segments that are gone.
     * @param keptRecords in those.
     * @param findings number of things that were wrong.
     */
    public record Summary(
            int segments,
            long blocks,
            long records,
            long firstPosition,
            long nextPosition,
            String head,
            long bytes,
            List<LogGap> gaps,
            int keptFiles,
            long keptRecords,
            long findings) {
        Summary withKept(final int files, final long keptInThem, final long found) {
            return new Summary(
                    segments,
                    blocks,
                    records,
                    firstPosition,
                    nextPosition,
                    head,
                    bytes,
                    gaps,
                    files,
                    keptInThem,
                    findings + found);
        }
    }

    private final LogDirectory directory;
    private int segmentsRead;

    private LogInspector(final LogDirectory directory) {
        this.directory = directory;
    }

    /**
     * @throws LogException when there is no log in this directory.
     */
    public static LogInspector open(final Path dataDir) {
        final LogDirectory directory = new LogDirectory(dataDir);
        if (!Files.isDirectory(directory.sealed())) {
            throw new LogException("no log in " + dataDir.toAbsolutePath());
        }
        return new LogInspector(directory);
    }

    /**
     * One segment that holds something.
     *
     * @param file where it lies now.
     * @param firstPosition of its first record.
     * @param nextPosition behind its last record.
     * @param firstTimestampNs of its first block, epoch nanoseconds.
     * @param lastTimestampNs of its last block.
     * @param records in it.
     * @param fileBytes of the file.
     */
    public record SegmentSummary(
            Path file,
            long firstPosition,
            long nextPosition,
            long firstTimestampNs,
            long lastTimestampNs,
            long records,
            long fileBytes) {}

    /** What each segment holds, oldest first: by its sidecar, or by the headers of its blocks; nothing is checked. */
    public List<SegmentSummary> summaries() {
        final List<SegmentSummary> summaries = new ArrayList<>();
        for (final Path file : segments()) {
            final Sidecar sidecar = fittingSidecar(file);
            if (sidecar != null) {
                summaries.add(new SegmentSummary(
                        file,
                        sidecar.firstPosition(),
                        sidecar.nextPosition(),
                        sidecar.firstTimestampNs(),
                        sidecar.lastTimestampNs(),
                        sidecar.records(),
                        size(file)));
            } else {
                summarize(file, summaries);
            }
        }
        return summaries;
    }

    private void summarize(final Path file, final List<SegmentSummary> summaries) {
        final BlockCursor cursor = new BlockCursor();
        try (Segment segment = mapIfThere(file)) {
            cursor.wrap(segment.buffer(), segment.length());
            long first = -1;
            long next = 0;
            long firstNs = 0;
            long lastNs = 0;
            long records = 0;
            while (cursor.advance() == BlockCursor.BLOCK) {
                final int block = cursor.blockOffset();
                lastNs = BlockDescriptor.timestampNs(segment.buffer(), block);
                firstNs = first < 0 ? lastNs : firstNs;
                first = first < 0 ? BlockDescriptor.firstPosition(segment.buffer(), block) : first;
                next = BlockDescriptor.nextPosition(segment.buffer(), block);
                records += BlockDescriptor.count(segment.buffer(), block);
            }
            if (first >= 0) {
                summaries.add(new SegmentSummary(
                        segment.file(), first, next, firstNs, lastNs, records, size(segment.file())));
            }
        }
    }

    /** The sidecar of a segment as long as the segment is what was sealed, else null. */
    private static Sidecar fittingSidecar(final Path file) {
        final Sidecar sidecar = Sidecar.read(file);
        return sidecar != null && sidecar.describes(file) ? sidecar : null;
    }

    /** A position at or before the first record of this time or later: about 64 KiB before, in a sealed segment. */
    public long positionBefore(final long timestampNs) {
        final BlockCursor cursor = new BlockCursor();
        long position = 0;
        for (final Path file : segments()) {
            final Sidecar sidecar = fittingSidecar(file);
            if (sidecar != null) {
                final int entry = sidecar.lastEntryBefore(timestampNs);
                if (entry < 0) {
                    return position;
                }
                position = sidecar.entryPosition(entry);
                continue;
            }
            try (Segment segment = mapIfThere(file)) {
                if (cursor.wrap(segment.buffer(), segment.length()).advance() == BlockCursor.BLOCK) {
                    final int block = cursor.blockOffset();
                    if (BlockDescriptor.timestampNs(segment.buffer(), block) >= timestampNs) {
                        return position;
                    }
                    position = BlockDescriptor.firstPosition(segment.buffer(), block);
                }
            }
        }
        return position;
    }

    /** Where the segments lie. */
    Path directory() {
        return directory.sealed();
    }

    /** Segment files, oldest first. */
    public List<Path> segments() {
        return directory.segments();
    }

    /**
     * Reads records in order, as {@link LogReader#scan}: first those that were kept of segments that are gone, then those
     * of the segments.
     *
     * @throws LogException at a damaged record, naming its place.
     */
    public long scan(final long fromPosition, final LogReader.RecordHandler handler) {
        return scan(fromPosition, null, handler);
    }

    /**
     * As {@link #scan(long, LogReader.RecordHandler)}, but passes by segments that can't hold what is looked for. Of the
     * others all records are handed over.
     *
     * @param filter null to read all.
     */
    public long scan(final long fromPosition, final SegmentFilter filter, final LogReader.RecordHandler handler) {
        final BlockIndex index = new BlockIndex();
        long first = Long.MAX_VALUE;
        for (final Path file : segments()) {
            final Sidecar sidecar = fittingSidecar(file);
            if (sidecar == null) {
                first = Math.min(first, addFirstBlock(file, index));
            } else {
                first = Math.min(first, sidecar.firstPosition());
                if (filter == null || filter.mayMatch(sidecar)) {
                    for (int i = 0; i < sidecar.entryCount(); i++) {
                        index.add(sidecar.entryPosition(i), sidecar.cycle(), sidecar.entryDocumentOffset(i));
                    }
                }
            }
        }
        segmentsRead = 0;
        final KeptInspection kept = new KeptInspection(directory);
        if (!kept.scan(fromPosition, first, handler) || index.count() == 0) {
            return kept.reached();
        }
        try (MappedLogReader reader = new MappedLogReader(directory, index, new KeptFiles(directory, line -> {}))) {
            final long reached = reader.scan(fromPosition, handler);
            segmentsRead = reader.segmentCount();
            return Math.max(kept.reached(), reached);
        }
    }

    /**
     * A file of records that were kept of segments that are gone.
     *
     * @param file where it lies.
     * @param firstPosition of the range that it is for.
     * @param nextPosition behind that range.
     * @param records in it.
     * @param fileBytes of the file.
     */
    public record KeptSummary(Path file, long firstPosition, long nextPosition, long records, long fileBytes) {}

    /** What was kept of segments that are gone, oldest first. */
    public List<KeptSummary> keptSummaries() {
        return new KeptInspection(directory)
                .ranges().stream()
                        .map(range -> new KeptSummary(
                                range.file(),
                                range.firstPosition(),
                                range.nextPosition(),
                                range.records(),
                                range.fileBytes()))
                        .toList();
    }

    /** Position of the first record of the oldest segment, {@link Long#MAX_VALUE} if there is none. */
    public long firstPosition() {
        for (final Path file : segments()) {
            final long first = addFirstBlock(file, new BlockIndex());
            if (first != Long.MAX_VALUE) {
                return first;
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * Opens a reader of the log as it is now, for reading many single records by their positions, wherever they lie. What
     * is appended later it doesn't find, and what is removed later it may not.
     */
    public LogReader reader() {
        final BlockIndex index = new BlockIndex();
        for (final Path file : segments()) {
            final Sidecar sidecar = fittingSidecar(file);
            if (sidecar == null) {
                addFirstBlock(file, index);
                continue;
            }
            for (int i = 0; i < sidecar.entryCount(); i++) {
                index.add(sidecar.entryPosition(i), sidecar.cycle(), sidecar.entryDocumentOffset(i));
            }
        }
        final KeptFiles kept = new KeptFiles(directory, line -> {});
        new KeptInspection(directory).ranges().forEach(kept::publish);
        return new MappedLogReader(directory, index, kept);
    }

    /** Position of the first block, {@link Long#MAX_VALUE} if there is none. */
    private long addFirstBlock(final Path file, final BlockIndex index) {
        final BlockCursor cursor = new BlockCursor();
        try (Segment segment = mapIfThere(file)) {
            if (cursor.wrap(segment.buffer(), segment.length()).advance() == BlockCursor.BLOCK) {
                final long position = BlockDescriptor.firstPosition(segment.buffer(), cursor.blockOffset());
                index.add(position, LogDirectory.cycle(file), cursor.documentOffset());
                return position;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Segments that the last scan looked into. */
    public int segmentsRead() {
        return segmentsRead;
    }

    /**
     * Opens a reader that follows the log: each call sees what the log holds by then, also over segments that were begun,
     * sealed or removed meanwhile.
     */
    public LogReader follow() {
        return new FollowingLogReader(directory);
    }

    /** Ranges of positions that a salvage has found to be lost. */
    public List<LogGap> gaps() {
        return GapList.read(directory).gaps();
    }

    /** Who uses the directory, as it says in its lock; empty if nobody does. */
    public String holder() {
        return DirectoryLock.holder(directory.data());
    }

    private Segment mapIfThere(final Path file) {
        try {
            return Segment.map(file);
        } catch (final NoSuchFileException ex) {
            return Segment.map(directory, LogDirectory.cycle(file));
        } catch (final IOException ex) {
            throw new LogException("can't read segment " + file + ": " + ex, ex);
        }
    }

    /** Checks every byte of every record, block and link of the chains, and goes on behind damage. */
    public Summary verify(final Consumer<LogFinding> findings, final Progress progress) {
        return verify(null, findings, progress);
    }

    /**
     * As {@link #verify(Consumer, Progress)}, and checks that the hash chain had a value at a position.
     *
     * @param anchor null for none.
     */
    public Summary verify(final LogAnchor anchor, final Consumer<LogFinding> findings, final Progress progress) {
        final GapList gaps = GapList.read(directory);
        final List<Path> files = segments();
        final HashChain chain = new HashChain();
        LogRecovery.resumeChain(chain, directory, files, gaps);
        final LogVerification verification = new LogVerification(gaps, chain, anchor, findings);
        final KeptInspection kept = new KeptInspection(directory);
        final List<Path> keptFiles = directory.keptFiles();
        final long total = Stream.concat(keptFiles.stream(), files.stream())
                .mapToLong(LogInspector::size)
                .sum();
        long done = 0;
        for (final Path file : keptFiles) {
            done += size(file);
            kept.verify(file, findings);
            progress.onProgress(done, total, kept.records());
        }
        for (final Path file : files) {
            try (Segment segment = mapIfThere(file)) {
                verification.verify(segment, Sidecar.read(segment.file()));
                done += segment.length();
            }
            progress.onProgress(done, total, kept.records() + verification.records());
        }
        return verification
                .finish(directory.sealed(), files.size(), done)
                .withKept(keptFiles.size(), kept.records(), kept.findings());
    }

    static long size(final Path file) {
        try {
            return Files.size(file);
        } catch (final IOException ex) {
            return 0;
        }
    }
}
