package io.ringmain.engine.io;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A direct buffer with the two faces that I/O needs: one for sockets, one for flyweights. */
public final class IoBuffer {
    public final ByteBuffer bytes;
    public final UnsafeBuffer view;

    IoBuffer(final int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity);
        view = new UnsafeBuffer(bytes);
    }

    public int capacity() {
        return view.capacity();
    }
}
