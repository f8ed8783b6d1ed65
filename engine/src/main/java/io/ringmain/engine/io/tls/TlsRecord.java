package io.ringmain.engine.io.tls;

import java.nio.ByteBuffer;

/**
 * The header of a TLS record, which is all that has to be known to cut a stream into records.
 *
 * <pre>
 *   0        1        2        3        4        5
 *  +--------+--------+--------+--------+--------+-------...
 *  | type   | version 3.x     | length, max 18432|
 *  +--------+--------+--------+--------+--------+-------...
 * </pre>
 */
final class TlsRecord {
    /** The header is not there yet. */
    static final int INCOMPLETE = 0;
    /** Something else than TLS. */
    static final int INVALID = -1;
    /** Of a record with its header: what RFC 5246 allows, which is more than RFC 8446 does. */
    static final int MAX_LENGTH = 5 + (16 << 10) + 2048;
    /** Of the decrypted bytes in a record. */
    static final int MAX_PLAIN_LENGTH = 16 << 10;

    private static final int HEADER_LENGTH = 5;
    private static final int TYPE_CHANGE_CIPHER_SPEC = 20;
    private static final int TYPE_HANDSHAKE = 22;
    private static final int TYPE_APPLICATION_DATA = 23;
    private static final int MAJOR_VERSION = 3;

    private TlsRecord() {}

    /** Bytes of the record that begins there with its header, {@link #INCOMPLETE} or {@link #INVALID}. */
    static int length(final ByteBuffer bytes, final int offset, final int available) {
        if (available > 0 && !isType(bytes.get(offset)) || available > 1 && bytes.get(offset + 1) != MAJOR_VERSION) {
            return INVALID;
        }
        if (available < HEADER_LENGTH) {
            return INCOMPLETE;
        }
        final int length = HEADER_LENGTH + (bytes.get(offset + 3) << 8 & 0xFF00 | bytes.get(offset + 4) & 0xFF);
        return length <= MAX_LENGTH ? length : INVALID;
    }

    private static boolean isType(final byte type) {
        return type >= TYPE_CHANGE_CIPHER_SPEC && type <= TYPE_APPLICATION_DATA;
    }

    /** Whether a whole record begins at the position. */
    static boolean isWhole(final ByteBuffer bytes) {
        final int length = length(bytes, bytes.position(), bytes.remaining());
        return length > 0 && length <= bytes.remaining();
    }

    /** Whether the first byte of a connection can be that of a ClientHello. */
    static boolean isHandshake(final byte type) {
        return type == TYPE_HANDSHAKE;
    }
}
