package io.ringmain.ops.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Parser of a value that is a list. In a file it is a YAML sequence, each of whose entries has a place of its own;
 * elsewhere, and in a file if one likes, a text with commas between the entries.
 *
 * @param entry parser of an entry; throws IllegalArgumentException for a wrong one.
 */
record ListParser(Function<String, Object> entry) implements Function<String, Object> {
    @Override
    public List<Object> apply(final String text) {
        final List<Object> entries = new ArrayList<>();
        if (!text.isBlank()) {
            for (final String part : text.split(",", -1)) {
                entries.add(entry.apply(part.strip()));
            }
        }
        return List.copyOf(entries);
    }

    /** How a sequence is shown: as it could stand in a file. */
    static String text(final List<String> entries) {
        final List<String> quoted = entries.stream()
                .map(entry -> "'" + entry.replace("'", "''") + "'")
                .toList();
        return "[" + String.join(", ", quoted) + "]";
    }
}
