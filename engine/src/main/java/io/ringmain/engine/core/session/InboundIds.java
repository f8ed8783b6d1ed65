package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.StateDigest;

/**
 * The packet ids of QoS 2 messages that were received from a client and not yet released: a bitmap of all 65536, in
 * chunks that are made when first needed.
 */
public final class InboundIds {
    private static final int CHUNKS = 64;
    private static final int WORDS_PER_CHUNK = 16;

    private final StateDigest digest;
    private final long salt;
    private long[][] chunks;
    private int count;

    /** @param salt tells these ids from those of other sessions in the digest. */
    public InboundIds(final StateDigest digest, final long salt) {
        this.digest = digest;
        this.salt = salt;
    }

    public int count() {
        return count;
    }

    public boolean contains(final int packetId) {
        final long[] chunk = chunks == null ? null : chunks[packetId >> 10];
        return chunk != null && (chunk[packetId >> 6 & WORDS_PER_CHUNK - 1] & 1L << packetId) != 0;
    }

    /** Adds an id that is not in. */
    public void add(final int packetId) {
        chunk(packetId)[packetId >> 6 & WORDS_PER_CHUNK - 1] |= 1L << packetId;
        digest.add(hash(packetId));
        count++;
    }

    /** False if the id was not in. */
    public boolean remove(final int packetId) {
        if (!contains(packetId)) {
            return false;
        }
        chunks[packetId >> 10][packetId >> 6 & WORDS_PER_CHUNK - 1] &= ~(1L << packetId);
        digest.remove(hash(packetId));
        count--;
        return true;
    }

    /** The least id in that is not less than {@code from}, or -1. */
    public int next(final int from) {
        for (int id = from; count > 0 && id < CHUNKS << 10; id++) {
            if (chunks[id >> 10] == null) {
                id |= 1023;
            } else if (contains(id)) {
                return id;
            }
        }
        return -1;
    }

    public void clear() {
        digest.remove(contentHash());
        chunks = null;
        count = 0;
    }

    /** Gives back memory that an empty set doesn't need; for when a connection ends, not for the hot path. */
    public void trim() {
        if (count == 0) {
            chunks = null;
        }
    }

    /** What these ids add to the digest, computed anew. */
    public long contentHash() {
        long sum = 0;
        for (int id = next(0); id >= 0; id = next(id + 1)) {
            sum += hash(id);
        }
        return sum;
    }

    private long hash(final int packetId) {
        return StateDigest.mix(salt, packetId);
    }

    private long[] chunk(final int packetId) {
        if (chunks == null) {
            chunks = new long[CHUNKS][];
        }
        final int index = packetId >> 10;
        if (chunks[index] == null) {
            chunks[index] = new long[WORDS_PER_CHUNK];
        }
        return chunks[index];
    }
}
