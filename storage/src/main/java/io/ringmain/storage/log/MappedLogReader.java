package io.ringmain.storage.log;

import java.nio.ByteOrder;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads segment files where they lie, beside the writer and without Chronicle: the index leads near the block, document
 * headers to it, the position into it. Each record is checked against its CRC before it is handed out.
 */
final class MappedLogReader implements LogReader {
    private static final int NONE = -1;

    private final LogDirectory directory;
    private final BlockIndex index;
    private final Long2ObjectHashMap<Segment> segments = new Long2ObjectHashMap<>();
    private final BlockCursor cursor = new BlockCursor();
    private final BlockCheck check = new BlockCheck();

    private Segment segment;
    private long segmentCycle = NONE;
    private int oldestEntry;

    MappedLogReader(final LogDirectory directory, final BlockIndex index) {
        this.directory = directory;
        this.index = index;
    }

    @Override
    public boolean read(final long position, final RecordHandler handler) {
        letGo();
        final int entry = index.find(position);
        if (entry < 0 || !isThere(entry, position)) {
            return false;
        }
        final UnsafeBuffer buffer = segment.buffer();
        final int block = cursor.blockOffset();
        final long intoBlock = position - BlockDescriptor.firstPosition(buffer, block);
        if ((intoBlock & (RecordDescriptor.ALIGNMENT - 1)) != 0) {
            return false;
        }
        final int record = block + BlockDescriptor.HEADER_LENGTH + (int) intoBlock;
        final int length = lengthAt(record, block);
        if (length < 0 || !isIntact(record, length)) {
            return false;
        }
        handler.onRecord(position, buffer, record, length);
        return true;
    }

    /** As {@link #seekBlock}; false as well if the segment is being removed just now. */
    private boolean isThere(final int entry, final long position) {
        try {
            return seekBlock(entry, position);
        } catch (final LogException ex) {
            if (index.find(position) < 0) {
                return false;
            }
            throw ex;
        }
    }

    /** Moves the cursor to the block with this position; false if there is none (any more, or yet). */
    private boolean seekBlock(final int entry, final long position) {
        use(index.cycle(entry));
        cursor.wrap(segment.buffer(), segment.length()).seek(index.documentOffset(entry));
        while (cursor.advance() == BlockCursor.BLOCK) {
            final int block = cursor.blockOffset();
            if (position < BlockDescriptor.firstPosition(segment.buffer(), block)) {
                return false;
            }
            if (position < BlockDescriptor.nextPosition(segment.buffer(), block)) {
                return true;
            }
        }
        return false;
    }

    private int lengthAt(final int record, final int block) {
        final int limit = block + BlockDescriptor.length(segment.buffer(), block);
        if (limit - record < RecordDescriptor.HEADER_LENGTH) {
            return -1;
        }
        final int length = segment.buffer().getInt(record + RecordDescriptor.LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return length >= RecordDescriptor.HEADER_LENGTH && length <= limit - record ? length : -1;
    }

    private boolean isIntact(final int record, final int length) {
        final int expected = segment.buffer().getInt(record + RecordDescriptor.CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return check.recordCrc(segment.buffer(), record, length) == expected;
    }

    /** Segments that were removed hold their space for as long as they are mapped. */
    private void letGo() {
        if (index.first() == oldestEntry) {
            return;
        }
        oldestEntry = index.first();
        final long oldestCycle = index.cycle(oldestEntry);
        final Long2ObjectHashMap<Segment>.EntryIterator iterator =
                segments.entrySet().iterator();
        while (iterator.hasNext()) {
            iterator.next();
            if (iterator.getLongKey() < oldestCycle) {
                iterator.getValue().close();
                iterator.remove();
            }
        }
        segmentCycle = NONE;
    }

    private void use(final long cycle) {
        if (cycle == segmentCycle) {
            return;
        }
        segment = segments.get(cycle);
        if (segment == null) {
            segment = Segment.map(directory, cycle);
            segments.put(cycle, segment);
        }
        segmentCycle = cycle;
    }

    @Override
    public long scan(final long fromPosition, final RecordHandler handler) {
        letGo();
        int entry = Math.max(index.first(), index.find(fromPosition));
        long reached = fromPosition;
        if (index.count() == 0) {
            return reached;
        }
        do {
            use(index.cycle(entry));
            cursor.wrap(segment.buffer(), segment.length()).seek(index.documentOffset(entry));
            while (cursor.advance() == BlockCursor.BLOCK) {
                final long next = scanBlock(fromPosition, handler);
                if (next < 0) {
                    return -next;
                }
                reached = Math.max(reached, next);
            }
            entry = index.nextSegment(entry);
        } while (entry >= 0);
        return reached;
    }

    /** Position behind the block; negated and behind the last record if the handler stopped. */
    private long scanBlock(final long fromPosition, final RecordHandler handler) {
        final UnsafeBuffer buffer = segment.buffer();
        final int block = cursor.blockOffset();
        final long behind = BlockDescriptor.nextPosition(buffer, block);
        if (behind <= fromPosition) {
            return fromPosition;
        }
        int record = block + BlockDescriptor.HEADER_LENGTH;
        long position = BlockDescriptor.firstPosition(buffer, block);
        while (position < behind) {
            final int length = lengthAt(record, block);
            if (length < 0 || !isIntact(record, length)) {
                throw LogException.damaged("damaged record in " + segment.file() + " at byte " + record + ", position "
                        + position + ": run 'ringmain log verify'");
            }
            final int aligned = RecordDescriptor.alignedLength(length);
            if (position >= fromPosition && !handler.onRecord(position, buffer, record, length)) {
                return -(position + aligned);
            }
            position += aligned;
            record += aligned;
        }
        return behind;
    }

    /** Segments that were looked into and are still there. */
    int segmentCount() {
        return segments.size();
    }

    @Override
    public void close() {
        segments.values().forEach(Segment::close);
        segments.clear();
        segmentCycle = NONE;
    }
}
