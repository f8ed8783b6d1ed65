package io.ringmain.engine.counters;

import static org.agrona.BitUtil.CACHE_LINE_LENGTH;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The counters of one broker, a padded 64-bit word each. Any thread may add and read; what happens per message is added
 * once per duty cycle.
 */
public final class Counters {
    private static final int STRIDE = 2 * CACHE_LINE_LENGTH;

    private final UnsafeBuffer words =
            new UnsafeBuffer(ByteBuffer.allocateDirect((CounterId.values().length + 1) * STRIDE));

    public void increment(final CounterId id) {
        add(id, 1);
    }

    public void add(final CounterId id, final long delta) {
        words.getAndAddLong((id.ordinal() + 1) * STRIDE, delta);
    }

    /** Sets a counter that shows how many there are now; it has one writer. */
    public void set(final CounterId id, final long value) {
        words.putLongOrdered((id.ordinal() + 1) * STRIDE, value);
    }

    public long get(final CounterId id) {
        return words.getLongVolatile((id.ordinal() + 1) * STRIDE);
    }
}
