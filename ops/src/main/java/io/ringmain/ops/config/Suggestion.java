package io.ringmain.ops.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What somebody may have meant who wrote a key that doesn't exist. */
final class Suggestion {
    private static final int LETTERS_PER_EDIT = 3;

    private Suggestion() {}

    /** The message about an unknown key. */
    static String unknown(final String key) {
        return "unknown key '" + key + "'"
                + near(key).map(known -> " - did you mean '" + known + "'?").orElse("");
    }

    /** The key or section nearest to this one among its siblings, else a key of this name in another section. */
    private static Optional<String> near(final String key) {
        final int dot = key.lastIndexOf('.');
        final String section = key.substring(0, dot + 1);
        final String name = key.substring(dot + 1);
        return Schema.siblings(key).stream()
                .filter(known ->
                        !known.equals("*") && edits(name, known) <= Math.max(1, name.length() / LETTERS_PER_EDIT))
                .min(Comparator.comparingInt(known -> edits(name, known)))
                .map(known -> section + known)
                .or(() -> elsewhere(name));
    }

    private static Optional<String> elsewhere(final String name) {
        final Stream<String> paths = Schema.SETTINGS.stream().map(Setting::path);
        return paths.filter(path -> path.endsWith("." + name)).findFirst();
    }

    /** Levenshtein distance. */
    static int edits(final String a, final String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] next = new int[b.length() + 1];
            next[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int change = row[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                next[j] = Math.min(change, Math.min(row[j], next[j - 1]) + 1);
            }
            row = next;
        }
        return row[b.length()];
    }
}
