package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GeneratorOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "-2", "2.5", "many", "99999999999", ""})
    void shouldRefuseWhatIsNoNumberOfThreads(final String threads) {
        for (final String command : new String[] {"e2e", "suite", "compare"}) {
            final StringWriter err = new StringWriter();
            final int exitCode = LoadTool.commandLine()
                    .setErr(new PrintWriter(err))
                    .execute(command, "--generator-threads=" + threads);
            assertEquals(CommandLine.ExitCode.USAGE, exitCode, command);
            final String expected = "Invalid value for option '--generator-threads': '" + threads
                    + "' is neither auto nor a number of threads from 1 on";
            assertTrue(err.toString().contains(expected), err.toString());
        }
    }

    @Test
    void shouldTakeAQuarterOfTheCoresByItself() {
        assertEquals(1, GeneratorOptions.Threads.auto(1));
        assertEquals(1, GeneratorOptions.Threads.auto(7));
        assertEquals(2, GeneratorOptions.Threads.auto(8));
        assertEquals(16, GeneratorOptions.Threads.auto(64));
        final int here = Runtime.getRuntime().availableProcessors();
        assertEquals(GeneratorOptions.Threads.auto(here), new GeneratorOptions.Threads().convert("auto"));
        assertEquals(12, new GeneratorOptions.Threads().convert("12"));
    }
}
