package io.ringmain.storage.snapshot;

/** A snapshot can't be written or read; the message names file, byte and what was expected. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SnapshotException(final String message) {
        super(message);
    }

    public SnapshotException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
