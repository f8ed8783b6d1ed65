package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a Unix domain socket beside its TCP listener. */
@Tag("e2e")
@Timeout(120)
class UnixSocketTest {
    @TempDir
    private Path dir;

    private Path socket;
    private BrokerProcess broker;

    @BeforeEach
    void start() throws Exception {
        socket = dir.resolve("mqtt.sock");
        broker = startBroker();
    }

    private BrokerProcess startBroker() throws Exception {
        final Path config = Files.writeString(
                dir.resolve("ringmain.yaml"),
                "listeners:\n  a: { bind: 'unix:" + socket + "', mode: '0600' }\n  b: { bind: 127.0.0.1:0 }\n");
        return BrokerProcess.startOwn(dir.resolve("data"), "-c", config.toString());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private static String run(final String input, final List<String> command) throws Exception {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + ": " + output);
        return output;
    }

    private List<String> ours(final String command, final String... options) {
        final List<String> line = new ArrayList<>(BrokerProcess.java());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain", command));
        line.addAll(List.of("--unix", socket.toString()));
        line.addAll(List.of(options));
        return line;
    }

    private List<String> mosquitto(final String command, final String... options) {
        final List<String> line = new ArrayList<>(List.of(command, "--unix", socket.toString()));
        line.addAll(List.of(options));
        return line;
    }

    @Test
    void shouldSayWhereItListensAndGiveTheFileItsMode() throws Exception {
        assertTrue(
                broker.output().contains("ready unix:" + socket + " mqtt://127.0.0.1:" + broker.port()),
                broker::output);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void shouldServeOurOwnClients() throws Exception {
        run("", ours("sub", "-i", "s", "-c", "-q", "1", "-t", "u/#", "-E"));
        run("", ours("pub", "-q", "2", "-t", "u/1", "-m", "one"));
        run("two\nthree\n", ours("pub", "-q", "1", "-t", "u/2", "-l"));
        assertEquals(
                "u/1 one\nu/2 two\nu/2 three\n",
                run("", ours("sub", "-i", "s", "-c", "-q", "1", "-t", "u/#", "-v", "-C", "3", "-W", "20")));
    }

    @Test
    void shouldServeMosquittosClients() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mosquitto_pub")),
                "mosquitto_pub is not installed (package mosquitto-clients)");
        run("", mosquitto("mosquitto_sub", "-i", "m", "-c", "-q", "1", "-t", "m/#", "-E"));
        run("", mosquitto("mosquitto_pub", "-q", "2", "-t", "m/1", "-m", "one"));
        assertEquals(
                "m/1 one\n",
                run(
                        "",
                        mosquitto(
                                "mosquitto_sub",
                                "-i",
                                "m",
                                "-c",
                                "-q",
                                "1",
                                "-t",
                                "m/#",
                                "-v",
                                "-C",
                                "1",
                                "-W",
                                "20")));
    }

    @Test
    void shouldRecordWhichWayAClientCame() throws Exception {
        run("", ours("pub", "-i", "press-07", "-q", "1", "-t", "w", "-m", "x"));
        final List<String> cat = new ArrayList<>(BrokerProcess.java());
        cat.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain", "log", "cat"));
        cat.addAll(List.of("--data", dir.resolve("data").toString(), "--who"));
        final String records = run("", cat);
        assertTrue(records.contains("unix:" + socket), records);
    }

    @Test
    void shouldCloseWhoSpeaksSomethingElse() throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(HexFormat.of().parseHex("47")));
            assertEquals(-1, client.read(ByteBuffer.allocate(10)));
        }
    }

    @Test
    void shouldRemoveTheFileAtAStopAndReplaceWhatAKilledBrokerLeft() throws Exception {
        broker.kill();
        assertTrue(Files.exists(socket));
        broker = startBroker();
        run("", ours("pub", "-q", "1", "-t", "u", "-m", "x"));
        assertEquals(0, broker.terminate());
        assertFalse(Files.exists(socket));
    }
}
