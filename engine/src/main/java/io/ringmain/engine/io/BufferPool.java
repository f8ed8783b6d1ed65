package io.ringmain.engine.io;

import java.util.ArrayDeque;
import org.agrona.BitUtil;

/**
 * Buffers for connections that hold bytes at the moment; most hold none. Sizes are powers of two from 4 KiB; what is
 * larger than 2 MiB isn't kept. A busy subscriber gets some hundred KiB in a cycle, and to make a buffer of that size anew
 * each time, which zeroes it, costs more than all else that is done for it. Confined to one I/O agent.
 */
public final class BufferPool {
    static final int SMALLEST = 4 << 10;

    private static final int CLASSES = 10;
    private static final int KEPT_BYTES_PER_CLASS = 8 << 20;

    private final ArrayDeque<IoBuffer>[] free;

    public BufferPool() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        final ArrayDeque<IoBuffer>[] queues = new ArrayDeque[CLASSES];
        free = queues;
        for (int i = 0; i < CLASSES; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** A buffer of at least this many bytes; its content is undefined. */
    public IoBuffer take(final int capacity) {
        final int size = Math.max(SMALLEST, BitUtil.findNextPositivePowerOfTwo(capacity));
        final int sizeClass = sizeClass(size);
        final IoBuffer pooled = sizeClass < CLASSES ? free[sizeClass].pollLast() : null;
        return pooled != null ? pooled : new IoBuffer(size);
    }

    public void give(final IoBuffer buffer) {
        final int sizeClass = sizeClass(buffer.capacity());
        if (sizeClass < CLASSES && free[sizeClass].size() < KEPT_BYTES_PER_CLASS / buffer.capacity()) {
            free[sizeClass].addLast(buffer);
        }
    }

    private static int sizeClass(final int size) {
        return Integer.numberOfTrailingZeros(size) - Integer.numberOfTrailingZeros(SMALLEST);
    }
}
