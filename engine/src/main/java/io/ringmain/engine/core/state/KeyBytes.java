package io.ringmain.engine.core.state;

import org.agrona.DirectBuffer;

/** Keys that are bytes: compares one that is kept with one that lies in an event, without copying either. */
public final class KeyBytes {
    private KeyBytes() {}

    /** True if the key has just these bytes. */
    public static boolean isSame(
            final DirectBuffer key, final DirectBuffer buffer, final int offset, final int length) {
        if (key.capacity() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (key.getByte(i) != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
