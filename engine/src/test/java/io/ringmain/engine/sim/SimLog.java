package io.ringmain.engine.sim;

import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.LogUsage;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.RecordDescriptor;
import io.ringmain.storage.log.Retention;
import java.nio.ByteOrder;
import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * A log in memory that a crash treats as a disk would: what was forced is there afterwards, of the rest some whole
 * blocks at the beginning may be.
 */
final class SimLog implements MessageLog {
    private static final int MAX_RECORD_LENGTH = 1 << 20;
    private static final int MAX_BLOCK_LENGTH = 64 << 10;

    private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer(1 << 20);
    private final ArrayList<Long> blockEnds = new ArrayList<>();
    private long publishedPosition;
    private long appendPosition;
    private long forcedPosition;
    private boolean blockOpen;
    private long remainingBytes = Long.MAX_VALUE;

    @Override
    public int maxRecordLength() {
        return MAX_RECORD_LENGTH;
    }

    @Override
    public long appendPosition() {
        return appendPosition;
    }

    @Override
    public long positionBefore(final long timestampNs) {
        return 0;
    }

    @Override
    public long segmentBefore(final long position) {
        return position > 0 ? 0 : -1;
    }

    @Override
    public long firstPosition() {
        return 0;
    }

    @Override
    public int truncate(
            final long lowWaterPosition, final LivePositions live, final Retention retention, final long nowNs) {
        return 0;
    }

    @Override
    public boolean isOverdue(final Retention retention, final long nowNs) {
        return false;
    }

    @Override
    public LogUsage usage() {
        return new LogUsage(1, 0, 0, 0, 0, 0);
    }

    @Override
    public void requestRoll(final long segmentFirstPosition) {}

    long forcedPosition() {
        return forcedPosition;
    }

    @Override
    public long remainingBytes(final long wanted) {
        return remainingBytes;
    }

    /** Lets the disk seem full, or not. */
    void roomLeft(final long left) {
        remainingBytes = left;
    }

    @Override
    public void beginBlock(final long timestampNs) {
        if (blockOpen) {
            throw new IllegalStateException("the block before was not ended");
        }
        blockOpen = true;
    }

    @Override
    public boolean append(final DirectBuffer buffer, final int offset, final int length) {
        final int aligned = RecordDescriptor.alignedLength(length);
        if (appendPosition > publishedPosition && appendPosition + aligned - publishedPosition > MAX_BLOCK_LENGTH) {
            return false;
        }
        bytes.putBytes((int) appendPosition, buffer, offset, length);
        appendPosition += aligned;
        return true;
    }

    @Override
    public void endBlock() {
        blockOpen = false;
        publishedPosition = appendPosition;
        blockEnds.add(appendPosition);
    }

    @Override
    public long force() {
        forcedPosition = publishedPosition;
        return forcedPosition;
    }

    /** The power goes: of the blocks that were not forced, a number that chance chooses is left. */
    void crash(final SimRandom random) {
        blockOpen = false;
        int kept = blockEnds.size();
        while (kept > 0 && blockEnds.get(kept - 1) > forcedPosition && !random.oneIn(3)) {
            kept--;
        }
        while (blockEnds.size() > kept) {
            blockEnds.remove(blockEnds.size() - 1);
        }
        publishedPosition = kept == 0 ? 0 : blockEnds.get(kept - 1);
        appendPosition = publishedPosition;
        forcedPosition = publishedPosition;
    }

    @Override
    public LogReader newReader() {
        return new SimLogReader();
    }

    @Override
    public void close() {}

    private final class SimLogReader implements LogReader {
        @Override
        public boolean read(final long position, final RecordHandler handler) {
            if (position < 0 || position >= publishedPosition) {
                return false;
            }
            handler.onRecord(position, bytes, (int) position, length(position));
            return true;
        }

        @Override
        public long scan(final long fromPosition, final RecordHandler handler) {
            long position = 0;
            boolean goOn = true;
            while (goOn && position < publishedPosition) {
                final int length = length(position);
                goOn = position < fromPosition || handler.onRecord(position, bytes, (int) position, length);
                position += RecordDescriptor.alignedLength(length);
            }
            return position;
        }

        private int length(final long position) {
            return bytes.getInt((int) position, ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void close() {}
    }
}
