package io.ringmain.storage.log;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keys that were taken in lately: most records of a segment have the keys of the records before them, and a comparison
 * eight bytes at a time is cheaper than a hash byte by byte. Direct-mapped: a key that meets another in its place takes
 * it. Keys of more than 64 bytes are not kept. Confined to one thread.
 */
final class KnownKeys {
    private static final int SLOT_BITS = 8;
    private static final int WIDTH_SHIFT = 6;
    private static final int MAX_LENGTH = 1 << WIDTH_SHIFT;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[1 << SLOT_BITS + WIDTH_SHIFT]);

    /** Kind and length of the key in a place: no key has none of either. */
    private final long[] shapes = new long[1 << SLOT_BITS];

    /** Whether this key was asked for lately; from now on it was. */
    boolean contains(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        final long shape = (long) kind << Integer.SIZE | length;
        final int slot = slot(shape, buffer, offset, length);
        final int at = slot << WIDTH_SHIFT;
        if (shapes[slot] == shape && isSame(at, buffer, offset, length)) {
            return true;
        }
        shapes[slot] = shape;
        keys.putBytes(at, buffer, offset, length);
        return false;
    }

    private boolean isSame(final int at, final DirectBuffer buffer, final int offset, final int length) {
        int i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            if (keys.getLong(at + i) != buffer.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (keys.getByte(at + i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** By the end of the key, where names of one kind differ. */
    private static int slot(final long shape, final DirectBuffer buffer, final int offset, final int length) {
        long end = 0;
        if (length >= Long.BYTES) {
            end = buffer.getLong(offset + length - Long.BYTES);
        } else {
            for (int i = 0; i < length; i++) {
                end = end << Byte.SIZE | buffer.getByte(offset + i) & 0xFF;
            }
        }
        return (int) ((end ^ Long.rotateLeft(shape * MULTIPLIER, Integer.SIZE)) * MULTIPLIER >>> Long.SIZE - SLOT_BITS);
    }
}
