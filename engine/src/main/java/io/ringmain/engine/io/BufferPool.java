package io.ringmain.engine.io;

import java.util.ArrayDeque;
import org.agrona.BitUtil;

/**
 * Buffers for connections that hold bytes at the moment; most hold none. Sizes are powers of two from 4 KiB; what is
 * larger than 2 MiB isn't kept. A busy subscriber gets some hundred KiB in a cycle, and to make a buffer of that size anew
 * each time, which zeroes it, costs more than all else that is done for it. Confined to one I/O agent.
 *
 * <p>What is taken has a bound. Below it is a mark from which on the pool is scarce: whoever can do with less shall.
 */
public final class BufferPool {
    static final int SMALLEST = 4 << 10;

    private static final int CLASSES = 10;
    private static final int KEPT_BYTES_PER_CLASS = 8 << 20;

    /** Of what the JVM allows, a pool that isn't told otherwise takes this part. */
    private static final int DEFAULT_SHARE = 8;

    private final ArrayDeque<IoBuffer>[] free;
    private long scarceBytes;
    private long maxBytes;
    private long takenBytes;

    public BufferPool() {
        bound(DirectMemory.maxBytes() / DEFAULT_SHARE / 2, DirectMemory.maxBytes() / DEFAULT_SHARE);
        @SuppressWarnings({"unchecked", "rawtypes"})
        final ArrayDeque<IoBuffer>[] queues = new ArrayDeque[CLASSES];
        free = queues;
        for (int i = 0; i < CLASSES; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /**
     * @param scarce bytes taken from which on {@link #isScarce}.
     * @param max bytes that may be taken.
     */
    void bound(final long scarce, final long max) {
        scarceBytes = scarce;
        maxBytes = max;
    }

    /** Whether so much is taken that nobody should take more than it must. */
    boolean isScarce() {
        return takenBytes > scarceBytes;
    }

    /** Bytes of the buffers that are taken. */
    long takenBytes() {
        return takenBytes;
    }

    /** A buffer that is taken has come here from another pool, or gone to one. */
    void moved(final int bytes) {
        takenBytes += bytes;
    }

    /**
     * A buffer of at least this many bytes; its content is undefined.
     *
     * @throws BuffersExhausted when that would be too much; nothing has changed then.
     */
    public IoBuffer take(final int capacity) {
        final int size = Math.max(SMALLEST, BitUtil.findNextPositivePowerOfTwo(capacity));
        if (takenBytes + size > maxBytes) {
            throw new BuffersExhausted(size);
        }
        final int sizeClass = sizeClass(size);
        final IoBuffer pooled = sizeClass < CLASSES ? free[sizeClass].pollLast() : null;
        final IoBuffer buffer = pooled != null ? pooled : allocate(size);
        takenBytes += size;
        return buffer;
    }

    /** Others take direct memory too, so that it may end before the bound is reached. */
    private static IoBuffer allocate(final int size) {
        try {
            return new IoBuffer(size);
        } catch (final OutOfMemoryError ex) {
            throw new BuffersExhausted(size);
        }
    }

    public void give(final IoBuffer buffer) {
        takenBytes -= buffer.capacity();
        final int sizeClass = sizeClass(buffer.capacity());
        if (sizeClass < CLASSES && free[sizeClass].size() < KEPT_BYTES_PER_CLASS / buffer.capacity()) {
            free[sizeClass].addLast(buffer);
        }
    }

    private static int sizeClass(final int size) {
        return Integer.numberOfTrailingZeros(size) - Integer.numberOfTrailingZeros(SMALLEST);
    }
}
