package io.ringmain.engine.sim;

import org.agrona.DirectBuffer;

/** The client's end of a simulated connection. */
interface Wire {
    void send(DirectBuffer buffer, int offset, int length);

    /** Takes up to {@code max} bytes that have arrived; 0 when there is none. */
    int receive(byte[] target, int offset, int max);

    /** The broker has closed, or the network has reset, this connection, and nothing is left to receive. */
    boolean isClosed();

    /** Breaks the connection without a word; what was sent may or may not arrive. */
    void reset();
}
