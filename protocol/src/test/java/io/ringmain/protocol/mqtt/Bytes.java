package io.ringmain.protocol.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes as the vectors write them: hex digits, with spaces anywhere, and text between apostrophes. */
final class Bytes {
    private Bytes() {}

    static byte[] of(final String vector) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < vector.length()) {
            final char c = vector.charAt(i);
            if (c == ' ' || c == '\n') {
                i++;
            } else if (c == '\'') {
                final int end = vector.indexOf('\'', i + 1);
                out.writeBytes(vector.substring(i + 1, end).getBytes(StandardCharsets.UTF_8));
                i = end + 1;
            } else {
                out.write(Integer.parseInt(vector.substring(i, i + 2), 16));
                i += 2;
            }
        }
        return out.toByteArray();
    }

    static UnsafeBuffer buffer(final String vector) {
        return new UnsafeBuffer(of(vector));
    }

    static String hex(final byte[] bytes) {
        final StringBuilder out = new StringBuilder();
        for (final byte b : bytes) {
            out.append(Character.forDigit(b >> 4 & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
        }
        return out.toString();
    }

    static String hex(final UnsafeBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return hex(bytes);
    }

    static String text(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
