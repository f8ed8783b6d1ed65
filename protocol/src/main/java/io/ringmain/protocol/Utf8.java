package io.ringmain.protocol;

import org.agrona.DirectBuffer;

/** Well-formed UTF-8 as MQTT wants it: RFC 3629, no surrogates, no U+0000 (MQTT 5, section 1.5.4). */
public final class Utf8 {
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;

    private Utf8() {}

    /** True if the bytes are well-formed. Eight ASCII bytes at a time; everything else byte by byte. */
    public static boolean validate(final DirectBuffer buffer, final int offset, final int length) {
        final int limit = offset + length;
        int i = offset;
        while (limit - i >= Long.BYTES) {
            final long word = buffer.getLong(i);
            final boolean ascii = (word & HIGH_BITS) == 0;
            final boolean noZero = ((word - LOW_BITS) & ~word & HIGH_BITS) == 0;
            if (!ascii || !noZero) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < limit) {
            final int length0 = sequenceLength(buffer, i, limit);
            if (length0 == 0) {
                return false;
            }
            i += length0;
        }
        return true;
    }

    /** Bytes of the well-formed sequence that starts here, 0 if it isn't well-formed. RFC 3629, section 4. */
    private static int sequenceLength(final DirectBuffer buffer, final int i, final int limit) {
        final int first = buffer.getByte(i) & 0xFF;
        if (first < 0x80) {
            return first == 0 ? 0 : 1;
        }
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        final int count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (limit - i < count) {
            return 0;
        }
        final int second = buffer.getByte(i + 1) & 0xFF;
        if (second < lowestSecond(first) || second > highestSecond(first)) {
            return 0;
        }
        for (int k = 2; k < count; k++) {
            if ((buffer.getByte(i + k) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return count;
    }

    private static int lowestSecond(final int first) {
        return first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    }

    private static int highestSecond(final int first) {
        return first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    }
}
