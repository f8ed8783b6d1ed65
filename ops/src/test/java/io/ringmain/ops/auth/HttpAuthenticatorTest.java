package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.ask;
import static io.ringmain.ops.auth.TestClients.client;
import static io.ringmain.ops.auth.TestClients.refuses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpAuthenticatorTest {
    private final Counters counters = new Counters();
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String answer = "{\"result\":\"allow\"}";
    private volatile CountDownLatch gate = new CountDownLatch(0);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/auth", exchange -> {
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            try {
                gate.await();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            final byte[] body = answer.getBytes(UTF_8);
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private HttpAuthenticator authenticator(final long timeoutMs, final int concurrency) throws Exception {
        final HttpExchange http =
                new HttpExchange(TrustedServers.tls(null), TimeUnit.MILLISECONDS.toNanos(timeoutMs), 200);
        return new HttpAuthenticator(
                http,
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/auth"),
                "Bearer t0ken",
                concurrency,
                counters);
    }

    @Test
    void shouldAskWithWhatTheClientShows() throws Exception {
        final HttpAuthenticator http = authenticator(20_000, 4);
        ask(http, client("b\"ob", "pä\nss"));
        assertEquals(
                "POST Bearer t0ken {\"listener\":\"local\",\"client_id\":\"c\",\"username\":\"b\\\"ob\","
                        + "\"password\":\"pä\\nss\",\"peer\":\"192.0.2.7:4711\"}",
                asked.take());
        ask(http, client(null, null));
        assertTrue(asked.take().contains("\"username\":null,\"password\":null"));
        ask(http, new Credentials("local", "p", null, "c", false, "bob", new byte[] {(byte) 0xFF, 0}, null, false));
        assertTrue(asked.take().contains("\"password_base64\":\"/wA=\""));
    }

    @Test
    void shouldTakeTheAnswerOfTheService() throws Exception {
        final HttpAuthenticator http = authenticator(20_000, 4);
        assertEquals(AuthVerdict.accept("bob"), ask(http, client("bob", "x")));
        answer =
                "{\"more\":{\"a\":[1]},\"result\":\"allow\",\"username\":\"robert\",\"roles\":[\"r\",\"w\"],\"expires_at\":2000000000}";
        assertEquals(AuthVerdict.accept("robert", Set.of("r", "w"), 2_000_000_000_000L), ask(http, client("bob", "x")));
        answer = "{\"result\":\"deny\"}";
        assertEquals(0x86, ask(http, client("bob", "x")).reasonCode());
        assertEquals(0x87, ask(http, client(null, null)).reasonCode());
        answer = "{\"result\":\"ignore\"}";
        assertEquals(AuthVerdict.Kind.PASSED, ask(http, client("bob", "x")).kind());
    }

    /** Many services answer so to a wrong password: taken for a failure, it wouldn't count as a guess. */
    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void shouldTakeWhatForbidsForADenial(final int code) throws Exception {
        status = code;
        answer = "no JSON";
        final HttpAuthenticator http = authenticator(20_000, 4);
        refuses(0x86, http, client("bob", "x"));
        refuses(0x87, http, client(null, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500 | {\"result\":\"allow\"}",
                "400 | {\"result\":\"deny\"}",
                "404 | {\"result\":\"deny\"}",
                "302 | {\"result\":\"allow\"}",
                "201 | {\"result\":\"allow\"}",
                "200 | {}",
                "200 | {\"result\":\"ALLOW\"}",
                "200 | {\"result\":true}",
                "200 | {\"result\":\"allow\"",
                "200 | {\"result\":\"allow\"} x",
                "200 | [\"allow\"]",
                "200 | {\"result\":\"allow\",\"roles\":\"all\"}",
                "200 | {\"result\":\"allow\",\"expires_at\":\"never\"}",
                "200 | {\"result\":\"allow\",\"username\":7}",
                "200 | not json",
            })
    void shouldFailForAnyOtherAnswer(final int code, final String text) throws Exception {
        status = code;
        answer = text;
        final HttpAuthenticator http = authenticator(20_000, 4);
        assertThrows(CompletionException.class, () -> ask(http, client("bob", "x")));
    }

    @Test
    void shouldFailForALongAnswer() throws Exception {
        answer = "{\"result\":\"allow\",\"more\":\"" + "x".repeat(300) + "\"}";
        final HttpAuthenticator http = authenticator(20_000, 4);
        assertThrows(CompletionException.class, () -> ask(http, client("bob", "x")));
    }

    @Test
    void shouldFailForALateAnswerAndForAServiceThatIsNotThere() throws Exception {
        gate = new CountDownLatch(1);
        final HttpAuthenticator http = authenticator(100, 1);
        assertThrows(CompletionException.class, () -> ask(http, client("bob", "x")));
        gate.countDown();
        final HttpAuthenticator patient = authenticator(20_000, 1);
        assertTrue(ask(patient, client("bob", "x")).isAccepted());
        server.stop(0);
        assertThrows(CompletionException.class, () -> ask(patient, client("bob", "x")));
    }

    @Test
    void shouldRefuseWhoIsOneTooManyAtATime() throws Exception {
        gate = new CountDownLatch(1);
        final HttpAuthenticator http = authenticator(20_000, 2);
        final List<CompletableFuture<AuthVerdict>> waiting = List.of(
                http.authenticate(client("a", "x")).toCompletableFuture(),
                http.authenticate(client("b", "x")).toCompletableFuture());
        assertEquals(0x97, ask(http, client("c", "x")).reasonCode());
        assertEquals(1, counters.get(CounterId.AUTH_QUEUE_FULL));
        gate.countDown();
        for (final CompletableFuture<AuthVerdict> verdict : waiting) {
            assertTrue(verdict.join().isAccepted());
        }
        assertTrue(ask(http, client("c", "x")).isAccepted());
    }
}
