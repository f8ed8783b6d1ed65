package io.ringmain.engine.core.state;

import io.ringmain.protocol.Bytes;
import org.agrona.DirectBuffer;

/** Keys that are bytes: compares one that is kept with one that lies in an event, without copying either. */
public final class KeyBytes {
    private KeyBytes() {}

    /** True if the key has just these bytes. */
    public static boolean isSame(
            final DirectBuffer key, final DirectBuffer buffer, final int offset, final int length) {
        return key.capacity() == length && Bytes.isSame(key, 0, buffer, offset, length);
    }
}
