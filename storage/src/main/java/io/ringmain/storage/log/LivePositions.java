package io.ringmain.storage.log;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The positions of all messages that a state refers to: in ascending order, each once, in one array. Positions may come
 * in any order and any number of times, as a message that waits for many sessions does; what memory it takes goes by
 * the distinct ones. Confined to one thread.
 */
public final class LivePositions implements LongConsumer {
    private static final int INITIAL_CAPACITY = 1024;

    private long[] positions = new long[INITIAL_CAPACITY];
    private int count;
    private boolean settled = true;

    @Override
    public void accept(final long position) {
        if (count == positions.length) {
            settle();
            if (count > positions.length / 2) {
                positions = Arrays.copyOf(positions, positions.length * 2);
            }
        }
        positions[count++] = position;
        settled = false;
    }

    /** Brings the positions into order, and drops those that are there twice. */
    private void settle() {
        if (settled) {
            return;
        }
        Arrays.sort(positions, 0, count);
        int distinct = 1;
        for (int i = 1; i < count; i++) {
            if (positions[i] != positions[distinct - 1]) {
                positions[distinct++] = positions[i];
            }
        }
        count = distinct;
        settled = true;
    }

    /** How many there are. */
    public int count() {
        settle();
        return count;
    }

    /** One of them, in ascending order. */
    long get(final int index) {
        return positions[index];
    }

    /** Index of the first that is not before a position, {@link #count()} if there is none. */
    int firstNotBefore(final long position) {
        settle();
        final int found = Arrays.binarySearch(positions, 0, count, position);
        return found < 0 ? -found - 1 : found;
    }

    /** Hands them out in ascending order. */
    public void forEach(final LongConsumer consumer) {
        settle();
        for (int i = 0; i < count; i++) {
            consumer.accept(positions[i]);
        }
    }

    boolean contains(final long position) {
        settle();
        return Arrays.binarySearch(positions, 0, count, position) >= 0;
    }
}
