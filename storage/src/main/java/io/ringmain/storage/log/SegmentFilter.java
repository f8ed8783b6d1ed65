package io.ringmain.storage.log;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * What somebody looks for, as far as it tells segments apart: a stretch of the log, a stretch of time, and keys that a
 * record must all have. A segment that passes may still hold nothing of it; the caller checks each record.
 */
public final class SegmentFilter {
    private final int keysVersion;
    private long fromPosition;
    private long toPosition = Long.MAX_VALUE;
    private long fromNs = Long.MIN_VALUE;
    private long toNs = Long.MAX_VALUE;
    private long[] keyHashes = {};

    /** @param keysVersion {@link RecordKeys#version()} of the keys that are asked for; 0 if none are. */
    public SegmentFilter(final int keysVersion) {
        this.keysVersion = keysVersion;
    }

    /** Records from a position on, up to but not including another. */
    public SegmentFilter positions(final long from, final long to) {
        fromPosition = from;
        toPosition = to;
        return this;
    }

    /** Records from a time on, up to but not including another, epoch nanoseconds. */
    public SegmentFilter times(final long from, final long to) {
        fromNs = from;
        toNs = to;
        return this;
    }

    /** Records with this key, and with all others that were added. */
    public SegmentFilter key(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        keyHashes = Arrays.copyOf(keyHashes, keyHashes.length + 1);
        keyHashes[keyHashes.length - 1] = KeyFilter.hash(kind, buffer, offset, length);
        return this;
    }

    /** Whether the segment of a sidecar may hold such a record. */
    boolean mayMatch(final Sidecar sidecar) {
        if (sidecar.nextPosition() <= fromPosition
                || sidecar.firstPosition() >= toPosition
                || sidecar.lastTimestampNs() < fromNs
                || sidecar.firstTimestampNs() >= toNs) {
            return false;
        }
        if (sidecar.keysVersion() != keysVersion) {
            return true;
        }
        for (final long hash : keyHashes) {
            if (!sidecar.mayHoldKey(hash)) {
                return false;
            }
        }
        return true;
    }
}
