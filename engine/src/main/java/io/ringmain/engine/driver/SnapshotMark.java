package io.ringmain.engine.driver;

/**
 * The digest of the core that serves at the last snapshot mark, and whether a start from there would miss nothing.
 * Written by the core's thread, read by any.
 */
public final class SnapshotMark {
    private long digest;
    private boolean usable;
    private volatile long position = -1;

    void set(final long markPosition, final long markDigest, final boolean isUsable) {
        usable = isUsable;
        digest = markDigest;
        position = markPosition;
    }

    /** Position of the last mark, -1 before the first. */
    long position() {
        return position;
    }

    /** Whether the log had all {@link Notes} of what is before {@link #position()}; under the same condition. */
    boolean isUsable() {
        return usable;
    }

    /** The digest at {@link #position()}, when that was read before and no other mark was made since. */
    long digest() {
        return digest;
    }
}
