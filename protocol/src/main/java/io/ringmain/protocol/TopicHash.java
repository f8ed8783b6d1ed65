package io.ringmain.protocol;

import org.agrona.DirectBuffer;

/** The hash of topic names, carried in events, so that it is computed once. FNV-1a, 32 bit, finalised. */
public final class TopicHash {
    private TopicHash() {}

    public static int of(final DirectBuffer buffer, final int offset, final int length) {
        int hash = 0x811C9DC5;
        for (int i = offset, limit = offset + length; i < limit; i++) {
            hash = (hash ^ (buffer.getByte(i) & 0xFF)) * 0x01000193;
        }
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >>> 13;
        return hash;
    }
}
