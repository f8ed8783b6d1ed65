package io.ringmain.engine.io;

import io.ringmain.engine.auth.ClientCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** One connection of bytes. Confined to the thread that polls its transport. */
public interface Channel {
    /** Reads what is there into the buffer; -1 at the end of the stream, 0 if there is nothing now. */
    int read(ByteBuffer target) throws IOException;

    /** Writes what the network takes now, maybe nothing. */
    int write(ByteBuffer source) throws IOException;

    /** Whether there are bytes to read that have left the network: it won't report them again. */
    default boolean hasBuffered() {
        return false;
    }

    /**
     * Writes what was taken by {@link #write} and held back, and what the channel has to say itself.
     *
     * @return true if nothing is held back any more.
     */
    default boolean flush() throws IOException {
        return true;
    }

    /** What the transport shall report. */
    void interest(boolean read, boolean write);

    /** The channel at the bottom: the one that the transport has made. */
    default Channel socket() {
        return this;
    }

    /**
     * Called when the channel is adopted, by each agent that does.
     *
     * @param signal reports the connection readable, from any thread, when something else than the network has happened
     *     that it waited for.
     */
    default void attach(final Runnable signal) {}

    /** The client has got past its CONNECT: from now on it may do what only clients may that are known. */
    default void opened() {}

    /** The certificate that the client has proved to own; null if there is none, or not yet. */
    default ClientCertificate certificate() {
        return null;
    }

    /** Whether nobody on the way can read what is said. */
    default boolean isEncrypted() {
        return false;
    }

    /** Address and port of the client, for people; made anew at each call. */
    String peer();

    /**
     * Address of the client without the port; null if it is on this machine, or as long as it isn't known. May change
     * until the first byte has been read, and never after: see {@link ChannelLayer#tellsAddress}.
     */
    String address();

    /** The same as IP has it, also on this machine; null if it isn't known, or IP has nothing to do with it. */
    default InetAddress inetAddress() {
        return null;
    }

    /** Bytes of memory that the channel keeps for the connection at the moment. */
    default int heldBytes() {
        return 0;
    }

    /** Leaves its transport without closing, to be adopted by another. */
    void release();

    /** Closes at once; what the network doesn't take now is gone. */
    void close();
}
