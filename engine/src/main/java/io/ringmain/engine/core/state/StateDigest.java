package io.ringmain.engine.core.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;

/**
 * A 64-bit sum over the hashes of all elements of the state. The sum is commutative, so that it can be kept up to date
 * by each change alone; what has an order puts its place into its hash.
 *
 * <p>The mixer is the finaliser of MurmurHash3 (Austin Appleby, public domain). It finds accidents, not attackers.
 */
public final class StateDigest {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private long sum;

    public void add(final long hash) {
        sum += hash;
    }

    public void remove(final long hash) {
        sum -= hash;
    }

    public void replace(final long oldHash, final long newHash) {
        sum += newHash - oldHash;
    }

    public long value() {
        return sum;
    }

    /** Spreads every bit of the value over all 64. */
    public static long mix(final long value) {
        long h = value;
        h ^= h >>> 33;
        h *= 0xFF51_AFD7_ED55_8CCDL;
        h ^= h >>> 33;
        h *= 0xC4CE_B9FE_1A85_EC53L;
        h ^= h >>> 33;
        return h;
    }

    /** The hash of a sequence: what {@code hash} stands for, then {@code value}. */
    public static long mix(final long hash, final long value) {
        return mix(Long.rotateLeft(hash, 29) * MULTIPLIER ^ value);
    }

    public static long mix(final long hash, final long a, final long b) {
        return mix(mix(hash, a), b);
    }

    public static long mix(final long hash, final long a, final long b, final long c) {
        return mix(mix(mix(hash, a), b), c);
    }

    /** The hash of some bytes and their number. */
    public static long hash(final DirectBuffer buffer, final int offset, final int length) {
        long hash = mix(length + MULTIPLIER);
        int i = offset;
        for (final int limit = offset + (length & ~7); i < limit; i += 8) {
            hash = mix(hash, buffer.getLong(i, LITTLE_ENDIAN));
        }
        long tail = 0;
        for (final int limit = offset + length; i < limit; i++) {
            tail = tail << 8 | buffer.getByte(i) & 0xFF;
        }
        return mix(hash, tail);
    }
}
