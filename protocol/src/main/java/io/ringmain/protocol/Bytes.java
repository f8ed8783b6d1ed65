package io.ringmain.protocol;

import org.agrona.DirectBuffer;

/** Comparing bytes that lie in two buffers. */
public final class Bytes {
    private Bytes() {}

    /** True if both ranges hold the same bytes. Eight at a time; the last eight may overlap those before. */
    public static boolean isSame(
            final DirectBuffer a, final int aOffset, final DirectBuffer b, final int bOffset, final int length) {
        final int lastWord = length - Long.BYTES;
        if (lastWord < 0) {
            return isSameBytewise(a, aOffset, b, bOffset, length);
        }
        for (int i = 0; i < lastWord; i += Long.BYTES) {
            if (a.getLong(aOffset + i) != b.getLong(bOffset + i)) {
                return false;
            }
        }
        return a.getLong(aOffset + lastWord) == b.getLong(bOffset + lastWord);
    }

    private static boolean isSameBytewise(
            final DirectBuffer a, final int aOffset, final DirectBuffer b, final int bOffset, final int length) {
        for (int i = 0; i < length; i++) {
            if (a.getByte(aOffset + i) != b.getByte(bOffset + i)) {
                return false;
            }
        }
        return true;
    }
}
