package io.ringmain.perf.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs jcstress over all classes of this module that it finds, in a process of its own. The property {@code stress.args}
 * holds its options; without, it is as short as it can be. The report is in {@code target/stress/report}.
 */
@Tag("slow")
class StressTest {
    private static final String SHORT = "-m sanity -sc false";

    @Test
    void shouldComeToNoForbiddenOutcome() throws Exception {
        final Path dir = Path.of("target", "stress");
        Files.createDirectories(dir);
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-r",
                "report",
                "-jvmArgsPrepend",
                accessToTheJdk()));
        command.addAll(List.of(System.getProperty("stress.args", SHORT).trim().split("\\s+")));
        final Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        print(process);
        assertEquals(0, process.waitFor());
    }

    /** What Agrona needs of the JDK; this process has it, and jcstress starts others. */
    private static String accessToTheJdk() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .collect(Collectors.joining(" "));
    }

    private static void print(final Process process) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(System.out::println);
        }
    }
}
