package io.ringmain.storage.log;

/** The log can't do what it promised. The message names the file and what to do. */
public final class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean damage;

    public LogException(final String message) {
        this(message, false);
    }

    private LogException(final String message, final boolean damage) {
        super(message);
        this.damage = damage;
    }

    /** What lies on disk is not what was written. */
    static LogException damaged(final String message) {
        return new LogException(message, true);
    }

    public LogException(final String message, final Throwable cause) {
        super(message, cause);
        this.damage = false;
    }

    /** Whether data on disk is damaged, rather than not accessible. */
    public boolean isDamage() {
        return damage;
    }
}
