package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.ring.SlotRing;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the log is still to be told about events that the core has handled: each note goes through the ring like any
 * event, and counts as told when the core meets it there. What was lost in a crash the core says again when it replays
 * the log, and it is told then. Confined to the thread that drives the core, but for {@link #toldPosition}.
 */
public final class Notes {
    private record Note(int type, long cause, long message, int reasonCode, DirectBuffer topic, DirectBuffer clientId) {
        int length() {
            return NoteEvent.length(topic.capacity(), clientId.capacity());
        }
    }

    private static final DirectBuffer NOTHING = new UnsafeBuffer(new byte[0]);

    /** Oldest first; those at the front are in the ring already. */
    private final ArrayDeque<Note> untold = new ArrayDeque<>();

    private final Sequence told = new Sequence(0);
    private int written;

    /** Position before which every event has the notes that belong to it, all of them before this position too. */
    public Sequence toldPosition() {
        return told;
    }

    /**
     * Whether every event that was handled has its notes. A state without them is none to start from: what is before it
     * isn't replayed, and so isn't said again.
     */
    public boolean areTold() {
        return untold.isEmpty();
    }

    void onNotTaken(final long position, final int reasonCode) {
        untold.addLast(new Note(EventType.NOT_TAKEN, position, position, reasonCode, NOTHING, NOTHING));
    }

    /** Topic and client id are never changed, and so may be kept. */
    void onWillPublished(
            final long causePosition,
            final long connectPosition,
            final DirectBuffer topic,
            final DirectBuffer clientId) {
        untold.addLast(new Note(EventType.WILL_PUBLISHED, causePosition, connectPosition, 0, topic, clientId));
    }

    /** The core has met a note. One that isn't expected belongs to an event before the beginning of a replay. */
    void onMet(final long cause) {
        if (!untold.isEmpty() && untold.peekFirst().cause == cause) {
            untold.pollFirst();
            written = Math.max(0, written - 1);
        }
    }

    /** Writes what isn't in the ring, as far as there is room; returns the number of notes. */
    int write(final SlotRing ring) {
        if (written == untold.size()) {
            return 0;
        }
        final Iterator<Note> notes = untold.iterator();
        for (int i = 0; i < written; i++) {
            notes.next();
        }
        int count = 0;
        while (notes.hasNext() && write(ring, notes.next())) {
            count++;
        }
        written += count;
        return count;
    }

    private static boolean write(final SlotRing ring, final Note note) {
        final long sequence = ring.tryClaim(note.length());
        if (sequence == SlotRing.FULL) {
            return false;
        }
        NoteEvent.write(
                ring.buffer(),
                ring.offset(sequence),
                note.type,
                note.cause,
                note.message,
                note.reasonCode,
                note.topic,
                note.clientId);
        ring.commit(sequence, note.length());
        return true;
    }

    /** The core has handled everything before this position. */
    void onHandled(final long nextPosition) {
        if (untold.isEmpty()) {
            told.set(nextPosition);
        }
    }
}
