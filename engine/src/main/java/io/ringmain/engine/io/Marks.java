package io.ringmain.engine.io;

import java.util.Arrays;

/**
 * Which bytes of an outbound stream wait for which commit position. A mark says: from this stream offset on, this
 * position is required; what comes behind with a lower requirement waits with it, as the order is kept.
 */
final class Marks {
    private static final int INITIAL_CAPACITY = 8;

    private long[] offsets = new long[INITIAL_CAPACITY];
    private long[] positions = new long[INITIAL_CAPACITY];
    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Notes a requirement, unless the last mark asks for as much already. */
    void add(final long offset, final long requiredPosition) {
        if (count > 0 && positions[head + count - 1] >= requiredPosition) {
            return;
        }
        if (head + count == offsets.length) {
            makeRoom();
        }
        offsets[head + count] = offset;
        positions[head + count] = requiredPosition;
        count++;
    }

    private void makeRoom() {
        if (head > 0) {
            System.arraycopy(offsets, head, offsets, 0, count);
            System.arraycopy(positions, head, positions, 0, count);
        } else {
            offsets = Arrays.copyOf(offsets, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
        }
        head = 0;
    }

    /** Stream offset up to which bytes may leave now; {@code tailOffset} if nothing waits any more. */
    long limit(final long commitPosition, final long tailOffset) {
        while (count > 0 && positions[head] <= commitPosition) {
            head++;
            count--;
        }
        if (count == 0) {
            head = 0;
            return tailOffset;
        }
        return offsets[head];
    }

    void clear() {
        head = 0;
        count = 0;
    }
}
