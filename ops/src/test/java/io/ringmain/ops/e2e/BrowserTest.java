package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT.js in a page in Chromium. The page says what it shows by a POST to the server that it was loaded from. */
@Tag("e2e")
@Timeout(180)
class BrowserTest {
    private static final int TIMEOUT_S = 90;

    @TempDir
    private Path dir;

    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private HttpServer server;
    private Process browser;
    private Path browserFiles;

    @BeforeEach
    void startServer() throws IOException {
        MqttJsTest.needMqttJs();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(exchange, MqttJsTest.SCRIPTS.resolve("page.html"), "text/html"));
        server.createContext(
                "/mqtt.min.js",
                exchange -> answer(
                        exchange, MqttJsTest.SCRIPTS.resolve("node_modules/mqtt/dist/mqtt.min.js"), "text/javascript"));
        server.createContext("/shown", exchange -> {
            shown.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly().onExit().join();
            deleteFiles();
        }
        if (server != null) {
            server.stop(0);
        }
    }

    private static void answer(final HttpExchange exchange, final Path file, final String type) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(200, Files.size(file));
        Files.copy(file, exchange.getResponseBody());
        exchange.close();
    }

    private String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What still runs may make a file while we delete. */
    private void deleteFiles() {
        Await.until(() -> {
            try (Stream<Path> files = Files.walk(browserFiles)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
                return Files.notExists(browserFiles);
            } catch (final IOException | UncheckedIOException ex) {
                return false;
            }
        });
    }

    /** Opens the page, which connects at once. */
    private void open(final BrokerProcess broker, final int version) throws IOException {
        final String url = origin() + "/?version=" + version + "&broker=ws://127.0.0.1:" + broker.port("ws")
                + PeerOptions.WEB_SOCKET_PATH;
        // Chromium puts a socket there, whose path has to be short.
        browserFiles = Files.createTempDirectory(Path.of("/tmp"), "page");
        final ProcessBuilder command = new ProcessBuilder(List.of(
                        MqttJsTest.program("chromium", "chromium-browser", "google-chrome"),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--no-proxy-server",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + browserFiles,
                        url))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("browser.log").toFile());
        command.environment().put("TMPDIR", browserFiles.toString());
        browser = command.start();
    }

    private String whatItShows() throws Exception {
        final String text = shown.poll(TIMEOUT_S, TimeUnit.SECONDS);
        assertNotNull(text, () -> "the page says nothing: " + browserLog());
        return text;
    }

    private String browserLog() {
        try {
            return Files.readString(dir.resolve("browser.log"));
        } catch (final IOException ex) {
            return ex.toString();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void shouldServeAPageThatSubscribesAndPublishes(final int version) throws Exception {
        try (BrokerProcess broker = MqttJsTest.broker(dir.resolve("data"), origin());
                Peer peer = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "beside"))) {
            peer.subscribe("from/page", 1);
            open(broker, version);
            assertEquals("hello from the page", peer.nextWithin(TIMEOUT_S).text());
            peer.publish("to/page/first", "21.5 \u00b0C", 0, false);
            peer.publish("to/page/last", "that's all", 1, false);
            assertEquals(
                    List.of(
                            "connected",
                            "subscribed with QoS 1",
                            "to/page/first: 21.5 \u00b0C",
                            "to/page/last: that's all",
                            "ended"),
                    whatItShows().lines().toList());
        }
    }

    @Test
    void shouldNotServeAPageThatIsNotAllowed() throws Exception {
        try (BrokerProcess broker = MqttJsTest.broker(dir.resolve("data"), "https://ops.example.com")) {
            open(broker, 5);
            assertTrue(whatItShows().contains("closed by the broker"));
            LimitCountersTest.assertCounted(broker, "websocket.refused.origin 1");
        }
    }
}
