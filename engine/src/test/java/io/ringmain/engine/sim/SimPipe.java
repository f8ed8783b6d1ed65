package io.ringmain.engine.sim;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Bytes on their way in one direction of a connection. */
final class SimPipe {
    private byte[] bytes = new byte[1024];
    private int head;
    private int tail;

    int length() {
        return tail - head;
    }

    void put(final DirectBuffer source, final int offset, final int length) {
        room(length);
        source.getBytes(offset, bytes, tail, length);
        tail += length;
    }

    void put(final java.nio.ByteBuffer source, final int length) {
        room(length);
        source.get(bytes, tail, length);
        tail += length;
    }

    private void room(final int length) {
        if (bytes.length - tail < length) {
            bytes = Arrays.copyOfRange(bytes, head, head + Math.max(bytes.length * 2, length() + length));
            tail -= head;
            head = 0;
        }
    }

    void take(final byte[] target, final int offset, final int length) {
        System.arraycopy(bytes, head, target, offset, length);
        head += length;
    }

    void take(final java.nio.ByteBuffer target, final int length) {
        target.put(bytes, head, length);
        head += length;
    }

    void clear() {
        head = tail;
    }
}
