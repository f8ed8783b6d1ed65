package io.ringmain.engine.catalog;

import io.ringmain.protocol.TopicHash;
import org.agrona.DirectBuffer;

/**
 * Client ids as arrays that are shared where the same came lately: many topics have one publisher. A table of fixed size
 * in which the newer replaces the older, so it finds most and holds no more than its slots.
 */
final class SharedBytes {
    private static final int SLOTS = 1 << 12;

    private final byte[][] recent = new byte[SLOTS][];

    byte[] get(final DirectBuffer buffer, final int offset, final int length) {
        final int slot = TopicHash.of(buffer, offset, length) & (SLOTS - 1);
        final byte[] found = recent[slot];
        if (found != null && CatalogEntry.isSame(found, buffer, offset, length)) {
            return found;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        recent[slot] = bytes;
        return bytes;
    }
}
