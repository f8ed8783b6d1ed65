package io.ringmain.ops.config;

/** A value is wrong in a way that the parser can say better than "expected ...". */
final class ValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    ValueException(final String message) {
        super(message);
    }
}
