package io.ringmain.engine.auth;

import java.nio.charset.StandardCharsets;

/**
 * One line of an ACL.
 *
 * @param line number, from 1 on.
 * @param text of the line, as it was written.
 * @param access bits of {@link #READ}, {@link #WRITE} and {@link #DENY}.
 * @param filter of topics; in a pattern {@code %c} and {@code %u} stand for names.
 * @param pattern whether they do.
 */
public record AclRule(int line, String text, int access, String filter, boolean pattern) {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int DENY = 4;

    /** One by one; every topic has a first level, so {@code +/#} is {@code #}. */
    byte[][] levels() {
        final String[] parts = filter.equals("+/#") ? new String[] {"#"} : filter.split("/", -1);
        final byte[][] levels = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            levels[i] = parts[i].getBytes(StandardCharsets.UTF_8);
        }
        return levels;
    }
}
