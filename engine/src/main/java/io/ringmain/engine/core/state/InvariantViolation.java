package io.ringmain.engine.core.state;

/** The state of the core can't be trusted from this position on; the broker must stop and say so. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long position;

    public InvariantViolation(final String message, final long position) {
        super(message + ", at position " + position);
        this.position = position;
    }

    /** Position of the event that was being handled. */
    public long position() {
        return position;
    }
}
