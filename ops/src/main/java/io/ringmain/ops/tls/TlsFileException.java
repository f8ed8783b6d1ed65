package io.ringmain.ops.tls;

/** Something about TLS can't be used as it was given; the message says which file, and why. */
public final class TlsFileException extends Exception {
    private static final long serialVersionUID = 1;

    private final String key;

    /** @param key of the configuration below {@code tls} that is to blame. */
    TlsFileException(final String key, final String message) {
        super(message);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
