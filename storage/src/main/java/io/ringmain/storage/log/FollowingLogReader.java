package io.ringmain.storage.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a log from outside again and again, as it grows: before each call it takes in the segments that were begun
 * since, and forgets those that were removed. Segments that it has begun to read stay mapped, so that one that is sealed
 * or removed meanwhile is read to its end.
 */
final class FollowingLogReader implements LogReader {
    private final LogDirectory directory;
    private final BlockIndex index = new BlockIndex();
    private final MappedLogReader reader;
    private long newestCycle = -1;
    private long next;

    FollowingLogReader(final LogDirectory directory) {
        this.directory = directory;
        this.reader = new MappedLogReader(directory, index, new KeptFiles(directory, line -> {}));
    }

    @Override
    public boolean read(final long position, final RecordHandler handler) {
        refresh();
        return index.count() > 0 && reader.read(position, handler) || readKept(position, handler);
    }

    private boolean readKept(final long position, final RecordHandler handler) {
        final boolean[] found = {false};
        new KeptInspection(directory).scan(position, position + 1, (at, buffer, offset, length) -> {
            found[0] = at == position;
            if (found[0]) {
                handler.onRecord(at, buffer, offset, length);
            }
            return false;
        });
        return found[0];
    }

    /**
     * As {@link LogReader#scan}; where it ends, the next call goes on without walking over the segment again. When
     * segments are removed that it hasn't come to, it goes on behind them.
     */
    @Override
    public long scan(final long fromPosition, final RecordHandler handler) {
        next = fromPosition;
        while (true) {
            refresh();
            if (index.count() == 0) {
                return fromPosition;
            }
            try {
                final long reached = reader.scan(next, (position, buffer, offset, length) -> {
                    next = position + RecordDescriptor.alignedLength(length);
                    return handler.onRecord(position, buffer, offset, length);
                });
                reader.noteReached();
                return reached;
            } catch (final LogException ex) {
                if (ex.isDamage() || !isOldestGone()) {
                    throw ex;
                }
            }
        }
    }

    private boolean isOldestGone() {
        final List<Path> files = directory.segments();
        return !files.isEmpty() && LogDirectory.cycle(files.get(0)) > index.cycle(index.first());
    }

    private void refresh() {
        final List<Path> files = directory.segments();
        for (final Path file : files) {
            final long cycle = LogDirectory.cycle(file);
            if (cycle > newestCycle) {
                addFirstBlock(cycle);
            }
        }
        if (!files.isEmpty()) {
            dropBefore(LogDirectory.cycle(files.get(0)));
        }
    }

    private void addFirstBlock(final long cycle) {
        final BlockCursor cursor = new BlockCursor();
        try (Segment segment = Segment.map(directory.locate(cycle))) {
            if (cursor.wrap(segment.buffer(), segment.length()).advance() == BlockCursor.BLOCK) {
                index.add(
                        BlockDescriptor.firstPosition(segment.buffer(), cursor.blockOffset()),
                        cycle,
                        cursor.documentOffset());
                newestCycle = cycle;
            }
        } catch (final NoSuchFileException ex) {
            // Removed, or just being moved: the next call finds what there is then.
        } catch (final IOException ex) {
            throw new LogException(
                    "can't map segment " + LogDirectory.name(cycle) + " in " + directory.sealed() + ": " + ex, ex);
        }
    }

    private void dropBefore(final long oldestCycle) {
        int entry = index.first();
        while (entry >= 0 && entry < index.count() && index.cycle(entry) < oldestCycle) {
            entry = index.nextSegment(entry);
        }
        if (entry > index.first()) {
            index.dropBefore(index.position(entry));
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
