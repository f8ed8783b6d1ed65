package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;

/**
 * The messages with QoS 1 and 2 that wait for a session: a ring of references, oldest first. Memory per message is 32
 * bytes, whatever its size.
 *
 * <p>Each has a sequence number, which is part of its hash, so that the order counts in the digest; numbering starts
 * again when the queue has run empty.
 */
public final class PendingQueue {
    private static final int INITIAL_CAPACITY = 8;
    private static final long[] NOTHING = {};

    private final StateDigest digest;
    private final IdentifierSets identifiers;
    private final long salt;
    private final AgeMarks ages;
    private long[] words = NOTHING;
    private long head;
    private long tail;
    private long bytes;

    /** @param salt tells this queue from those of other sessions in the digest. */
    public PendingQueue(final StateDigest digest, final IdentifierSets identifiers, final long salt) {
        this.digest = digest;
        this.identifiers = identifiers;
        this.salt = salt;
        this.ages = new AgeMarks(digest, ~salt);
    }

    public boolean isEmpty() {
        return head == tail;
    }

    public int count() {
        return (int) (tail - head);
    }

    /** Lengths of the queued events together. */
    public long bytes() {
        return bytes;
    }

    public long headSequence() {
        return head;
    }

    public long tailSequence() {
        return tail;
    }

    public void add(final MessageRef message) {
        if (count() == capacity()) {
            grow();
        }
        final int index = index(tail);
        message.store(words, index);
        identifiers.hold(message.identifiers());
        bytes += message.length();
        digest.add(hash(tail));
        tail++;
    }

    /**
     * Notes when the next message is added; before it is.
     *
     * @param maxAgeNs nanoseconds.
     */
    public void noteAge(final long nowNs, final long maxAgeNs) {
        ages.note(tail, nowNs, maxAgeNs);
    }

    /** Whether the oldest message has been here for so long. */
    public boolean isHeadOverdue(final long nowNs, final long maxAgeNs) {
        return head < tail && ages.isOverdue(head, nowNs, maxAgeNs);
    }

    public int ageMarkCount() {
        return ages.count();
    }

    public long ageMarkSequence(final int place) {
        return ages.sequence(place);
    }

    public long ageMarkTimeNs(final int place) {
        return ages.timeNs(place);
    }

    public void restoreAgeMark(final long sequence, final long timeNs) {
        ages.add(sequence, timeNs);
    }

    /** Puts a message before all others. */
    public void addFirst(final MessageRef message) {
        if (count() == capacity()) {
            grow();
        }
        head--;
        message.store(words, index(head));
        identifiers.hold(message.identifiers());
        bytes += message.length();
        digest.add(hash(head));
    }

    /** Removes the oldest message; there must be one. The caller has to release its identifiers. */
    public MessageRef poll(final MessageRef into) {
        into.load(words, index(head));
        digest.remove(hash(head));
        bytes -= into.length();
        head++;
        startAgainIfEmpty();
        return into;
    }

    /**
     * Removes the messages whose positions are in a range. Those that are left close up towards the end, so that none
     * seems older than it is.
     *
     * @return how many it were.
     */
    public int removeRange(final long fromPosition, final long toPosition) {
        long kept = tail;
        for (long sequence = tail - 1; sequence >= head; sequence--) {
            final int index = index(sequence);
            final boolean removed = words[index] >= fromPosition && words[index] < toPosition;
            if (removed) {
                digest.remove(hash(sequence));
                bytes -= MessageRef.lengthOf(words, index);
                identifiers.release(MessageRef.identifiersOf(words, index));
            } else if (--kept != sequence) {
                digest.remove(hash(sequence));
                System.arraycopy(words, index, words, index(kept), MessageRef.WORDS);
                digest.add(hash(kept));
            }
        }
        final int count = (int) (kept - head);
        head = kept;
        startAgainIfEmpty();
        return count;
    }

    private void startAgainIfEmpty() {
        if (head == tail) {
            head = 0;
            tail = 0;
            ages.clear();
        }
    }

    /** Reads the message with this sequence number. */
    public MessageRef get(final long sequence, final MessageRef into) {
        return into.load(words, index(sequence));
    }

    /** Where a snapshot goes on filling the empty queue. */
    public void restoreAt(final long sequence) {
        head = sequence;
        tail = sequence;
    }

    public void clear() {
        ages.clear();
        digest.remove(contentHash());
        for (long sequence = head; sequence < tail; sequence++) {
            identifiers.release(MessageRef.identifiersOf(words, index(sequence)));
        }
        head = 0;
        tail = 0;
        bytes = 0;
        words = NOTHING;
    }

    /** Gives back memory that an emptied queue doesn't need; for when a connection ends, not for the hot path. */
    public void trim() {
        if (isEmpty()) {
            words = NOTHING;
        }
    }

    /** What this queue adds to the digest, computed anew. */
    public long contentHash() {
        long sum = ages.contentHash();
        for (long sequence = head; sequence < tail; sequence++) {
            sum += hash(sequence);
        }
        return sum;
    }

    private long hash(final long sequence) {
        return MessageRef.hash(salt + sequence, words, index(sequence));
    }

    private int capacity() {
        return words.length / MessageRef.WORDS;
    }

    private int index(final long sequence) {
        return ((int) sequence & (capacity() - 1)) * MessageRef.WORDS;
    }

    private void grow() {
        final long[] old = words;
        final int oldCapacity = capacity();
        words = new long[Math.max(INITIAL_CAPACITY, oldCapacity * 2) * MessageRef.WORDS];
        for (long sequence = head; sequence < tail; sequence++) {
            final int from = ((int) sequence & (oldCapacity - 1)) * MessageRef.WORDS;
            System.arraycopy(old, from, words, index(sequence), MessageRef.WORDS);
        }
    }
}
