package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker process on a damaged log: refuses with 6, serves with {@code --salvage}, and without it from then on. */
@Timeout(120)
class SalvageTest {
    @TempDir
    private Path dir;

    private static int publish(final BrokerProcess broker, final String payload) {
        return CommandRun.of(
                        "pub",
                        "-p",
                        Integer.toString(broker.port()),
                        "-q",
                        "1",
                        "-r",
                        "-t",
                        "t/" + payload,
                        "-m",
                        payload)
                .exitCode();
    }

    private void flip(final String text) throws Exception {
        try (Stream<Path> files = Files.walk(dir.resolve("log"))) {
            for (final Path file :
                    files.filter(path -> path.toString().endsWith(".cq4")).toList()) {
                final String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (bytes.contains(text)) {
                    Files.writeString(file, bytes.replace(text, text.toUpperCase()), StandardCharsets.ISO_8859_1);
                    return;
                }
            }
        }
        throw new AssertionError("not in the log: " + text);
    }

    @Test
    void shouldServeADamagedLogOnlyWhenToldTo() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            for (final String payload : new String[] {"before", "middle", "behind"}) {
                assertEquals(0, publish(broker, payload));
            }
            broker.kill();
        }
        flip("middle");
        try (BrokerProcess refused = BrokerProcess.launch(dir)) {
            assertEquals(ExitCode.DAMAGED, refused.exitCode(30));
            assertTrue(
                    refused.output().toString().contains("--salvage"),
                    refused.output().toString());
        }
        try (BrokerProcess salvaged = BrokerProcess.startOwn(dir, "--salvage")) {
            assertTrue(
                    salvaged.output().toString().contains("left out from now on"),
                    salvaged.output().toString());
            final CommandRun got =
                    CommandRun.of("sub", "-p", Integer.toString(salvaged.port()), "-t", "t/#", "-C", "2", "-W", "10");
            assertEquals("before\nbehind\n", got.out());
            salvaged.kill();
        }
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            assertEquals(0, publish(broker, "later"));
        }
        final CommandRun verify = CommandRun.of("log", "verify", "--data", dir.toString());
        assertEquals(ExitCode.OK, verify.exitCode(), verify.out());
        assertTrue(verify.out().contains("intact but for 1 salvaged gaps"), verify.out());
        assertTrue(CommandRun.of("log", "cat", "--all", "--data", dir.toString())
                .out()
                .contains("RECORDS_LOST"));
    }
}
