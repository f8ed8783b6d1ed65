package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.MessageRef;
import org.agrona.BitUtil;

/**
 * References by consecutive sequence numbers, added at both ends and removed at the front: a queue of a million costs
 * what its references take, and grows without being copied.
 *
 * <pre>
 *  small:  one chunk, doubled until it holds 1024, its places used round and round
 *  large:  chunks of 1024, found by sequence / 1024 in a table that is used round and round
 *
 *          table  | chunk 8 | chunk 5 | chunk 6 | chunk 7 |
 *                      ^ tail    ^ head
 * </pre>
 *
 * A place within a chunk is the sequence modulo the capacity of the chunk, in both. Two chunks that have run empty are
 * kept for the next that are needed, so that a queue which goes up and down by less than one allocates nothing.
 */
final class ReferenceRing {
    private static final int INITIAL_CAPACITY = 8;
    private static final int CHUNK_SHIFT = 10;
    private static final int CHUNK_CAPACITY = 1 << CHUNK_SHIFT;
    private static final int INITIAL_CHUNKS = 4;
    private static final int MAX_SPARES = 2;

    /** Shared by all that are empty, and never written to: a chunk of no places. */
    private static final long[][] NOTHING = {{}};

    /** One that nothing is ever added to: what a queue has until it needs one of its own. Nothing writes to it. */
    static final ReferenceRing EMPTY = new ReferenceRing();

    /** One element while small; a power of two. */
    private long[][] chunks = NOTHING;

    /** Made when the first chunk runs empty. */
    private long[][] spares;

    private int spareCount;
    private long head;
    private long tail;

    /** Sequence number of the first. */
    long head() {
        return head;
    }

    /** One more than that of the last. */
    long tail() {
        return tail;
    }

    int count() {
        return (int) (tail - head);
    }

    void addLast(final MessageRef reference) {
        makeRoom(tail, head, tail + 1);
        reference.store(chunk(tail), index(tail));
        tail++;
    }

    void addFirst(final MessageRef reference) {
        makeRoom(head - 1, head - 1, tail);
        head--;
        reference.store(chunk(head), index(head));
    }

    MessageRef load(final long sequence, final MessageRef into) {
        return into.load(chunk(sequence), index(sequence));
    }

    /** Puts another in the place of the one with this number. */
    void set(final long sequence, final MessageRef reference) {
        reference.store(chunk(sequence), index(sequence));
    }

    int identifiers(final long sequence) {
        return MessageRef.identifiersOf(chunk(sequence), index(sequence));
    }

    long hash(final long salt, final long sequence) {
        return MessageRef.hash(salt + sequence, chunk(sequence), index(sequence));
    }

    void removeFirst() {
        head++;
        if (isLarge() && (head & CHUNK_CAPACITY - 1) == 0) {
            keep(chunks[slot(head - 1)]);
            chunks[slot(head - 1)] = null;
        }
    }

    private void keep(final long[] emptied) {
        if (spares == null) {
            spares = new long[MAX_SPARES][];
        }
        if (spareCount < MAX_SPARES) {
            spares[spareCount++] = emptied;
        }
    }

    /** Numbers what is added to the empty ring from here on. */
    void restart(final long sequence) {
        if (isLarge()) {
            final long[] kept = chunks[slot(head)];
            chunks[slot(head)] = null;
            chunks[slot(sequence)] = kept;
        }
        head = sequence;
        tail = sequence;
    }

    private boolean isLarge() {
        return chunks.length > 1;
    }

    /** Makes sure that there is a place for this number, when the ring reaches from one to before the other. */
    private void makeRoom(final long sequence, final long from, final long to) {
        if (!isLarge() && to - from > chunks[0].length / MessageRef.WORDS) {
            growSmall();
        }
        if (isLarge()) {
            if ((to - 1 >> CHUNK_SHIFT) - (from >> CHUNK_SHIFT) >= chunks.length) {
                growTable();
            }
            if (chunks[slot(sequence)] == null) {
                chunks[slot(sequence)] =
                        spareCount > 0 ? spares[--spareCount] : new long[CHUNK_CAPACITY * MessageRef.WORDS];
            }
        }
    }

    /** Makes an empty ring as large as a known number of references needs, instead of growing it to there. */
    void reserve(final int count) {
        if (chunks == NOTHING && count > INITIAL_CAPACITY) {
            final int capacity = BitUtil.findNextPositivePowerOfTwo(Math.min(count, CHUNK_CAPACITY));
            chunks = new long[][] {new long[capacity * MessageRef.WORDS]};
        }
    }

    private void growSmall() {
        final long[] old = chunks[0];
        final int capacity = old.length / MessageRef.WORDS;
        if (capacity == CHUNK_CAPACITY) {
            becomeLarge(old);
            return;
        }
        chunks = new long[][] {new long[Math.max(INITIAL_CAPACITY, capacity * 2) * MessageRef.WORDS]};
        for (long sequence = head; sequence < tail; sequence++) {
            final int from = ((int) sequence & capacity - 1) * MessageRef.WORDS;
            System.arraycopy(old, from, chunks[0], index(sequence), MessageRef.WORDS);
        }
    }

    /** What the one chunk holds belongs to one or two chunks now, at the same places in both. */
    private void becomeLarge(final long[] full) {
        chunks = new long[INITIAL_CHUNKS][];
        chunks[slot(head)] = full;
        if (slot(tail - 1) != slot(head)) {
            chunks[slot(tail - 1)] = full.clone();
        }
    }

    private void growTable() {
        final long[][] old = chunks;
        chunks = new long[old.length * 2][];
        for (long number = head >> CHUNK_SHIFT; number <= tail - 1 >> CHUNK_SHIFT; number++) {
            chunks[(int) number & chunks.length - 1] = old[(int) number & old.length - 1];
        }
    }

    private int slot(final long sequence) {
        return (int) (sequence >> CHUNK_SHIFT) & chunks.length - 1;
    }

    private long[] chunk(final long sequence) {
        return chunks[slot(sequence)];
    }

    private int index(final long sequence) {
        return ((int) sequence & (chunk(sequence).length / MessageRef.WORDS) - 1) * MessageRef.WORDS;
    }
}
