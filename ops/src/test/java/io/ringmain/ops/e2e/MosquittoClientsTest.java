package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker with Debian's mosquitto_pub and mosquitto_sub, and what its log says of it afterwards. */
@Tag("e2e")
class MosquittoClientsTest {
    @TempDir
    private Path dir;

    @BeforeAll
    static void needClients() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mosquitto_pub")),
                "mosquitto_pub is not installed (package mosquitto-clients)");
    }

    private static Process start(final String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String run(final String... command) throws Exception {
        final Process process = start(command);
        final String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end: " + List.of(command));
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    private static String[] with(final BrokerProcess broker, final String program, final String... arguments) {
        final List<String> command = new ArrayList<>(List.of(program, "-p", String.valueOf(broker.port())));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void shouldServeEveryVersionAndQos(final String version) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            run(with(broker, "mosquitto_sub", "-V", version, "-i", "s", "-c", "-q", "2", "-t", "m/#", "-E"));
            for (int qos = 0; qos <= 2; qos++) {
                run(with(
                        broker,
                        "mosquitto_pub",
                        "-V",
                        version,
                        "-i",
                        "p",
                        "-t",
                        "m/" + qos,
                        "-m",
                        "text " + qos,
                        "-q",
                        String.valueOf(qos),
                        "-r"));
            }
            // QoS 0 is not queued, but it was retained.
            final String retained =
                    run(with(broker, "mosquitto_sub", "-V", version, "-t", "m/#", "-v", "-C", "3", "-W", "10"));
            assertEquals("m/0 text 0\nm/1 text 1\nm/2 text 2\n", retained);
        }
    }

    @Test
    void shouldKeepSessionRetainedAndQueueOverARestart() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            run(with(broker, "mosquitto_sub", "-i", "keeper", "-c", "-q", "1", "-t", "q/#", "-E"));
            for (int i = 0; i < 5; i++) {
                run(with(broker, "mosquitto_pub", "-t", "q/x", "-m", "m" + i, "-q", "1"));
            }
            run(with(broker, "mosquitto_pub", "-t", "state", "-m", "on", "-q", "1", "-r"));
            assertEquals(0, broker.terminate());
        }
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            assertEquals(
                    "m0\nm1\nm2\nm3\nm4\n",
                    run(with(
                            broker,
                            "mosquitto_sub",
                            "-i",
                            "keeper",
                            "-c",
                            "-q",
                            "1",
                            "-t",
                            "q/#",
                            "-C",
                            "5",
                            "-W",
                            "10")));
            assertEquals("on\n", run(with(broker, "mosquitto_sub", "-t", "state", "-C", "1", "-W", "10")));
        }
    }

    @Test
    void shouldShowInTheLogWhatWasPublishedAndFindAFlippedByte() throws Exception {
        final String java =
                Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final List<String> log = new ArrayList<>(List.of(java));
        log.addAll(List.of(System.getProperty("ringmain.jvm.args").trim().split("\\s+")));
        log.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain", "log"));
        try (BrokerProcess broker = BrokerProcess.start(dir)) {
            run(with(
                    broker, "mosquitto_pub", "-i", "press-07", "-t", "plant/line3/rpm", "-m", "1473", "-q", "1", "-r"));
            final String cat = run(concat(log, "cat", "--data", dir.toString()));
            assertTrue(cat.matches("(?s)20\\d\\d-\\S+Z  @\\d+  PUB q1 r  press-07  plant/line3/rpm  4 B  1473\n"), cat);
            assertTrue(run(concat(log, "verify", "--data", dir.toString())).startsWith("intact"));
        }
        final Path segment;
        try (var files = Files.walk(dir)) {
            segment =
                    files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(segment);
        final int at = indexOf(bytes, "1473".getBytes());
        bytes[at] ^= 1;
        Files.write(segment, bytes);
        final Process verify = start(concat(log, "verify", "--data", dir.toString()));
        final String found = new String(verify.getInputStream().readAllBytes());
        assertEquals(6, verify.waitFor(), found);
        assertTrue(found.contains(segment.getFileName().toString()) && found.contains("position"), found);
    }

    private static String[] concat(final List<String> head, final String... tail) {
        final List<String> all = new ArrayList<>(head);
        all.addAll(List.of(tail));
        return all.toArray(String[]::new);
    }

    private static int indexOf(final byte[] bytes, final byte[] wanted) {
        for (int i = 0; i <= bytes.length - wanted.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
