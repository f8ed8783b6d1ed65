package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.perf.broker.BrokerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs {@code ringmain bench} in this process, against brokers that it starts itself. */
abstract class BenchCommands {
    @TempDir
    Path dir;

    private final StringWriter err = new StringWriter();

    int run(final String... args) {
        return LoadTool.commandLine().setErr(new PrintWriter(err)).execute(args);
    }

    /** Runs a benchmark on the broker that the build has made, and returns its JSON. */
    String bench(final String... args) throws IOException {
        assumeBuilt();
        final Path json = dir.resolve("out.json");
        final PrintStream realOut = System.out;
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        final int exitCode;
        try {
            final Stream<String> all =
                    Stream.concat(Arrays.stream(args), Stream.of("--dir", dir.toString(), "--json", json.toString()));
            exitCode = run(all.toArray(String[]::new));
        } finally {
            System.setOut(realOut);
        }
        assertEquals(0, exitCode, out + err.toString());
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(1, left.count(), "the data of its brokers is gone");
        }
        final String text = Files.readString(json);
        Files.delete(json);
        return text;
    }

    static void assumeBuilt() {
        Assumptions.assumeTrue(
                BrokerProcess.isBuilt(Path.of("..").toAbsolutePath().normalize()), "needs a build of ops");
    }

    /** The command line is one that can't be understood. */
    void refuses(final String... args) {
        assertEquals(CommandLine.ExitCode.USAGE, run(args), String.join(" ", args));
    }

    /** What the commands complained about. */
    String err() {
        return err.toString();
    }
}
