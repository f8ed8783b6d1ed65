package io.ringmain.ops.auth;

import io.ringmain.ops.config.SecretFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of user names and hashes of passwords: a line {@code name:hash} for each, empty lines, and comments behind a
 * {@code #} at the beginning of a line.
 */
final class PasswordFile {
    static final int MAX_LINE_BYTES = 4096;
    static final int MAX_USERNAME_BYTES = 1024;

    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final int MAX_ERRORS = 100;

    private final Path file;
    private final List<String> errors;
    private final Map<String, PasswordHash> users = new LinkedHashMap<>();
    private int errorCount;

    private PasswordFile(final Path file, final List<String> errors) {
        this.file = file;
        this.errors = errors;
    }

    /**
     * Reads a file that nobody else may read.
     *
     * @param errors gets a line {@code file:line:column: ...} for each thing that is wrong, of which none has a hash in it.
     * @return hashes by user name, in the order of the file.
     */
    static Map<String, PasswordHash> read(final Path file, final List<String> errors) {
        final String problem = SecretFiles.problem(file, MAX_FILE_BYTES);
        if (problem != null) {
            errors.add(problem);
            return Map.of();
        }
        try {
            return parse(file, Files.readAllBytes(file), errors);
        } catch (final IOException ex) {
            errors.add(file + ": can't be read: " + ex.getMessage());
            return Map.of();
        }
    }

    /** As {@link #read}, of what was read already. */
    static Map<String, PasswordHash> parse(final Path file, final byte[] content, final List<String> errors) {
        final PasswordFile parser = new PasswordFile(file, errors);
        int line = 1;
        for (int start = 0; start < content.length && parser.errorCount < MAX_ERRORS; line++) {
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            final int next = end + 1;
            end -= end > start && content[end - 1] == '\r' ? 1 : 0;
            parser.line(line, content, start, end);
            start = next;
        }
        return parser.users;
    }

    private void line(final int line, final byte[] content, final int start, final int end) {
        if (end == start || content[start] == '#') {
            return;
        }
        if (end - start > MAX_LINE_BYTES) {
            wrong(line, 1, "longer than " + MAX_LINE_BYTES + " bytes");
            return;
        }
        final String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content, start, end - start))
                    .toString();
        } catch (final CharacterCodingException ex) {
            wrong(line, 1, "not UTF-8");
            return;
        }
        final int colon = text.indexOf(':');
        if (colon < 0) {
            wrong(line, 1, "expected name:hash");
            return;
        }
        user(line, text.substring(0, colon), text.substring(colon + 1), colon + 2);
    }

    private void user(final int line, final String name, final String hash, final int column) {
        final String fault = nameFault(name);
        if (fault != null) {
            wrong(line, 1, fault);
        } else if (users.containsKey(name)) {
            wrong(line, 1, "user '" + name + "' is given twice");
        } else {
            try {
                users.put(name, PasswordHashParser.parse(hash));
            } catch (final IllegalArgumentException ex) {
                wrong(line, column, "user '" + name + "': " + ex.getMessage());
            }
        }
    }

    /** What is wrong with a user name, null if nothing is. */
    static String nameFault(final String name) {
        if (name.isEmpty()) {
            return "the user name is empty";
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_USERNAME_BYTES) {
            return "the user name is longer than " + MAX_USERNAME_BYTES + " bytes";
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return "the user name has a control character";
        }
        return name.indexOf(':') >= 0 ? "the user name has a ':'" : null;
    }

    private void wrong(final int line, final int column, final String message) {
        errors.add(file + ":" + line + ":" + column + ": " + message);
        errorCount++;
    }
}
