package io.ringmain.protocol;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Topic names that were checked lately, with what was found out about them: a client publishes to the same few again and
 * again, and a comparison eight bytes at a time is cheaper than four passes byte by byte. Direct-mapped: a name that
 * meets another in its place takes it. Names of more than 64 bytes are not kept. Confined to one thread.
 */
public final class TopicNames {
    private static final int WIDTH_SHIFT = 6;
    private static final int MAX_LENGTH = 1 << WIDTH_SHIFT;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final UnsafeBuffer names;
    private final int[] lengths;
    private final int[] hashes;
    private final int[] levelCounts;
    private final int slotBits;
    private int hash;
    private int levels;

    /** @param capacity power of two. */
    public TopicNames(final int capacity) {
        if (!BitUtil.isPowerOfTwo(capacity)) {
            throw new IllegalArgumentException("capacity must be a power of two: " + capacity);
        }
        this.names = new UnsafeBuffer(new byte[capacity << WIDTH_SHIFT]);
        this.lengths = new int[capacity];
        this.hashes = new int[capacity];
        this.levelCounts = new int[capacity];
        this.slotBits = Integer.numberOfTrailingZeros(capacity);
    }

    /** Whether this name is kept: then it is well-formed, and {@link #hash} and {@link #levels} are its own. */
    public boolean knows(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0 || length > MAX_LENGTH) {
            return false;
        }
        final int slot = slot(buffer, offset, length);
        if (lengths[slot] != length || !Bytes.isSame(names, slot << WIDTH_SHIFT, buffer, offset, length)) {
            return false;
        }
        hash = hashes[slot];
        levels = levelCounts[slot];
        return true;
    }

    /** Keeps a name that is known to be well-formed; {@link #hash} and {@link #levels} are its own then. */
    public void learn(final DirectBuffer buffer, final int offset, final int length) {
        hash = TopicHash.of(buffer, offset, length);
        levels = TopicName.levels(buffer, offset, length);
        if (length > 0 && length <= MAX_LENGTH) {
            final int slot = slot(buffer, offset, length);
            names.putBytes(slot << WIDTH_SHIFT, buffer, offset, length);
            lengths[slot] = length;
            hashes[slot] = hash;
            levelCounts[slot] = levels;
        }
    }

    /** {@link TopicHash} of the name that was looked at last. */
    public int hash() {
        return hash;
    }

    /** Levels of the name that was looked at last. */
    public int levels() {
        return levels;
    }

    private int slot(final DirectBuffer buffer, final int offset, final int length) {
        long mixed = length;
        final int lastWord = length - Long.BYTES;
        if (lastWord >= 0) {
            for (int i = 0; i < lastWord; i += Long.BYTES) {
                mixed = mix(mixed ^ buffer.getLong(offset + i));
            }
            mixed = mix(mixed ^ buffer.getLong(offset + lastWord));
        } else {
            for (int i = 0; i < length; i++) {
                mixed = mixed << Byte.SIZE ^ buffer.getByte(offset + i);
            }
            mixed = mix(mixed);
        }
        return (int) (mixed >>> 1 >>> Long.SIZE - 1 - slotBits);
    }

    private static long mix(final long value) {
        final long product = value * MULTIPLIER;
        return product ^ product >>> 32;
    }
}
