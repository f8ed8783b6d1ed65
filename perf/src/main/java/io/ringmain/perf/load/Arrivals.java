package io.ringmain.perf.load;

import org.agrona.collections.LongHashSet;

/** The numbers of one publisher as a subscriber, or a shared group, gets them: which are missing, doubled, or late. */
final class Arrivals {
    /** Beyond that many open numbers they are counted as missing for good. */
    private static final int MAX_OPEN = 1 << 20;

    /** Passed over by a higher number, and not come yet. */
    private final LongHashSet open = new LongHashSet();

    private long next;
    private long forgotten;
    private long duplicated;
    private long outOfOrder;

    /** Numbers begin at 0. Returns whether it has not come before. */
    boolean add(final long sequence) {
        if (sequence == next) {
            next++;
            return true;
        }
        return addOther(sequence);
    }

    private boolean addOther(final long sequence) {
        if (sequence > next) {
            final long kept = Math.min(sequence - next, MAX_OPEN - open.size());
            for (long i = 0; i < kept; i++) {
                open.add(next + i);
            }
            forgotten += sequence - next - kept;
            next = sequence + 1;
        } else if (open.remove(sequence)) {
            outOfOrder++;
        } else {
            duplicated++;
            return false;
        }
        return true;
    }

    /** Passed over by a higher number and never seen. */
    long missing() {
        return forgotten + open.size();
    }

    long duplicated() {
        return duplicated;
    }

    /** Came after a higher number. */
    long outOfOrder() {
        return outOfOrder;
    }
}
