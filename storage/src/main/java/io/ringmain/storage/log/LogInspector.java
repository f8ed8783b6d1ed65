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
    /** Told how far {@link #verify} is, after each segment. */
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
     * @param headCrc CRC of the last block, to which the chain leads.
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
            int headCrc,
            int keptFiles,
            long keptRecords,
            long findings) {}

    private final LogDirectory directory;

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

    /** What each segment holds, oldest first, by the headers of its blocks; nothing is checked. */
    public List<SegmentSummary> summaries() {
        final List<SegmentSummary> summaries = new ArrayList<>();
        final BlockCursor cursor = new BlockCursor();
        for (final Path file : segments()) {
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
        return summaries;
    }

    /** A position at or before the first record of this time or later: the beginning of a segment. */
    public long positionBefore(final long timestampNs) {
        final BlockCursor cursor = new BlockCursor();
        long position = 0;
        for (final Path file : segments()) {
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
        final BlockIndex index = new BlockIndex();
        final BlockCursor cursor = new BlockCursor();
        long first = Long.MAX_VALUE;
        for (final Path file : segments()) {
            try (Segment segment = mapIfThere(file)) {
                if (segment != null
                        && cursor.wrap(segment.buffer(), segment.length()).advance() == BlockCursor.BLOCK) {
                    final long position = BlockDescriptor.firstPosition(segment.buffer(), cursor.blockOffset());
                    first = Math.min(first, position);
                    index.add(position, LogDirectory.cycle(file), cursor.documentOffset());
                }
            }
        }
        final KeptInspection kept = new KeptInspection(directory);
        if (!kept.scan(fromPosition, first, handler) || index.count() == 0) {
            return kept.reached();
        }
        try (MappedLogReader reader = new MappedLogReader(directory, index, new KeptFiles(directory, line -> {}))) {
            return Math.max(kept.reached(), reader.scan(fromPosition, handler));
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

    private Segment mapIfThere(final Path file) {
        try {
            return Segment.map(file);
        } catch (final NoSuchFileException ex) {
            return Segment.map(directory, LogDirectory.cycle(file));
        } catch (final IOException ex) {
            throw new LogException("can't read segment " + file + ": " + ex, ex);
        }
    }

    /** Checks every byte of every record, block and link of the chain, and goes on behind damage. */
    public Summary verify(final Consumer<LogFinding> findings, final Progress progress) {
        final SegmentCheck check = new SegmentCheck();
        final KeptInspection kept = new KeptInspection(directory);
        final List<Path> keptFiles = directory.keptFiles();
        final List<Path> files = segments();
        final long[] first = {-1};
        final long total = Stream.concat(keptFiles.stream(), files.stream())
                .mapToLong(LogInspector::size)
                .sum();
        long done = 0;
        for (final Path file : keptFiles) {
            done += size(file);
            kept.verify(file, findings);
            progress.onProgress(done, total, kept.records());
        }
        long found = kept.findings();
        for (final Path file : files) {
            try (Segment segment = mapIfThere(file)) {
                found += verify(segment, check, findings, first);
                done += segment.length();
            }
            progress.onProgress(done, total, kept.records() + check.records());
        }
        return new Summary(
                files.size(),
                check.blocks(),
                check.records(),
                Math.max(0, first[0]),
                Math.max(0, check.nextPosition()),
                check.previousCrc(),
                keptFiles.size(),
                kept.records(),
                found);
    }

    private static long verify(
            final Segment segment,
            final SegmentCheck check,
            final Consumer<LogFinding> findings,
            final long[] firstPosition) {
        final SegmentCheck.BlockHandler handler = (in, document, block) -> {
            if (firstPosition[0] < 0) {
                firstPosition[0] = BlockDescriptor.firstPosition(in.buffer(), block);
            }
        };
        long found = 0;
        boolean intact = check.run(segment, handler);
        while (true) {
            final int from = intact ? check.endOffset() : Math.max(check.endOffset() + 8, check.damageOffset() + 1);
            final int behind = check.blockBehind(segment, from);
            if (!intact) {
                found++;
                findings.accept(
                        new LogFinding(segment.file(), check.damageOffset(), check.damagePosition(), check.damage()));
            } else if (behind > check.endOffset()) {
                found++;
                findings.accept(new LogFinding(
                        segment.file(), check.endOffset(), check.nextPosition(), "hole: intact blocks lie behind"));
            }
            if (behind < 0) {
                return found;
            }
            if (!intact || behind > check.endOffset()) {
                check.skipDamage();
            }
            intact = check.resume(segment, behind, handler);
        }
    }

    private static long size(final Path file) {
        try {
            return Files.size(file);
        } catch (final IOException ex) {
            return 0;
        }
    }
}
