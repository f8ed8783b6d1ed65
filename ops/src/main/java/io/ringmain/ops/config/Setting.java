package io.ringmain.ops.config;

import java.util.function.Function;

/**
 * One key of the configuration.
 *
 * @param path of the key, dots between its parts; {@code *} stands for a name that the user chooses.
 * @param expected what a value looks like, for error messages.
 * @param defaultText value when nobody gives one; null if there is none.
 * @param parser of a value; throws IllegalArgumentException for a wrong one.
 */
record Setting(String path, String expected, String defaultText, Function<String, Object> parser) {
    boolean matches(final String key) {
        final String[] wanted = path.split("\\.");
        final String[] given = key.split("\\.", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i].equals("*") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }
}
