package io.ringmain.engine.io;

/** Where a connection stands. */
enum ConnectionState {
    /** Wait for a CONNECT; nothing else is allowed. */
    AWAITING_CONNECT,
    /** Sequence what comes; the CONNECT is in the ring or behind it. */
    OPEN,
    /** Read nothing more; close when what is to be sent has left. */
    CLOSING,
    /** Do nothing; the channel is closed. */
    CLOSED
}
