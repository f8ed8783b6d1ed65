package io.ringmain.engine.io;

/** There is no memory for what a connection has received, or has to be sent: that connection ends, and nothing else. */
final class BuffersExhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    BuffersExhausted(final int bytes) {
        super("no room for a buffer of " + bytes + " bytes", null, false, false);
    }
}
