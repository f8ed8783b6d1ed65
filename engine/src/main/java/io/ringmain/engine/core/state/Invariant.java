package io.ringmain.engine.core.state;

/**
 * Checks that are always on. They cost a compare each; what they find is worth a halt, since a wrong state would be
 * acknowledged, logged and snapshotted from then on.
 */
public final class Invariant {
    private long position = -1;
    private long nowNs;
    private boolean handlesTransient;

    /**
     * An event begins. Positions of logged events grow, and time doesn't go back.
     *
     * @param isTransient whether the event has no place in the log, and so shares the position of the next one.
     */
    public void begin(final long eventPosition, final long timestampNs, final boolean isTransient) {
        that(eventPosition > position || (isTransient && eventPosition == position), "positions must grow");
        that(timestampNs >= nowNs, "time must not go back");
        handlesTransient = isTransient;
        if (!isTransient) {
            position = eventPosition;
        }
        nowNs = timestampNs;
    }

    /** Goes on behind a snapshot. */
    public void restore(final long lastPosition, final long timestampNs) {
        position = lastPosition;
        nowNs = timestampNs;
    }

    /** Position of the last logged event. */
    public long position() {
        return position;
    }

    /** Whether the event being handled has no place in the log. */
    public boolean isTransient() {
        return handlesTransient;
    }

    /** Time of the event being handled, epoch nanoseconds. */
    public long nowNs() {
        return nowNs;
    }

    public void that(final boolean holds, final String what) {
        if (!holds) {
            throw new InvariantViolation(what, position);
        }
    }
}
