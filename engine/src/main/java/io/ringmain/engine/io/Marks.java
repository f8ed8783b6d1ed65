package io.ringmain.engine.io;

import java.util.Arrays;

/**
 * Which bytes of an outbound stream wait for which commit position. A mark says: from this stream offset on, this
 * position is required; what comes behind with a lower requirement waits with it, as the order is kept.
 */
final class Marks {
    /** Offset and position. */
    private static final int WORDS = 2;

    /** Shared by all that never had a mark. */
    private static final long[] NOTHING = {};

    /** Begins with room for one mark: most connections never have more, and there are many of them. */
    private long[] words = NOTHING;

    private int head;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Notes a requirement, unless the last mark asks for as much already. */
    void add(final long offset, final long requiredPosition) {
        if (count > 0 && position(head + count - 1) >= requiredPosition) {
            return;
        }
        if ((head + count) * WORDS == words.length) {
            makeRoom();
        }
        final int at = (head + count) * WORDS;
        words[at] = offset;
        words[at + 1] = requiredPosition;
        count++;
    }

    private long position(final int index) {
        return words[index * WORDS + 1];
    }

    private void makeRoom() {
        if (head > 0) {
            System.arraycopy(words, head * WORDS, words, 0, count * WORDS);
        } else {
            words = Arrays.copyOf(words, Math.max(1, count * 2) * WORDS);
        }
        head = 0;
    }

    /** Stream offset up to which bytes may leave now; {@code tailOffset} if nothing waits any more. */
    long limit(final long commitPosition, final long tailOffset) {
        while (count > 0 && position(head) <= commitPosition) {
            head++;
            count--;
        }
        if (count == 0) {
            head = 0;
            return tailOffset;
        }
        return words[head * WORDS];
    }

    void clear() {
        head = 0;
        count = 0;
    }
}
