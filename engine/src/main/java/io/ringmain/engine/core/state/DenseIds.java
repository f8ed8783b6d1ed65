package io.ringmain.engine.core.state;

import org.agrona.collections.IntArrayList;

/** Gives out small numbers, from 0 on, and again those that were given back, the last one first. */
public final class DenseIds {
    private final StateDigest digest;
    private final long salt;
    private final IntArrayList free = new IntArrayList();
    private int limit;

    /** @param salt tells these numbers from others in the digest. */
    public DenseIds(final StateDigest digest, final long salt) {
        this.digest = digest;
        this.salt = salt;
    }

    /** One more than the largest number that was ever given out. */
    public int limit() {
        return limit;
    }

    public int take() {
        if (free.isEmpty()) {
            return limit++;
        }
        final int place = free.size() - 1;
        digest.remove(hash(place));
        return free.removeAt(place);
    }

    public void giveBack(final int id) {
        free.addInt(id);
        digest.add(hash(free.size() - 1));
    }

    /** How many were given back and not given out again. */
    public int freeCount() {
        return free.size();
    }

    /** Those given back, the next one to be given out last. */
    public int free(final int place) {
        return free.getInt(place);
    }

    /** Takes a number out, as it is in a snapshot. */
    public void restore(final int id) {
        limit = Math.max(limit, id + 1);
    }

    /** Puts a number of a snapshot behind those given back before. */
    public void restoreFree(final int id) {
        restore(id);
        giveBack(id);
    }

    /** What the free numbers add to the digest, computed anew. */
    public long contentHash() {
        long sum = 0;
        for (int place = 0; place < free.size(); place++) {
            sum += hash(place);
        }
        return sum;
    }

    private long hash(final int place) {
        return StateDigest.mix(salt, place, free.getInt(place));
    }
}
