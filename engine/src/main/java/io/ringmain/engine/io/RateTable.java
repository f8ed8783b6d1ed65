package io.ringmain.engine.io;

import org.agrona.BitUtil;

/**
 * Token buckets of many keys in memory that doesn't grow. A bucket is one number, the time at which it will be full
 * again (the generic cell rate algorithm, ITU-T I.371): a bucket that is full says nothing and can go. A key has four
 * places where it may be; where all are taken, the bucket that will be full first goes. Whoever comes from many
 * addresses, to drive out buckets, has to come often, which the rate in all bounds.
 *
 * <p>Not thread-safe. Allocates nothing.
 */
final class RateTable {
    private static final int WAYS = 4;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final long[] keys;
    private final long[] fullAtNs;
    private final long seed;
    private final int shift;

    /**
     * @param capacity in keys, at least 8.
     * @param seed so that nobody knows which keys share their places.
     */
    RateTable(final int capacity, final long seed) {
        final int sets = BitUtil.findNextPositivePowerOfTwo(Math.max(2, capacity / WAYS));
        this.keys = new long[sets * WAYS];
        this.fullAtNs = new long[sets * WAYS];
        this.seed = seed;
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(sets);
    }

    /** When the bucket of this key is full again; the past, or 0, if it is. */
    long fullAtNs(final long key) {
        final int at = placeOf(key);
        return keys[at] == key ? fullAtNs[at] : 0;
    }

    void fullAtNs(final long key, final long timeNs) {
        final int at = placeOf(key);
        keys[at] = key;
        fullAtNs[at] = timeNs;
    }

    /** Where the key is; if it is nowhere, the place of the bucket that will be full first. */
    private int placeOf(final long key) {
        final int first = (int) ((key ^ seed) * MULTIPLIER >>> shift) * WAYS;
        int oldest = first;
        for (int at = first; at < first + WAYS; at++) {
            if (keys[at] == key) {
                return at;
            }
            oldest = fullAtNs[at] < fullAtNs[oldest] ? at : oldest;
        }
        return oldest;
    }
}
