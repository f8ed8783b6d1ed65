package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.ring.SlotRing;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * What the log is still to be told about events that the core has handled: each note goes through the ring like any
 * event, and counts as told when the core meets it there. What was lost in a crash the core says again when it replays
 * the log, and it is told then. Confined to the thread that drives the core, but for {@link #toldPosition}.
 */
public final class Notes {
    private record Note(int type, long cause, long message, int reasonCode) {}

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

    void add(final int type, final long cause, final long message, final int reasonCode) {
        untold.addLast(new Note(type, cause, message, reasonCode));
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
        while (notes.hasNext()) {
            final long sequence = ring.tryClaim(NoteEvent.LENGTH);
            if (sequence == SlotRing.FULL) {
                break;
            }
            final Note note = notes.next();
            NoteEvent.write(ring.buffer(), ring.offset(sequence), note.type, note.cause, note.message, note.reasonCode);
            ring.commit(sequence, NoteEvent.LENGTH);
            count++;
        }
        written += count;
        return count;
    }

    /** The core has handled everything before this position. */
    void onHandled(final long nextPosition) {
        if (untold.isEmpty()) {
            told.set(nextPosition);
        }
    }
}
