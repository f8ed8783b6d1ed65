package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.StateDigest;

/**
 * When the messages of a queue were put into it: not for each of them, but a mark now and then, so that an age is known
 * to a sixteenth of the longest that is allowed.
 */
final class AgeMarks {
    private static final int CAPACITY = 32;
    private static final int MARKS_PER_AGE = 16;

    private final StateDigest digest;
    private final long salt;
    private long[] sequences;
    private long[] timesNs;
    private int first;
    private int count;

    AgeMarks(final StateDigest digest, final long salt) {
        this.digest = digest;
        this.salt = salt;
    }

    /** A message gets this sequence number now. */
    void note(final long sequence, final long nowNs, final long maxAgeNs) {
        final boolean due = count == 0 || nowNs - timesNs[index(count - 1)] >= maxAgeNs / MARKS_PER_AGE;
        if (due && count < CAPACITY) {
            add(sequence, nowNs);
        }
    }

    /** Puts a mark behind the others. */
    void add(final long sequence, final long timeNs) {
        if (sequences == null) {
            sequences = new long[CAPACITY];
            timesNs = new long[CAPACITY];
        }
        final int index = index(count++);
        sequences[index] = sequence;
        timesNs[index] = timeNs;
        digest.add(hash(index));
    }

    /** Whether the message with this sequence number, the oldest there is, has had the longest age at this time. */
    boolean isOverdue(final long sequence, final long nowNs, final long maxAgeNs) {
        while (count > 1 && sequences[index(1)] <= sequence) {
            digest.remove(hash(first));
            first = index(1);
            count--;
        }
        if (count == 0) {
            return false;
        }
        final boolean marked = sequence <= sequences[first];
        return timesNs[first] + (marked ? 0 : maxAgeNs / MARKS_PER_AGE) <= nowNs - maxAgeNs;
    }

    void clear() {
        digest.remove(contentHash());
        count = 0;
    }

    int count() {
        return count;
    }

    long sequence(final int place) {
        return sequences[index(place)];
    }

    long timeNs(final int place) {
        return timesNs[index(place)];
    }

    /** What the marks add to the digest, computed anew. */
    long contentHash() {
        long sum = 0;
        for (int place = 0; place < count; place++) {
            sum += hash(index(place));
        }
        return sum;
    }

    private int index(final int place) {
        return (first + place) & (CAPACITY - 1);
    }

    private long hash(final int index) {
        return StateDigest.mix(salt, sequences[index], timesNs[index]);
    }
}
