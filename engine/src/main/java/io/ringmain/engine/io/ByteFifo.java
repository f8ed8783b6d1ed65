package io.ringmain.engine.io;

/**
 * Bytes in, bytes out, in one piece of pooled memory that is there only while it holds something. Counted by stream
 * offsets that never go back, so that a place in it keeps its name while the memory moves.
 */
final class ByteFifo {
    /** One that nothing is ever put into: what a queue has until it needs one of its own. Nothing writes to it. */
    static final ByteFifo EMPTY = new ByteFifo(null);

    private final BufferPool pool;
    private IoBuffer buffer;
    private int head;
    private int tail;
    private long headOffset;

    ByteFifo(final BufferPool pool) {
        this.pool = pool;
    }

    int length() {
        return tail - head;
    }

    boolean isEmpty() {
        return tail == head;
    }

    /** Stream offset of the first byte. */
    long headOffset() {
        return headOffset;
    }

    /** Stream offset behind the last byte. */
    long tailOffset() {
        return headOffset + length();
    }

    /** Makes room behind the tail and returns where it begins in {@link #buffer()}; {@link #advance} takes it. */
    int claim(final int length) {
        if (buffer == null) {
            buffer = pool.take(length);
            head = 0;
            tail = 0;
        } else if (buffer.capacity() - tail < length) {
            makeRoom(length);
        }
        return tail;
    }

    /** Compacts only when half of the memory is free at the front; else grows: no byte is moved often. */
    private void makeRoom(final int length) {
        final int used = length();
        if (head >= buffer.capacity() / 2 && buffer.capacity() - used >= length) {
            buffer.view.putBytes(0, buffer.view, head, used);
        } else {
            final IoBuffer larger = pool.take(Math.max(buffer.capacity() * 2, used + length));
            larger.view.putBytes(0, buffer.view, head, used);
            pool.give(buffer);
            buffer = larger;
        }
        head = 0;
        tail = used;
    }

    void advance(final int length) {
        tail += length;
    }

    IoBuffer buffer() {
        return buffer;
    }

    /** Index in {@link #buffer()} of a stream offset that is in the queue. */
    int index(final long offset) {
        return head + (int) (offset - headOffset);
    }

    /** Lets go of bytes at the front; an empty queue gives its memory back. */
    void drop(final int length) {
        head += length;
        headOffset += length;
        if (head == tail) {
            clear();
        }
    }

    void clear() {
        if (buffer == null) {
            return;
        }
        headOffset += length();
        head = 0;
        tail = 0;
        pool.give(buffer);
        buffer = null;
    }
}
