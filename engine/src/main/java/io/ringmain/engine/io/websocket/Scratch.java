package io.ringmain.engine.io.websocket;

import io.ringmain.protocol.websocket.FrameEncoder;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Buffers that a thread needs while it reads or writes one channel, and for no longer. */
final class Scratch {
    /** Most bytes of payload that we put into a frame. */
    static final int MAX_PAYLOAD = 64 << 10;

    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** A frame on its way out. */
    final ByteBuffer bytes = ByteBuffer.allocateDirect(FrameEncoder.MAX_HEADER_LENGTH + MAX_PAYLOAD);

    final UnsafeBuffer view = new UnsafeBuffer(bytes);

    /** Wraps what somebody else reads into, or writes from. */
    final UnsafeBuffer other = new UnsafeBuffer(0, 0);

    private Scratch() {}

    static Scratch get() {
        return OF_THREAD.get();
    }
}
