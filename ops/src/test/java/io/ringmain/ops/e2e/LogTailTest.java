package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log read by another process while a broker writes it. */
@Tag("e2e")
@Timeout(120)
class LogTailTest {
    private static final long TIMEOUT_MS = 60_000;
    private static final String LAST_FIELD = ".*  ";

    @TempDir
    private Path dir;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Process ringmain(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(BrokerProcess.java());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void collect(final Process process) {
        final Thread reader = new Thread(
                () -> {
                    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                        out.lines().forEach(lines::add);
                    } catch (final IOException ignored) {
                        // The process is gone; what it said is in the list.
                    }
                },
                "tail-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private static MqttClient connect(final BrokerProcess broker) throws IOException {
        return MqttClient.connect(
                BrokerProcess.HOST,
                broker.port(),
                ProtocolVersion.V5,
                30,
                c -> c.clientId("press-07").cleanStart(true));
    }

    private void seal() {
        final CommandRun run = CommandRun.of("log", "seal", "--data", dir.toString());
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
    }

    private List<String> payloads() {
        return lines.stream().map(line -> line.replaceFirst(LAST_FIELD, "")).toList();
    }

    private void await(final int count) {
        Await.until(TIMEOUT_MS, () -> lines.size() >= count, () -> "lines: " + lines);
    }

    @Test
    void shouldFollowABrokerOverSegments() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir);
                MqttClient client = connect(broker)) {
            client.publish("t", bytes("before"), 1, false);
            client.publish("t", bytes("0"), 1, false);
            seal();
            client.publish("other", bytes("x"), 1, false);
            final Process tail = ringmain("log", "tail", "-f", "-n", "1", "--data", dir.toString(), "-t", "t");
            try {
                collect(tail);
                await(1);
                for (int i = 1; i <= 30; i++) {
                    client.publish("t", bytes(Integer.toString(i)), 1, false);
                    client.publish("other", bytes("x"), 1, false);
                    if (i % 10 == 0) {
                        seal();
                    }
                }
                client.publish("t", bytes("last"), 1, false);
                await(32);
                final List<String> expected = new ArrayList<>(
                        IntStream.rangeClosed(0, 30).mapToObj(Integer::toString).toList());
                expected.add("last");
                assertEquals(expected, payloads());
                assertTrue(tail.isAlive());
            } finally {
                tail.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void shouldFollowABrokerThatIsStartedAgain() throws Exception {
        final Process tail;
        try (BrokerProcess broker = BrokerProcess.startOwn(dir);
                MqttClient client = connect(broker)) {
            client.publish("t", bytes("first"), 1, false);
            tail = ringmain("log", "tail", "-f", "--data", dir.toString());
            collect(tail);
            await(1);
            broker.kill();
        }
        try (BrokerProcess broker = BrokerProcess.startOwn(dir);
                MqttClient client = connect(broker)) {
            client.publish("t", bytes("second"), 1, false);
            await(2);
            assertEquals(List.of("first", "second"), payloads());
        } finally {
            tail.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldEndQuietlyWhenNobodyReadsAnyMore() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir);
                MqttClient client = connect(broker)) {
            final byte[] payload = bytes("x".repeat(4096));
            for (int i = 0; i < 500; i++) {
                client.publish("t", payload, 1, false);
            }
            final Process cat = ringmain("log", "cat", "--full", "--data", dir.toString());
            try (BufferedReader out = cat.inputReader(StandardCharsets.UTF_8)) {
                assertTrue(out.readLine().endsWith("xxx"));
            }
            assertTrue(cat.waitFor(TIMEOUT_MS, TimeUnit.MILLISECONDS));
            assertEquals(ExitCode.OK, cat.exitValue());
        }
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
