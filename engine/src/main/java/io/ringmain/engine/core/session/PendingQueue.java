package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;

/**
 * The messages with QoS 1 and 2 that wait for a session: references, oldest first. Memory per message is 32 bytes,
 * whatever its size.
 *
 * <p>Each has a sequence number, which is part of its hash, so that the order counts in the digest; numbering starts
 * again when the queue has run empty.
 */
public final class PendingQueue {
    private final StateDigest digest;
    private final IdentifierSets identifiers;
    private final long salt;
    private ReferenceRing ring = ReferenceRing.EMPTY;

    /** Null until an age was noted. */
    private AgeMarks ages;

    private long bytes;
    private Session holder;

    /** @param salt tells this queue from those of other sessions in the digest. */
    public PendingQueue(final StateDigest digest, final IdentifierSets identifiers, final long salt) {
        this.digest = digest;
        this.identifiers = identifiers;
        this.salt = salt;
    }

    public boolean isEmpty() {
        return ring.count() == 0;
    }

    public int count() {
        return ring.count();
    }

    /** Lengths of the queued events together. */
    public long bytes() {
        return bytes;
    }

    /** The connected session for which publishers to this queue are held back, null if none is; no part of the state. */
    public Session holder() {
        return holder;
    }

    public void holder(final Session session) {
        holder = session;
    }

    public long headSequence() {
        return ring.head();
    }

    public long tailSequence() {
        return ring.tail();
    }

    public void add(final MessageRef message) {
        makeRing();
        ring.addLast(message);
        identifiers.hold(message.identifiers());
        bytes += message.length();
        digest.add(hash(ring.tail() - 1));
    }

    /** Most queues of a broker never hold anything. */
    private void makeRing() {
        if (ring == ReferenceRing.EMPTY) {
            ring = new ReferenceRing();
        }
    }

    private AgeMarks makeAges() {
        if (ages == null) {
            ages = new AgeMarks(digest, ~salt);
        }
        return ages;
    }

    /**
     * Notes when the next message is added; before it is.
     *
     * @param maxAgeNs nanoseconds.
     */
    public void noteAge(final long nowNs, final long maxAgeNs) {
        makeAges().note(ring.tail(), nowNs, maxAgeNs);
    }

    /** Whether the oldest message has been here for so long. */
    public boolean isHeadOverdue(final long nowNs, final long maxAgeNs) {
        return ring.count() > 0 && ages != null && ages.isOverdue(ring.head(), nowNs, maxAgeNs);
    }

    public int ageMarkCount() {
        return ages == null ? 0 : ages.count();
    }

    public long ageMarkSequence(final int place) {
        return ages.sequence(place);
    }

    public long ageMarkTimeNs(final int place) {
        return ages.timeNs(place);
    }

    public void restoreAgeMark(final long sequence, final long timeNs) {
        makeAges().add(sequence, timeNs);
    }

    /** Puts a message before all others. */
    public void addFirst(final MessageRef message) {
        makeRing();
        ring.addFirst(message);
        identifiers.hold(message.identifiers());
        bytes += message.length();
        digest.add(hash(ring.head()));
    }

    /** Removes the oldest message; there must be one. The caller has to release its identifiers. */
    public MessageRef poll(final MessageRef into) {
        ring.load(ring.head(), into);
        digest.remove(hash(ring.head()));
        bytes -= into.length();
        ring.removeFirst();
        if (ring.count() == 0) {
            ring.restart(0);
            clearAges();
        }
        return into;
    }

    /**
     * Removes the messages whose positions are in a range. Those that are left close up towards the end, so that none
     * seems older than it is.
     *
     * @return how many it were.
     */
    public int removeRange(final long fromPosition, final long toPosition) {
        final MessageRef message = new MessageRef();
        long kept = ring.tail();
        for (long sequence = ring.tail() - 1; sequence >= ring.head(); sequence--) {
            ring.load(sequence, message);
            if (message.position() >= fromPosition && message.position() < toPosition) {
                digest.remove(hash(sequence));
                bytes -= message.length();
                identifiers.release(message.identifiers());
            } else if (--kept != sequence) {
                digest.remove(hash(sequence));
                ring.set(kept, message);
                digest.add(hash(kept));
            }
        }
        final int count = (int) (kept - ring.head());
        for (int i = 0; i < count; i++) {
            ring.removeFirst();
        }
        if (count > 0 && ring.count() == 0) {
            ring.restart(0);
            clearAges();
        }
        return count;
    }

    /** Reads the message with this sequence number. */
    public MessageRef get(final long sequence, final MessageRef into) {
        return ring.load(sequence, into);
    }

    /** Where a snapshot goes on filling the empty queue, and with how many messages. */
    public void restoreAt(final long sequence, final int count) {
        makeRing();
        ring.restart(sequence);
        ring.reserve(count);
    }

    public void clear() {
        clearAges();
        digest.remove(contentHash());
        for (long sequence = ring.head(); sequence < ring.tail(); sequence++) {
            identifiers.release(ring.identifiers(sequence));
        }
        bytes = 0;
        ring = ReferenceRing.EMPTY;
    }

    private void clearAges() {
        if (ages != null) {
            ages.clear();
        }
    }

    /** Gives back memory that an emptied queue doesn't need; for when a connection ends, not for the hot path. */
    public void trim() {
        if (isEmpty()) {
            ring = ReferenceRing.EMPTY;
        }
    }

    /** What this queue adds to the digest, computed anew. */
    public long contentHash() {
        long sum = ages == null ? 0 : ages.contentHash();
        for (long sequence = ring.head(); sequence < ring.tail(); sequence++) {
            sum += hash(sequence);
        }
        return sum;
    }

    private long hash(final long sequence) {
        return ring.hash(salt, sequence);
    }
}
