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

    /**
     * The key with its first wrong part replaced by the nearest one that may stand there, else a key of this name in
     * another section.
     */
    private static Optional<String> near(final String key) {
        int end = key.indexOf('.');
        while (end >= 0 && Schema.isSection(key.substring(0, end))) {
            end = key.indexOf('.', end + 1);
        }
        final String wrong = end < 0 ? key : key.substring(0, end);
        final int dot = wrong.lastIndexOf('.');
        final String name = wrong.substring(dot + 1);
        return Schema.siblings(wrong).stream()
                .filter(known ->
                        !known.equals("*") && edits(name, known) <= Math.max(1, name.length() / LETTERS_PER_EDIT))
                .min(Comparator.comparingInt(known -> edits(name, known)))
                .map(known -> wrong.substring(0, dot + 1) + known)
                .or(() -> elsewhere(key.substring(key.lastIndexOf('.') + 1)));
    }

    private static Optional<String> elsewhere(final String name) {
        final Stream<String> paths = Schema.SETTINGS.stream().map(Setting::path);
        return paths.filter(path -> path.endsWith("." + name)).findFirst();
    }

    /** Letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
    private static int edits(final String a, final String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
