package io.ringmain.storage.log;

/** The log can't do what it promised. The message names the file and what to do. */
public final class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LogException(final String message) {
        super(message);
    }

    public LogException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
