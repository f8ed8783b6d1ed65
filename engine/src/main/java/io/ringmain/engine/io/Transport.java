package io.ringmain.engine.io;

import java.io.IOException;

/** Where connections come from and become readable and writable. One per I/O agent, confined to its thread. */
public interface Transport {
    /** Receives what has happened. */
    interface Handler {
        /** A client has connected; the socket reports nothing until it is adopted. */
        void onAccept(Channel socket, ListenerConfig listener);

        /** The system gives no socket for a client that has connected; it waits, and is tried again a little later. */
        default void onAcceptFailed(final ListenerConfig listener, final IOException cause) {}

        void onReadable(Connection connection);

        void onWritable(Connection connection);
    }

    /**
     * Reports what has happened since the last call.
     *
     * @param timeoutMs longest time to wait for something, 0 to look only.
     * @return number of reports.
     */
    int poll(Handler handler, long timeoutMs);

    /** From now on reports for this connection; reading is of interest, writing is not. */
    void adopt(Channel channel, Connection connection);

    /** Takes no more connections. */
    void stopAccepting();

    /** Ends a poll that waits. Any thread. */
    void wakeup();

    void close();
}
