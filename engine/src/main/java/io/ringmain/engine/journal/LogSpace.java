package io.ringmain.engine.journal;

/**
 * Whether the log has room for new messages. Written by the journal, read by every I/O agent, which refuses what would
 * need room while there is little: publishes with QoS above 0 or retain, and new connections. What else must be logged,
 * acknowledgements above all, goes on in the reserve.
 */
public final class LogSpace {
    private final long reserveBytes;
    private volatile boolean full;

    /** @param reserveBytes below which the log counts as full; more than what can be in the ring at once. */
    public LogSpace(final long reserveBytes) {
        this.reserveBytes = reserveBytes;
    }

    long reserveBytes() {
        return reserveBytes;
    }

    void update(final long remainingBytes) {
        final boolean now = remainingBytes < reserveBytes;
        if (now != full) {
            full = now;
        }
    }

    public boolean isFull() {
        return full;
    }
}
