package io.ringmain.engine.driver;

import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.ReplayBatchEvent;
import io.ringmain.engine.event.ReplayPlace;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.RecordDescriptor;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one replay looks for in the log, a slice at a time: first the place that its filter names, then messages, until
 * an answer is full or there is nothing more to look at.
 */
final class ReplayTask implements LogReader.RecordHandler {
    private static final int TOPIC_LENGTH_PREFIX = 2;

    private final MessageLog log;
    private final ReplayPlace place;
    private final RecordedMessages messages;
    private final UnsafeBuffer batchBuffer = new UnsafeBuffer(
            new byte[RecordDescriptor.alignedLength(ReplayBatchEvent.length(ReplayBatchEvent.MAX_COUNT))]);
    private final ReplayBatchEvent batch = new ReplayBatchEvent();
    private final LongArrayList lastOnes = new LongArrayList();
    private ReplayRequest request;
    private boolean resolved;
    private boolean complete;
    private long cursor;
    private long notBeforeNs;
    private long sliceLimit;
    private int sliceBytes;
    private long bytesRead;

    // While the last N messages are looked for: a segment at a time, from the end.
    private long segmentStart = -1;
    private long segmentEnd;
    private long wanted;
    private long oldestWanted;
    private long seen;

    ReplayTask(final ReplayRequest request, final MessageLog log, final Authorizer authorizer, final long nowNs) {
        this.log = log;
        final String behindPrefix = request.filter().substring(request.filter().indexOf('/') + 1);
        final int slash = behindPrefix.indexOf('/');
        this.place = ReplayPlace.parse(behindPrefix.substring(0, slash));
        this.notBeforeNs = place.timeNs(nowNs);
        this.messages = new RecordedMessages(request, behindPrefix.substring(slash + 1), authorizer);
        begin(request);
    }

    /** Goes on for the next request of the same replay. */
    void begin(final ReplayRequest next) {
        request = next;
        complete = false;
        batch.wrapForWrite(batchBuffer, 0, next.connectionId(), next.number(), next.askedAt());
        if (next.fromPosition() >= 0) {
            resolved = true;
            cursor = next.fromPosition();
            notBeforeNs = Long.MIN_VALUE;
        }
    }

    ReplayRequest request() {
        return request;
    }

    /** Whether the answer can be sent. */
    boolean isComplete() {
        return complete;
    }

    /** The answer; {@link #isComplete}. */
    UnsafeBuffer answer() {
        return batchBuffer;
    }

    /**
     * Looks at a stretch of the log.
     *
     * @param committed position up to which the log may be looked at.
     * @return bytes of the records that were looked at.
     */
    long advance(final LogReader reader, final long committed, final int maxBytes) {
        bytesRead = 0;
        sliceBytes = maxBytes;
        if (!resolved) {
            resolve(reader, committed);
        } else {
            read(reader, committed);
        }
        return bytesRead;
    }

    private void resolve(final LogReader reader, final long committed) {
        switch (place.kind()) {
            case POSITION -> startAt(Math.min(place.value(), committed), Long.MIN_VALUE);
            case TIME, AGO -> startAt(Math.min(log.positionBefore(notBeforeNs), committed), notBeforeNs);
            case LAST -> findLast(reader, committed);
            default -> throw new IllegalStateException("a place of kind " + place.kind());
        }
    }

    private void startAt(final long position, final long firstTimestampNs) {
        resolved = true;
        cursor = position;
        notBeforeNs = firstTimestampNs;
    }

    private void findLast(final LogReader reader, final long committed) {
        if (segmentStart < 0) {
            wanted = place.value();
            oldestWanted = committed;
            segmentEnd = committed;
            if (!previousSegment()) {
                startAt(committed, Long.MIN_VALUE);
                return;
            }
        }
        sliceLimit = segmentEnd;
        cursor = Math.max(cursor, Math.min(segmentEnd, reader.scan(cursor, this)));
        if (cursor < segmentEnd) {
            return;
        }
        if (seen > 0) {
            oldestWanted = lastOnes.getLong(seen < wanted ? 0 : (int) (seen % wanted));
        }
        wanted -= lastOnes.size();
        segmentEnd = segmentStart;
        if (wanted <= 0 || !previousSegment()) {
            startAt(oldestWanted, Long.MIN_VALUE);
        }
    }

    private boolean previousSegment() {
        segmentStart = wanted > 0 ? log.segmentBefore(segmentEnd) : -1;
        cursor = Math.max(0, segmentStart);
        lastOnes.clear();
        seen = 0;
        return segmentStart >= 0;
    }

    private void read(final LogReader reader, final long committed) {
        final boolean toEnd = request.toPosition() < 0;
        sliceLimit = toEnd ? committed : Math.min(committed, request.toPosition());
        if (cursor < sliceLimit) {
            cursor = Math.max(cursor, Math.min(sliceLimit, reader.scan(cursor, this)));
        }
        final boolean atEnd = cursor >= (toEnd ? sliceLimit : request.toPosition());
        if (atEnd || batch.count() == ReplayBatchEvent.MAX_COUNT) {
            complete(atEnd && toEnd ? ReplayBatchEvent.AT_END : 0);
        }
    }

    private void complete(final int flags) {
        batch.finish(flags, cursor);
        complete = true;
    }

    /** The log can't be read. */
    void fail() {
        batch.wrapForWrite(batchBuffer, 0, request.connectionId(), request.number(), request.askedAt());
        complete(ReplayBatchEvent.FAILED);
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        if (position >= sliceLimit) {
            return false;
        }
        final int taken = RecordDescriptor.alignedLength(length);
        bytesRead += taken;
        cursor = position + taken;
        if (EventHeader.timestampNs(buffer, offset) >= notBeforeNs && messages.accepts(buffer, offset)) {
            if (resolved) {
                add(position, buffer, offset, length);
            } else {
                noteLast(position);
            }
        }
        return bytesRead < sliceBytes && batch.count() < ReplayBatchEvent.MAX_COUNT;
    }

    /** Keeps the last ones of the segment, in a ring. */
    private void noteLast(final long position) {
        if (lastOnes.size() < wanted) {
            lastOnes.addLong(position);
        } else {
            lastOnes.setLong((int) (seen % wanted), position);
        }
        seen++;
    }

    private void add(final long position, final DirectBuffer buffer, final int offset, final int length) {
        final PublishEvent publish = messages.publish();
        final long deadlineNs = publish.hasExpiry()
                ? EventHeader.timestampNs(buffer, offset) + TimeUnit.SECONDS.toNanos(publish.expirySeconds())
                : 0;
        batch.add(
                position,
                deadlineNs,
                length,
                TOPIC_LENGTH_PREFIX + publish.topicLength() + publish.payloadLength(),
                publish.propertiesLength(),
                DeliveryFlags.of(publish.qos(), publish.isRetain(), false));
    }
}
