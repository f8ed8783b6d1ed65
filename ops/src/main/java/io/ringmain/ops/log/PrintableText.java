package io.ringmain.ops.log;

import io.ringmain.protocol.Utf8;
import java.util.HexFormat;
import org.agrona.DirectBuffer;

/**
 * Bytes of clients as text that is safe to show: control characters are escaped, so that a topic or payload can neither
 * start a line of its own nor give orders to the terminal.
 */
final class PrintableText {
    private static final HexFormat HEX = HexFormat.of();

    private PrintableText() {}

    /** Text that was checked to be UTF-8 when it was taken. */
    static String text(final DirectBuffer buffer, final int offset, final int length) {
        return escaped(buffer.getStringWithoutLengthUtf8(offset, length));
    }

    /**
     * Text if it is UTF-8, else hexadecimal behind {@code 0x}; of more than the given number of bytes the beginning, and
     * {@code ...}.
     */
    static String payload(final DirectBuffer buffer, final int offset, final int length, final int maxBytes) {
        final int shown = length <= maxBytes ? length : wholeCharacters(buffer, offset, maxBytes);
        final String more = shown < length ? "..." : "";
        if (Utf8.validate(buffer, offset, shown)) {
            return text(buffer, offset, shown) + more;
        }
        final byte[] bytes = new byte[Math.min(length, maxBytes)];
        buffer.getBytes(offset, bytes);
        return "0x" + HEX.formatHex(bytes) + more;
    }

    /** The last place at or before {@code end} where a UTF-8 character begins, if it is at most three bytes before. */
    private static int wholeCharacters(final DirectBuffer buffer, final int offset, final int end) {
        int at = end;
        while (at > 0 && end - at < 4 && (buffer.getByte(offset + at) & 0xC0) == 0x80) {
            at--;
        }
        return at;
    }

    static String escaped(final String text) {
        if (text.codePoints().noneMatch(PrintableText::isUnsafe)) {
            return text;
        }
        final StringBuilder safe = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> append(safe, c));
        return safe.toString();
    }

    /** As {@link #escaped}, but line breaks and tabs stay. */
    static String escapedButLayout(final String text) {
        final StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\r' || c == '\t') {
                safe.appendCodePoint(c);
            } else {
                append(safe, c);
            }
        });
        return safe.toString();
    }

    private static void append(final StringBuilder safe, final int c) {
        switch (c) {
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
                if (isUnsafe(c)) {
                    safe.append("\\u").append(HEX.toHexDigits((char) c));
                } else {
                    safe.appendCodePoint(c);
                }
            }
        }
    }

    /** Control characters, and the marks that turn the writing direction of what follows. */
    private static boolean isUnsafe(final int c) {
        return Character.isISOControl(c) || c >= 0x2028 && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    }
}
