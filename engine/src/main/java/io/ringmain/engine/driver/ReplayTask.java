package io.ringmain.engine.driver;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.MessageView;
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
    private static final long NOWHERE = -1;

    private final MessageLog log;
    private final LogReader wills;
    private final NoteScan notes;
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
    private long from;
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

    // The wills that one event led to may be more than an answer holds.
    private final LongArrayList leftWills = new LongArrayList();
    private long willsCause;
    private long willsCauseNs;

    /**
     * @param wills used for single records, also while another reader scans.
     * @param lookAhead how far a note may be behind its event, bytes.
     */
    ReplayTask(
            final ReplayRequest request,
            final MessageLog log,
            final LogReader wills,
            final long lookAhead,
            final long nowNs) {
        this.log = log;
        this.wills = wills;
        this.notes = new NoteScan(lookAhead);
        final String behindPrefix = request.filter().substring(request.filter().indexOf('/') + 1);
        final int slash = behindPrefix.indexOf('/');
        this.place = ReplayPlace.parse(behindPrefix.substring(0, slash));
        this.notBeforeNs = place.timeNs(nowNs);
        this.cursor = NOWHERE;
        this.messages = new RecordedMessages(request, behindPrefix.substring(slash + 1));
        begin(request);
    }

    /** Goes on for the next request of the same replay. */
    void begin(final ReplayRequest next) {
        request = next;
        complete = false;
        batch.wrapForWrite(batchBuffer, 0, next.connectionId(), next.number(), next.askedAt());
        if (next.fromPosition() >= 0 && next.fromPosition() != resolvedFrom()) {
            leftWills.clear();
            startAt(next.fromPosition(), Long.MIN_VALUE);
        }
        from = resolvedFrom();
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

    /** Where this answer begins: at the event whose wills didn't fit into the last one, or where that ended. */
    private long resolvedFrom() {
        return leftWills.isEmpty() ? cursor : willsCause;
    }

    /**
     * Looks at a stretch of the log.
     *
     * @param committed position up to which the log may be looked at.
     * @param told up to where the log has all notes of what is before it.
     * @return bytes of the records that were looked at.
     */
    long advance(final LogReader reader, final long committed, final long told, final int maxBytes) {
        bytesRead = 0;
        sliceBytes = maxBytes;
        final long known = cursor == NOWHERE ? NOWHERE : notes.advance(reader, cursor, told, maxBytes);
        final long end = Math.min(committed, told);
        if (!resolved) {
            resolve(reader, end, known);
        } else {
            read(reader, end, known);
        }
        return bytesRead + (known == NOWHERE ? 0 : notes.bytesRead());
    }

    private void resolve(final LogReader reader, final long committed, final long known) {
        switch (place.kind()) {
            case POSITION -> startAt(Math.min(place.value(), committed), Long.MIN_VALUE);
            case TIME, AGO -> startAt(Math.min(log.positionBefore(notBeforeNs), committed), notBeforeNs);
            case LAST -> findLast(reader, committed, known);
            default -> throw new IllegalStateException("a place of kind " + place.kind());
        }
    }

    private void startAt(final long position, final long firstTimestampNs) {
        resolved = true;
        cursor = position;
        from = position;
        notes.restart(position);
        notBeforeNs = firstTimestampNs;
    }

    private void findLast(final LogReader reader, final long committed, final long known) {
        if (segmentStart < 0) {
            wanted = place.value();
            oldestWanted = committed;
            segmentEnd = committed;
            if (!previousSegment()) {
                startAt(committed, Long.MIN_VALUE);
            }
            return;
        }
        scan(reader, Math.min(segmentEnd, known));
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
        notes.restart(cursor);
        lastOnes.clear();
        seen = 0;
        return segmentStart >= 0;
    }

    private void read(final LogReader reader, final long committed, final long known) {
        final boolean toEnd = request.toPosition() < 0;
        addLeftWills();
        if (!isFull()) {
            scan(reader, Math.min(known, toEnd ? committed : Math.min(committed, request.toPosition())));
        }
        final boolean atEnd = leftWills.isEmpty() && cursor >= (toEnd ? committed : request.toPosition());
        if (atEnd || isFull()) {
            complete(atEnd && toEnd ? ReplayBatchEvent.AT_END : 0);
        }
    }

    private void scan(final LogReader reader, final long limit) {
        sliceLimit = limit;
        if (cursor < limit) {
            cursor = Math.max(cursor, Math.min(limit, reader.scan(cursor, this)));
        }
    }

    private boolean isFull() {
        return batch.count() == ReplayBatchEvent.MAX_COUNT;
    }

    private void complete(final int flags) {
        batch.finish(flags, from, resolvedFrom());
        complete = true;
    }

    /** The log can't be read. */
    void fail() {
        batch.wrapForWrite(batchBuffer, 0, request.connectionId(), request.number(), request.askedAt());
        leftWills.clear();
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
        final LongArrayList willsHere = notes.takeWills(position);
        final boolean isMessage =
                EventHeader.type(buffer, offset) == EventType.PUBLISH && !notes.takeNotTaken(position);
        final long timestampNs = EventHeader.timestampNs(buffer, offset);
        if (timestampNs >= notBeforeNs) {
            if (isMessage && messages.accepts(buffer, offset)) {
                found(position, position, timestampNs, length, 0);
            }
            if (willsHere != null) {
                willsCause = position;
                willsCauseNs = timestampNs;
                leftWills.addAll(willsHere);
                addLeftWills();
            }
        }
        return bytesRead < sliceBytes && !isFull();
    }

    /** Wills whose CONNECT is in the log no more can't be told any more. */
    private void addLeftWills() {
        int done = 0;
        while (done < leftWills.size() && !isFull()) {
            wills.read(leftWills.getLong(done), (position, buffer, offset, length) -> {
                if (messages.accepts(buffer, offset)) {
                    found(willsCause, position, willsCauseNs, length, DeliveryFlags.WILL);
                }
                return false;
            });
            done++;
        }
        for (int i = 0; i < done; i++) {
            leftWills.removeAt(0);
        }
    }

    private void found(
            final long cause, final long position, final long timestampNs, final int length, final int flags) {
        if (resolved) {
            add(position, timestampNs, length, flags);
        } else {
            noteLast(cause);
        }
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

    private void add(final long position, final long timestampNs, final int length, final int flags) {
        final MessageView message = messages.message();
        final long deadlineNs =
                message.hasExpiry() ? timestampNs + TimeUnit.SECONDS.toNanos(message.expirySeconds()) : 0;
        batch.add(
                position,
                deadlineNs,
                length,
                TOPIC_LENGTH_PREFIX + message.topicLength() + message.payloadLength(),
                message.propertiesLength(),
                DeliveryFlags.of(message.qos(), message.isRetain(), false) | flags);
    }
}
