package io.ringmain.engine.driver;

/** The digest of the core that serves at the last snapshot mark. Written by the core's thread, read by any. */
public final class SnapshotMark {
    private long digest;
    private volatile long position = -1;

    void set(final long markPosition, final long markDigest) {
        digest = markDigest;
        position = markPosition;
    }

    /** Position of the last mark, -1 before the first. */
    long position() {
        return position;
    }

    /** The digest at {@link #position()}, when that was read before and no other mark was made since. */
    long digest() {
        return digest;
    }
}
