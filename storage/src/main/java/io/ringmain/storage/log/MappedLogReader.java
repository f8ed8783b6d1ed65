package io.ringmain.storage.log;

import java.nio.ByteOrder;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads segment files where they lie, beside the writer and without Chronicle: the index leads near the block, document
 * headers to it, the position into it. What is in no segment any more may be among the kept records. Each record is checked against its CRC before it is handed out.
 */
final class MappedLogReader implements LogReader {
    private static final int NONE = -1;

    private final LogDirectory directory;
    private final BlockIndex index;
    private final KeptReader kept;
    private final Long2ObjectHashMap<Segment> segments = new Long2ObjectHashMap<>();
    private final BlockCursor cursor = new BlockCursor();
    private final BlockCheck check = new BlockCheck();

    private Segment segment;
    private long segmentCycle = NONE;
    private int oldestEntry;

    /** Positions of the block on which the cursor stands since the last read; nothing is in it if it stands on none. */
    private long blockFirst;

    private long blockNext;

    MappedLogReader(final LogDirectory directory, final BlockIndex index, final KeptFiles kept) {
        this.directory = directory;
        this.index = index;
        this.kept = new KeptReader(kept);
    }

    @Override
    public boolean read(final long position, final RecordHandler handler) {
        letGo();
        if (position < blockFirst || position >= blockNext) {
            final int entry = index.find(position);
            if (entry < 0 || !isThere(entry, position)) {
                return kept.read(position, handler);
            }
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

    /**
     * Moves the cursor to the block with this position; false if there is none (any more, or yet). Who reads in ascending
     * order goes on from the last block, and not from an index entry that lies before it.
     */
    private boolean seekBlock(final int entry, final long position) {
        final boolean isAhead = blockNext > blockFirst
                && position >= blockNext
                && index.cycle(entry) == segmentCycle
                && index.documentOffset(entry) < cursor.next();
        leaveBlock();
        if (!isAhead) {
            use(index.cycle(entry));
            cursor.wrap(segment.buffer(), segment.length()).seek(index.documentOffset(entry));
        }
        while (cursor.advance() == BlockCursor.BLOCK) {
            final int block = cursor.blockOffset();
            final long first = BlockDescriptor.firstPosition(segment.buffer(), block);
            final long next = BlockDescriptor.nextPosition(segment.buffer(), block);
            if (position < first) {
                return false;
            }
            if (position < next) {
                blockFirst = first;
                blockNext = next;
                return true;
            }
        }
        return false;
    }

    private void leaveBlock() {
        blockFirst = 0;
        blockNext = 0;
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

    @Override
    public void letGo() {
        kept.letGo();
        if (index.first() != oldestEntry) {
            letGoOfSegments();
        }
    }

    /** Segments that were removed hold their space for as long as they are mapped. */
    private void letGoOfSegments() {
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
        leaveBlock();
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
        leaveBlock();
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

    /** Notes in the index how far the last scan came, so that the next one from there needn't walk over the segment. */
    void noteReached() {
        if (segmentCycle != NONE && segmentCycle == index.cycle(index.count() - 1)) {
            index.add(
                    BlockDescriptor.firstPosition(segment.buffer(), cursor.blockOffset()),
                    segmentCycle,
                    cursor.documentOffset());
        }
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
        kept.close();
        segmentCycle = NONE;
        leaveBlock();
    }
}
