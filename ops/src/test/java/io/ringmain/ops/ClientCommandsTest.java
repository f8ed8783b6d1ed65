package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.client.TestBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pub} and {@code sub} with a session that stays, so that neither has to wait for the other. */
class ClientCommandsTest {
    @TempDir
    private static Path dir;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = new TestBroker(dir.resolve("data"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static CommandRun run(final String command, final String... options) {
        return CommandRun.of(Stream.concat(Stream.of(command, "-p", String.valueOf(broker.port())), Stream.of(options))
                .toArray(String[]::new));
    }

    private static void ok(final CommandRun run) {
        assertEquals("", run.err());
        assertEquals(ExitCode.OK, run.exitCode());
    }

    /** Subscribes a session that stays. */
    private static void open(final String id, final String version, final String... filters) {
        final Stream<String> options = Stream.of("-i", id, "-c", "-q", "2", "-E", "-V", version);
        ok(run(
                "sub",
                Stream.concat(options, Stream.of(filters).flatMap(filter -> Stream.of("-t", filter)))
                        .toArray(String[]::new)));
    }

    private static CommandRun take(final String id, final String version, final int count, final String... options) {
        final Stream<String> base = Stream.of(
                "-i", id, "-c", "-t", "nothing/" + id, "-C", String.valueOf(count), "-W", "10", "-V", version);
        return run("sub", Stream.concat(base, Stream.of(options)).toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void shouldDeliverWhatWasPublished(final String version) throws IOException {
        final String id = "d-" + version;
        open(id, version, "d/" + version + "/#", "e/" + version);
        final Path file = Files.writeString(dir.resolve("payload"), "from a file");
        ok(run("pub", "-V", version, "-t", "d/" + version + "/m", "-m", "text", "-q", "1"));
        ok(run("pub", "-V", version, "-t", "e/" + version, "-f", file.toString(), "-q", "2"));
        ok(run("pub", "-V", version, "-t", "d/" + version + "/n", "-n", "-q", "1"));
        final CommandRun taken = take(id, version, 3, "-v");
        ok(taken);
        assertEquals("d/" + version + "/m text\ne/" + version + " from a file\nd/" + version + "/n \n", taken.out());
    }

    @Test
    void shouldPublishLinesAndAllOfTheInput() {
        open("lines", "5", "lines");
        withInput("one\r\n\ntwo\nthree", () -> ok(run("pub", "-t", "lines", "-l", "-q", "1")));
        withInput("all\nof it\n", () -> ok(run("pub", "-t", "lines", "-s", "-q", "1")));
        assertEquals(
                "one,two,three,all\nof it\n,",
                take("lines", "5", 4, "-N", "-F", "%p,").out());
    }

    private static void withInput(final String text, final Runnable work) {
        final InputStream real = System.in;
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        try {
            work.run();
        } finally {
            System.setIn(real);
        }
    }

    @Test
    void shouldRetainAndDeleteRetained() {
        ok(run("pub", "-t", "kept", "-m", "value", "-r", "-q", "1"));
        final CommandRun kept = run("sub", "-t", "kept", "-C", "1", "-W", "10", "-F", "%t %q %r %l %x %%\\n.");
        assertEquals("kept 0 1 5 76616c7565 %\n.\n", kept.out());
        assertEquals(27, run("sub", "-t", "kept", "-R", "-W", "1").exitCode());
        ok(run("pub", "-t", "kept", "-n", "-r", "-q", "1"));
        final CommandRun gone = run("sub", "-t", "kept", "-W", "1");
        assertEquals(27, gone.exitCode());
        assertEquals("", gone.out());
    }

    @Test
    void shouldPrintJson() {
        open("json", "5", "json");
        ok(run(
                "pub",
                "-V",
                "5",
                "-t",
                "json",
                "-m",
                "x\"y",
                "-q",
                "1",
                "-D",
                "publish",
                "user-property",
                "a",
                "b",
                "-D",
                "publish",
                "content-type",
                "text/plain"));
        final String line = take("json", "5", 1, "--json").out();
        assertTrue(line.startsWith("{\"tst\":\""), line);
        assertTrue(
                line.endsWith(
                        "\"topic\":\"json\",\"qos\":1,\"retain\":0,\"mid\":1,\"payloadlen\":3,\"properties\":"
                                + "{\"content-type\":\"text/plain\",\"user-properties\":[{\"a\":\"b\"}]},\"payload\":\"x\\\"y\"}\n"),
                line);
    }

    @Test
    void shouldAnswerWithTheExitCodesOfMosquittosClients() throws IOException {
        final int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        final CommandRun refused = CommandRun.of("pub", "-p", "" + closed, "-t", "t", "-m", "m");
        assertEquals(1, refused.exitCode());
        assertEquals("Error: Connection refused", refused.err().strip());
        assertEquals(1, CommandRun.of("sub", "-h", "host.invalid", "-t", "t").exitCode());
        assertEquals(27, run("sub", "-t", "silence", "-W", "1").exitCode());
    }

    @Test
    void shouldSayInOneLineWhichOptionIsWrong() {
        for (final String[] wrong : List.of(
                new String[] {"pub", "-t", "a/#", "-m", "x"},
                new String[] {"pub", "-t", "a", "-m", "x", "-q", "3"},
                new String[] {"pub", "-t", "a", "-m", "x", "-V", "4"},
                new String[] {"pub", "-t", "a", "-m", "x", "-x", "5"},
                new String[] {"pub", "-t", "a", "-m", "x", "-P", "secret"},
                new String[] {"pub", "-t", "a", "-m", "x", "-V", "5", "-D", "publish", "payload-format-indicator", "2"},
                new String[] {"pub", "-t", "a", "-f", "/no/such/file"},
                new String[] {"sub", "-t", "a", "-c"},
                new String[] {"sub", "-t", "a", "-C", "0"})) {
            final CommandRun run = run(wrong[0], Stream.of(wrong).skip(1).toArray(String[]::new));
            assertEquals(1, run.exitCode(), String.join(" ", wrong));
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().startsWith("Error: "), run.err());
        }
        for (final String[] wrong : List.of(
                new String[] {"pub", "-t", "a"},
                new String[] {"pub", "-t", "a", "-m", "x", "-n"},
                new String[] {"pub", "-t", "a", "-m", "x", "-D", "publish", "colour", "red"},
                new String[] {"sub"},
                new String[] {"sub", "--frobnicate"})) {
            final CommandRun run = CommandRun.of(wrong);
            assertEquals(1, run.exitCode(), String.join(" ", wrong));
            assertTrue(run.err().startsWith("ringmain " + wrong[0] + ": "), run.err());
            assertTrue(run.err().contains("--help"), run.err());
        }
    }
}
