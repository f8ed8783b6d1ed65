package io.ringmain.ops.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Runs commands of the system, as a test needs them to set up mounts, users and namespaces. */
final class Shell {
    private Shell() {}

    /** The exit code; -1 if there is no such command. */
    static int run(final String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (final IOException ex) {
            return -1;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError(ex);
        }
    }

    /** What it printed, without the last line end; fails if it failed. */
    static String output(final String... command) {
        try {
            final Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + text);
            }
            return text;
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new AssertionError(ex);
        }
    }
}
