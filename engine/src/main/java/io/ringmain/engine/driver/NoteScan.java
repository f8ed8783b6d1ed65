package io.ringmain.engine.driver;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * Runs ahead of a reader of the log and gathers the notes: a note stands behind the event that it belongs to, and not
 * further than what the ring holds, since it is put into the ring when the event is handled.
 */
final class NoteScan implements LogReader.RecordHandler {
    private final LongHashSet notTaken = new LongHashSet();
    private final long lookAhead;
    private final Long2ObjectHashMap<LongArrayList> wills = new Long2ObjectHashMap<>();
    private long cursor = -1;
    private long limit;
    private long bytesRead;
    private long maxBytes;

    /** @param lookAhead how far a note may be behind its event, bytes. */
    NoteScan(final long lookAhead) {
        this.lookAhead = lookAhead;
    }

    /** The reader goes on elsewhere: what was gathered is gathered again. */
    void restart(final long position) {
        cursor = position;
        notTaken.clear();
        wills.clear();
    }

    /**
     * Reads ahead of a position.
     *
     * @param position that the reader wants to go on from.
     * @param told up to where the log has all notes of what is before it.
     * @return position before which all notes are known; less than could be when the slice is used up.
     */
    long advance(final LogReader reader, final long position, final long told, final long sliceBytes) {
        if (cursor < position) {
            restart(position);
        }
        limit = told;
        bytesRead = 0;
        maxBytes = sliceBytes;
        if (cursor < told) {
            cursor = Math.max(cursor, Math.min(told, reader.scan(cursor, this)));
        }
        return cursor >= told ? told : Math.max(position, cursor - lookAhead);
    }

    long bytesRead() {
        return bytesRead;
    }

    @Override
    public boolean onRecord(final long position, final DirectBuffer buffer, final int offset, final int length) {
        if (position >= limit) {
            return false;
        }
        final int taken = RecordDescriptor.alignedLength(length);
        bytesRead += taken;
        cursor = position + taken;
        switch (EventHeader.type(buffer, offset)) {
            case EventType.NOT_TAKEN -> notTaken.add(NoteEvent.cause(buffer, offset));
            case EventType.WILL_PUBLISHED ->
                wills.computeIfAbsent(NoteEvent.cause(buffer, offset), cause -> new LongArrayList())
                        .addLong(NoteEvent.message(buffer, offset));
            default -> {}
        }
        return bytesRead < maxBytes;
    }

    /** Whether the message of an event was not taken. Each event is asked for once. */
    boolean takeNotTaken(final long position) {
        return !notTaken.isEmpty() && notTaken.remove(position);
    }

    /** Positions of the CONNECTs whose wills an event led to, null for none. Each event is asked for once. */
    LongArrayList takeWills(final long position) {
        return wills.isEmpty() ? null : wills.remove(position);
    }
}
