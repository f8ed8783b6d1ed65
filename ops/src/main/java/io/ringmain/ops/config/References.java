package io.ringmain.ops.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${env:NAME}} and {@code ${file:PATH}} in values: what must not stand in the configuration itself. */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    private static final int MAX_FILE_BYTES = 64 << 10;

    private References() {}

    /** Whether a text is one reference and nothing else. */
    static boolean isOne(final String text) {
        return REFERENCE.matcher(text).matches();
    }

    /**
     * A text with the contents of what it refers to.
     *
     * @throws ValueException naming what isn't there; never with what was found.
     */
    static String resolve(final String text, final Map<String, String> environment) {
        final Matcher reference = REFERENCE.matcher(text);
        final StringBuilder resolved = new StringBuilder();
        while (reference.find()) {
            final String name = reference.group(2);
            final String content =
                    reference.group(1).equals("env") ? variable(name, environment) : fileContent(Path.of(name));
            reference.appendReplacement(resolved, Matcher.quoteReplacement(content));
        }
        return reference.appendTail(resolved).toString();
    }

    private static String variable(final String name, final Map<String, String> environment) {
        final String value = environment.get(name);
        if (value == null) {
            throw new ValueException("the environment has no " + name);
        }
        return value;
    }

    /** Without the line end behind the last line. */
    private static String fileContent(final Path file) {
        final String problem = SecretFiles.problem(file, MAX_FILE_BYTES);
        if (problem != null) {
            throw new ValueException(problem);
        }
        try {
            return Files.readString(file).replaceFirst("\\R\\z", "");
        } catch (final CharacterCodingException ex) {
            throw new ValueException(file + ": not UTF-8");
        } catch (final IOException ex) {
            throw new ValueException(file + ": can't be read: " + ex.getMessage());
        }
    }
}
