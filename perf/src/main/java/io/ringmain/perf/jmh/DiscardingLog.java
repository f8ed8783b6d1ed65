package io.ringmain.perf.jmh;

import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.LogUsage;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.RecordDescriptor;
import io.ringmain.storage.log.Retention;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/** Gives out positions and keeps nothing: what surrounds the log is measured with it, {@link JournalAppend} is the log. */
public class DiscardingLog implements MessageLog {
    private long appendPosition;

    @Override
    public int maxRecordLength() {
        return Integer.MAX_VALUE;
    }

    @Override
    public long appendPosition() {
        return appendPosition;
    }

    @Override
    public long remainingBytes(final long wanted) {
        return Long.MAX_VALUE;
    }

    @Override
    public void beginBlock(final long timestampNs) {}

    @Override
    public boolean append(final DirectBuffer buffer, final int offset, final int length) {
        appendPosition += BitUtil.align(length, RecordDescriptor.ALIGNMENT);
        return true;
    }

    @Override
    public void endBlock() {}

    @Override
    public long force() {
        return appendPosition;
    }

    @Override
    public long firstPosition() {
        return 0;
    }

    @Override
    public long positionBefore(final long timestampNs) {
        return 0;
    }

    @Override
    public long segmentBefore(final long position) {
        return -1;
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
        throw new UnsupportedOperationException();
    }

    @Override
    public void requestRoll(final long segmentFirstPosition) {}

    @Override
    public LogReader newReader() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
