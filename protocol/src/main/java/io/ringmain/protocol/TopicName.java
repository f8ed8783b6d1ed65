package io.ringmain.protocol;

import org.agrona.DirectBuffer;

/** Topic names: what a message is published to. Offsets and lengths are of UTF-8 bytes that are known well-formed. */
public final class TopicName {
    private TopicName() {}

    /** True for a name that may be published to: not empty, no wildcard. */
    public static boolean validate(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0) {
            return false;
        }
        for (int i = offset, limit = offset + length; i < limit; i++) {
            final byte b = buffer.getByte(i);
            if (b == '+' || b == '#' || b == 0) {
                return false;
            }
        }
        return true;
    }

    /** Levels of a name or filter: one more than it has slashes. */
    public static int levels(final DirectBuffer buffer, final int offset, final int length) {
        int levels = 1;
        for (int i = offset, limit = offset + length; i < limit; i++) {
            if (buffer.getByte(i) == '/') {
                levels++;
            }
        }
        return levels;
    }
}
