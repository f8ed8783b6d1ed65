package io.ringmain.protocol.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Writes frames as a client does: masked. */
final class ClientFrames {
    static final int FIN = 0x80;
    private static final byte[] KEY = {(byte) 0x37, (byte) 0xFA, 0x21, 0x3D};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ClientFrames add(final int firstByte, final byte[] payload) {
        return header(firstByte, payload.length).masked(payload);
    }

    ClientFrames add(final int firstByte, final String payload) {
        return add(firstByte, payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    ClientFrames header(final int firstByte, final long length) {
        bytes.write(firstByte);
        if (length < 126) {
            return raw((int) (FIN | length));
        }
        if (length <= 0xFFFF) {
            return raw(FIN | 126, (int) length >> 8, (int) length);
        }
        raw(FIN | 127);
        bytes.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        return this;
    }

    /** The key, and the payload behind it. */
    ClientFrames masked(final byte[] payload) {
        bytes.writeBytes(KEY);
        for (int i = 0; i < payload.length; i++) {
            bytes.write(payload[i] ^ KEY[i % KEY.length]);
        }
        return this;
    }

    ClientFrames raw(final int... values) {
        for (final int value : values) {
            bytes.write(value);
        }
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
