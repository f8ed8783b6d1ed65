package io.ringmain.perf.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** Programs that are asked something. */
final class Command {
    private static final String UNKNOWN = "unknown";

    private Command() {}

    /** The first line that a program says; unknown if it can't be run or says nothing. */
    static String firstLine(final String... command) {
        try {
            final Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                final String line = out.readLine();
                out.transferTo(Writer.nullWriter());
                return line == null ? UNKNOWN : line.strip();
            } finally {
                process.destroy();
            }
        } catch (final IOException ex) {
            return UNKNOWN;
        }
    }
}
