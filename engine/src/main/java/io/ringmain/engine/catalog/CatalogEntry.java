package io.ringmain.engine.catalog;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * What is known of one topic. 56 bytes with the header of the object and compressed references, beside the array with
 * the name (16 and its length, rounded up to 8); publishers' ids are shared.
 */
final class CatalogEntry {
    final byte[] topic;
    final int hash;
    byte[] publisher;
    long firstNs;
    long lastNs;
    long messages;
    long bytes;

    CatalogEntry(final byte[] topic, final int hash) {
        this.topic = topic;
        this.hash = hash;
    }

    static int compare(final CatalogEntry one, final CatalogEntry other) {
        return Arrays.compareUnsigned(one.topic, other.topic);
    }

    /** Whether these bytes are the same. */
    static boolean isSame(final byte[] bytes, final DirectBuffer buffer, final int offset, final int length) {
        if (bytes.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
