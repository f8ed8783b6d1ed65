package io.ringmain.ops.log;

import io.ringmain.ops.ExitCode;
import io.ringmain.storage.log.LogException;
import java.util.function.IntSupplier;

/** What a command says and ends with when the log can't be read: the same in all of them. */
final class LogErrors {
    private LogErrors() {}

    /** Runs a command: its own exit code, or {@link ExitCode#DAMAGED} or {@link ExitCode#NOT_FOUND} and one line. */
    static int guard(final IntSupplier command) {
        try {
            return command.getAsInt();
        } catch (final LogException ex) {
            System.err.println("ringmain: " + ex.getMessage());
            return ex.isDamage() ? ExitCode.DAMAGED : ExitCode.NOT_FOUND;
        }
    }
}
