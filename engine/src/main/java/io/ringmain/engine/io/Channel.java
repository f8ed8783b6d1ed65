package io.ringmain.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One connection of bytes. Confined to the thread that polls its transport. */
public interface Channel {
    /** Reads what is there into the buffer; -1 at the end of the stream, 0 if there is nothing now. */
    int read(ByteBuffer target) throws IOException;

    /** Writes what the network takes now, maybe nothing. */
    int write(ByteBuffer source) throws IOException;

    /** What the transport shall report. */
    void interest(boolean read, boolean write);

    /** Address and port of the client, for people; made anew at each call. */
    String peer();

    /** Address of the client without the port, null if it is on this machine. */
    String address();

    /** Leaves its transport without closing, to be adopted by another. */
    void release();

    /** Closes at once; what was not written is gone. */
    void close();
}
