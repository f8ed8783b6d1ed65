package io.ringmain.storage.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The hash chain over the blocks of a log: {@code h(n) = SHA-256(h(n-1), bytes of block n)}, and 32 zero bytes before
 * the first. Whoever has noted a value and its position elsewhere can tell later whether anything before it was
 * changed, by whomever; the CRCs of the blocks don't tell that, as they can be computed anew.
 *
 * <p>Confined to one thread. It reads blocks where they lie, off the hot path.
 */
final class HashChain {
    static final int LENGTH = 32;

    private static final int CHUNK_LENGTH = 64 << 10;

    private final MessageDigest sha256;
    private final byte[] chunk = new byte[CHUNK_LENGTH];
    private final Long2ObjectHashMap<byte[]> resumes = new Long2ObjectHashMap<>();
    private byte[] value = new byte[LENGTH];

    HashChain() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    /** From this position on the chain is known again, whatever lies before it: where the log begins, or behind a gap. */
    HashChain resumeAt(final long position, final byte[] known) {
        resumes.put(position, known.clone());
        return this;
    }

    /** Whether the value before the first block that is there is the true one. */
    boolean isKnownAt(final long firstPosition) {
        return firstPosition == 0 || resumes.containsKey(firstPosition);
    }

    /** Moves to the block that begins at this position and returns the value before it. */
    byte[] before(final long position) {
        final byte[] known = resumes.get(position);
        if (known != null) {
            value = known.clone();
        }
        return value.clone();
    }

    /** Adds a block. */
    void add(final DirectBuffer buffer, final int block) {
        sha256.update(before(BlockDescriptor.firstPosition(buffer, block)));
        int at = block;
        int left = BlockDescriptor.length(buffer, block);
        while (left > 0) {
            final int length = Math.min(left, CHUNK_LENGTH);
            buffer.getBytes(at, chunk, 0, length);
            sha256.update(chunk, 0, length);
            at += length;
            left -= length;
        }
        value = sha256.digest();
        before(BlockDescriptor.nextPosition(buffer, block));
    }

    /** Goes on behind a segment whose value is known. */
    void value(final byte[] known) {
        value = known.clone();
    }

    /** The value behind the last block. */
    byte[] value() {
        return value.clone();
    }

    boolean isAt(final byte[] other) {
        return Arrays.equals(value, other);
    }
}
