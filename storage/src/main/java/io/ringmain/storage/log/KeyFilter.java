package io.ringmain.storage.log;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Bloom filter over the keys of a segment's records: what it doesn't know isn't there, what it knows may be. About ten
 * bits a key, so that one question in a hundred is answered wrongly with "maybe". Confined to one thread.
 *
 * <p>Keys are counted by their hashes, up to a bound; with more of them the filter takes its greatest length at once,
 * and gets less sharp beyond that.
 */
final class KeyFilter {
    static final int MAX_LENGTH = 2 << 20;

    private static final int MAX_DISTINCT = 1 << 19;
    private static final int BITS_PER_KEY = 10;
    private static final int PROBES = 7;
    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01B3L;

    private final LongHashSet distinct = new LongHashSet();
    private final KnownKeys known = new KnownKeys();
    private MutableDirectBuffer full;

    /** Takes a key in. True: it is known to be there already. */
    boolean add(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        if (known.contains(kind, buffer, offset, length)) {
            return true;
        }
        final long hash = hash(kind, buffer, offset, length);
        if (full != null) {
            set(full, 0, MAX_LENGTH, hash);
        } else if (distinct.add(hash) && distinct.size() > MAX_DISTINCT) {
            full = new UnsafeBuffer(new byte[MAX_LENGTH]);
            distinct.forEachLong(kept -> set(full, 0, MAX_LENGTH, kept));
            distinct.clear();
            distinct.compact();
        }
        return false;
    }

    /** Bytes that {@link #write} takes: a multiple of 8, at least 8. */
    int length() {
        return full != null
                ? MAX_LENGTH
                : (Math.max(1, distinct.size()) * BITS_PER_KEY + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
    }

    /** Writes the filter over zeroes. */
    void write(final MutableDirectBuffer target, final int offset) {
        if (full != null) {
            target.putBytes(offset, full, 0, MAX_LENGTH);
            return;
        }
        final int length = length();
        distinct.forEachLong(hash -> set(target, offset, length, hash));
    }

    private static void set(final MutableDirectBuffer bits, final int offset, final int length, final long hash) {
        for (int probe = 0; probe < PROBES; probe++) {
            final long bit = bit(hash, probe, length);
            final int at = offset + (int) (bit >>> 3);
            bits.putByte(at, (byte) (bits.getByte(at) | 1 << (bit & 7)));
        }
    }

    /** Whether a filter may know the key with this {@link #hash}. */
    static boolean mayHold(final DirectBuffer filter, final int offset, final int length, final long hash) {
        for (int probe = 0; probe < PROBES; probe++) {
            final long bit = bit(hash, probe, length);
            if ((filter.getByte(offset + (int) (bit >>> 3)) & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Two halves of one hash make as many as are needed (Kirsch and Mitzenmacher). */
    private static long bit(final long hash, final int probe, final int length) {
        final long step = (hash >>> 32 | 1) * probe;
        return ((hash & 0xFFFF_FFFFL) + step) % ((long) length * Byte.SIZE);
    }

    /** FNV-1a over kind and bytes, its bits mixed as MurmurHash3 does at its end. */
    static long hash(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        long hash = (FNV_OFFSET ^ kind) * FNV_PRIME;
        for (int i = offset, end = offset + length; i < end; i++) {
            hash = (hash ^ buffer.getByte(i) & 0xFF) * FNV_PRIME;
        }
        hash = (hash ^ hash >>> 33) * 0xFF51_AFD7_ED55_8CCDL;
        hash = (hash ^ hash >>> 33) * 0xC4CE_B9FE_1A85_EC53L;
        return hash ^ hash >>> 33;
    }
}
