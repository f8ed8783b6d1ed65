package io.ringmain.ops.auth;

/** What others have written, in a line for people. */
final class Printable {
    private static final int MAX_LENGTH = 256;

    private Printable() {}

    /** Without control characters, and not longer than a name may be. */
    static String of(final String text) {
        final String head = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
        return head.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
