package io.ringmain.protocol.websocket;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** The exclusive or of a payload with its masking key: RFC 6455, section 5.3. */
final class Masking {
    private static final long LOW_INT = 0xFFFF_FFFFL;

    private Masking() {}

    /**
     * Unmasks bytes and moves them towards the start of their buffer, eight at a time: a word is written where nothing
     * lies that is still to be read.
     *
     * @param from where they lie.
     * @param to where they go, not behind {@code from}.
     * @param key little endian, its lowest byte for the first of them.
     * @return the key, turned for the byte behind them.
     */
    static int unmask(final MutableDirectBuffer buffer, final int from, final int to, final int length, final int key) {
        final long wide = (key & LOW_INT) << Integer.SIZE | key & LOW_INT;
        int i = 0;
        for (; length - i >= Long.BYTES; i += Long.BYTES) {
            buffer.putLong(to + i, buffer.getLong(from + i, ByteOrder.LITTLE_ENDIAN) ^ wide, ByteOrder.LITTLE_ENDIAN);
        }
        int turned = key;
        for (; i < length; i++) {
            buffer.putByte(to + i, (byte) (buffer.getByte(from + i) ^ turned));
            turned = Integer.rotateRight(turned, Byte.SIZE);
        }
        return turned;
    }
}
