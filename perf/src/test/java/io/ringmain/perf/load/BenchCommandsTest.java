package io.ringmain.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every benchmark once, with numbers so small that they measure nothing, against a broker that it starts itself. */
@Timeout(300)
class BenchCommandsTest {
    @TempDir
    private Path dir;

    private final StringWriter err = new StringWriter();

    private int run(final String... args) {
        return LoadTool.commandLine().setErr(new PrintWriter(err)).execute(args);
    }

    /** Runs a benchmark on the broker that the build has made, and returns its JSON. */
    private String bench(final String... args) throws IOException {
        Assumptions.assumeTrue(
                BrokerProcess.isBuilt(Path.of("..").toAbsolutePath().normalize()), "needs a build of ops");
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
        return Files.readString(json);
    }

    @Test
    @Tag("e2e")
    void shouldMeasureEachDurabilityUnderEachLoad() throws IOException {
        final String json =
                bench("durability", "--duration", "0.1", "--warmup", "0", "--rate", "500", "--qos0-rate", "500");
        assertTrue(json.contains("\"lost\":0"), json);
        assertEquals(19, json.split("\"durability\":").length, json);
        assertTrue(json.contains("\"PUBACK p99.9 us\":"), json);
        assertTrue(json.contains("\"QoS 0 p50 us\":"), json);
    }

    @Test
    @Tag("e2e")
    void shouldCompareThreadsOfTheForceInTurns() throws IOException {
        final String json = bench(
                "durability",
                "--durability=sync",
                "--force-thread=journal,own",
                "--load=RATE",
                "--rounds=2",
                "--duration=0.1",
                "--warmup=0",
                "--rate=500");
        assertTrue(json.contains("\"force\":\"journal\""), json);
        assertTrue(json.contains("\"force\":\"own\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldRecoverBothWays() throws IOException {
        final String json = bench(
                "recovery",
                "--warm",
                "--retained",
                "200",
                "--sessions",
                "50",
                "--queued",
                "100",
                "--set",
                "ring.size=4096");
        assertTrue(json.contains("\"ended by\":\"kill -9\""), json);
        assertTrue(json.contains("\"recovered\":\"0 events behind the snapshot"), json);
        assertTrue(json.contains("\"broker\":\"ring.size=4096\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldQueueAndDrain() throws IOException {
        final String json = bench(
                "backlog", "--warm", "--messages", "500", "--payload", "64", "--duration", "0.1", "--warmup", "0");
        assertTrue(json.contains("\"figure\":\"drained / live\""), json);
        assertTrue(json.contains("\"figure\":\"heap for the backlog, MiB\""), json);
    }

    @Test
    @Tag("e2e")
    void shouldWriteCheckReadAndReplayALog() throws IOException {
        final String json = bench("log", "--seconds", "0.02", "--blocks", "3", "--records", "64", "--events", "300");
        for (final String what : new String[] {"append 3 x 64 B, force", "verify", "scan", "replay into a core"}) {
            assertTrue(json.contains("\"what\":\"" + what + "\""), json);
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstand() {
        for (final String[] args : new String[][] {
            {"durability", "--load", "EVERYTHING"},
            {"durability", "--rounds", "many"},
            {"recovery", "--retained"},
            {"backlog", "--sessions", "5"},
            {"log", "--blocks", "1,x"}
        }) {
            assertEquals(CommandLine.ExitCode.USAGE, run(args), String.join(" ", args));
        }
        assertTrue(err.toString().contains("EVERYTHING"), err.toString());
    }

    @Test
    void shouldSayWhatABrokerSaidThatDidNotStart() {
        Assumptions.assumeTrue(
                BrokerProcess.isBuilt(Path.of("..").toAbsolutePath().normalize()), "needs a build of ops");
        assertEquals(
                CommandLine.ExitCode.SOFTWARE,
                run("backlog", "--dir", dir.toString(), "--set", "ring.threading=sideways"));
        assertTrue(err.toString().contains("'sideways'"), err.toString());
    }
}
