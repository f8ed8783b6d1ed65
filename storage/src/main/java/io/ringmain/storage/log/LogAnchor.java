package io.ringmain.storage.log;

import java.util.Locale;

/**
 * A value of the hash chain that was noted outside of the log: what all blocks before a position come to.
 *
 * @param position where a block ends and the next begins.
 * @param hash 64 hexadecimal digits, lower case.
 */
public record LogAnchor(long position, String hash) {
    private static final int DIGITS = 2 * HashChain.LENGTH;

    /**
     * Reads {@code POSITION:HASH}.
     *
     * @throws IllegalArgumentException saying what was expected.
     */
    public static LogAnchor parse(final String text) {
        final int colon = text.indexOf(':');
        final String hash = text.substring(colon + 1).toLowerCase(Locale.ROOT);
        if (colon < 1
                || !hash.matches("[0-9a-f]{" + DIGITS + "}")
                || !text.substring(0, colon).matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "'" + text + "', expected POSITION:HASH with " + DIGITS + " hexadecimal digits");
        }
        return new LogAnchor(Long.parseLong(text.substring(0, colon)), hash);
    }

    @Override
    public String toString() {
        return position + ":" + hash;
    }
}
