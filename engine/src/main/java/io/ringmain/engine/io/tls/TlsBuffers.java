package io.ringmain.engine.io.tls;

import io.ringmain.engine.io.BufferPool;
import io.ringmain.engine.io.IoBuffer;
import java.nio.ByteBuffer;

/**
 * The buffers that all encrypted connections of a thread take turns with. Nothing stays in them between calls: a
 * connection that has part of a record, or bytes that the network didn't take, copies them to a buffer of its own, and
 * has none otherwise.
 */
final class TlsBuffers {
    private static final ThreadLocal<TlsBuffers> OF_THREAD = ThreadLocal.withInitial(TlsBuffers::new);
    private static final int NET_LENGTH = 128 << 10;

    /** Encrypted bytes from the network: a read's worth. */
    final ByteBuffer in = ByteBuffer.allocateDirect(NET_LENGTH);
    /** Encrypted bytes for the network: many records become one write. */
    final ByteBuffer out = ByteBuffer.allocateDirect(NET_LENGTH);
    /** What is decrypted and doesn't fit where it is to go. */
    final ByteBuffer plain = ByteBuffer.allocateDirect(TlsRecord.MAX_LENGTH);

    final BufferPool pool = new BufferPool();

    static TlsBuffers ofThread() {
        return OF_THREAD.get();
    }

    /** A copy of what remains, to be read; null if nothing does. */
    IoBuffer keep(final ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return null;
        }
        final IoBuffer kept = pool.take(bytes.remaining());
        kept.bytes.clear();
        kept.bytes.put(bytes).flip();
        return kept;
    }

    void give(final IoBuffer buffer) {
        if (buffer != null) {
            pool.give(buffer);
        }
    }
}
