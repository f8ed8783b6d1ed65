package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT.js in Node, through WebSockets. */
@Tag("e2e")
@Timeout(120)
class MqttJsTest {
    /** Where MQTT.js and the scripts are. */
    static final Path SCRIPTS = Path.of("src/test/js").toAbsolutePath();

    private static final int ROUNDS = 20;

    @TempDir
    private Path dir;

    /** The first of these programs that is on the path; the test is skipped if there is none. */
    static String program(final String... names) {
        for (final String name : names) {
            for (final String directory : System.getenv("PATH").split(File.pathSeparator)) {
                if (Files.isExecutable(Path.of(directory, name))) {
                    return Path.of(directory, name).toString();
                }
            }
        }
        return Assumptions.abort(names[0] + " is not installed; ops/bin/test installs it");
    }

    static void needMqttJs() {
        Assumptions.assumeTrue(
                Files.isDirectory(SCRIPTS.resolve("node_modules/mqtt")),
                "MQTT.js is not installed; ops/bin/test installs it");
    }

    static BrokerProcess broker(final Path data, final String origins) throws Exception {
        return BrokerProcess.startOwn(
                data,
                "--set",
                "listeners.ws.bind=127.0.0.1:0",
                "--set",
                "listeners.ws.protocol=websocket",
                "--set",
                "listeners.ws.origins=" + origins,
                "--set",
                "listeners.local.bind=127.0.0.1:0");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void shouldSubscribeAndPublishWithEveryQos(final int version) throws Exception {
        final String node = program("node", "nodejs");
        needMqttJs();
        try (BrokerProcess broker = broker(dir, "")) {
            final Process process = new ProcessBuilder(List.of(
                            node,
                            SCRIPTS.resolve("client.mjs").toString(),
                            "ws://127.0.0.1:" + broker.port("ws") + PeerOptions.WEB_SOCKET_PATH,
                            String.valueOf(version),
                            String.valueOf(ROUNDS)))
                    .redirectErrorStream(true)
                    .start();
            final List<String> output =
                    new String(process.getInputStream().readAllBytes()).lines().toList();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
            assertEquals(0, process.exitValue(), () -> String.join("\n", output));
            assertEquals(ROUNDS * 3 + 1, output.size(), () -> String.join("\n", output));
            for (int qos = 0; qos <= 2; qos++) {
                for (int i = 0; i < ROUNDS; i++) {
                    assertEquals("node/" + qos + " " + qos + " text " + i, output.get(3 * i + qos));
                }
            }
            assertEquals("node/large 1 300000 bytes", output.get(output.size() - 1));
        }
    }
}
