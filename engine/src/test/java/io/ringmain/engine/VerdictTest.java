package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients whose verdict comes late, too late, or with an end. Clients named "w..." wait for the test, others don't. */
@Timeout(60)
class VerdictTest {
    /** MQTT 3.1.1, clean session, client "wa". */
    private static final String WAITING = "10 0e 0004 4d515454 04 02 003c 0002 7761";
    /** The same of client "qa". */
    private static final String QUICK = "10 0e 0004 4d515454 04 02 003c 0002 7161";
    /** MQTT 5 of client "wb". */
    private static final String WAITING5 = "10 0f 0004 4d515454 05 02 003c 00 0002 7762";

    private static final String CONNACK = "20 02 00 00";

    private record Question(Credentials credentials, CompletableFuture<AuthVerdict> answer) {}

    @TempDir
    private Path dir;

    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private BrokerContext context;
    private RunningBroker broker;

    private CompletionStage<AuthVerdict> ask(final Credentials credentials) {
        if (!credentials.clientId().startsWith("w")) {
            return CompletableFuture.completedFuture(AuthVerdict.accept(credentials.username()));
        }
        final Question question = new Question(credentials, new CompletableFuture<>());
        questions.add(question);
        return question.answer();
    }

    private void start(final int lanes, final long connectTimeoutNs, final Authenticator authenticator) {
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(lanes > 1 ? ThreadingMode.DEDICATED : ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .ioThreads(lanes)
                .idleStrategy("back-off")
                .ioLimits(new IoLimits().connectTimeoutNs(connectTimeoutNs))
                .authenticator(authenticator);
        broker = new RunningBroker(context);
    }

    private void start() {
        start(1, TimeUnit.SECONDS.toNanos(30), this::ask);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HexClient client() throws IOException {
        return new HexClient(broker.port());
    }

    private long count(final CounterId id) {
        return context.counters().get(id);
    }

    private void awaitCount(final CounterId id, final long expected) throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (count(id) != expected && System.nanoTime() < endNs) {
            Thread.sleep(5);
        }
        assertEquals(expected, count(id), id.label());
    }

    @Test
    void shouldHandleWhatCameBehindTheConnectWhenTheVerdictIsThere() throws Exception {
        start();
        try (HexClient waiting = client();
                HexClient other = client()) {
            waiting.send(WAITING + "82 06 0001 0001 61 01" + "32 06 0001 61 0002 78" + "c0 00");
            final Question question = questions.take();
            other.send(QUICK + "82 06 0001 0001 61 00").expect(CONNACK + "90 03 0001 00");
            other.send("30 04 0001 61 79").expect("30 04 0001 61 79");
            assertEquals(1, count(CounterId.CONNECTS_ACCEPTED), "nobody waits but the one");
            question.answer().complete(AuthVerdict.accept("somebody"));
            waiting.expect(CONNACK + "90 03 0001 01");
            other.expect("30 04 0001 61 78");
            assertTrue(questions.isEmpty(), "asked once");
        }
    }

    @ParameterizedTest
    @CsvSource({"134, 20020004, 2003008600", "135, 20020005, 2003008700", "133, 20020002, 2003008500"})
    void shouldTellWhyInTheWordsOfTheVersion(final int reasonCode, final String v3, final String v5) throws Exception {
        start();
        for (final String connect : List.of(WAITING, WAITING5)) {
            try (HexClient client = client()) {
                client.send(connect);
                questions.take().answer().complete(AuthVerdict.refuse(reasonCode, "because"));
                assertEquals(connect.equals(WAITING) ? v3 : v5, client.untilClosed());
            }
        }
    }

    @Test
    void shouldKeepOutWhoseAuthenticatorFails() throws Exception {
        start();
        try (HexClient client = client()) {
            client.send(WAITING5);
            questions.take().answer().completeExceptionally(new IllegalStateException("broken"));
            assertEquals("2003008800", client.untilClosed());
        }
        assertEquals(0, count(CounterId.CONNECTS_ACCEPTED));
    }

    @Test
    void shouldKeepNothingOfAClientThatHasGoneMeanwhile() throws Exception {
        start();
        client().send(WAITING).close();
        questions.take().answer().complete(AuthVerdict.accept("somebody"));
        awaitCount(CounterId.CONNECTIONS_OPEN, 0);
        client().send(WAITING5).close();
        questions.take().answer().complete(AuthVerdict.refuse(0x87, ""));
        awaitCount(CounterId.CONNECTIONS_OPEN, 0);
        try (HexClient client = client()) {
            client.send(QUICK).expect(CONNACK);
        }
    }

    @Test
    void shouldNotListenToAVerdictAfterTheConnectTimeout() throws Exception {
        start(1, TimeUnit.MILLISECONDS.toNanos(200), this::ask);
        try (HexClient client = client()) {
            client.send(WAITING);
            final Question question = questions.take();
            assertEquals("", client.untilClosed());
            question.answer().complete(AuthVerdict.accept("somebody"));
        }
        try (HexClient client = client()) {
            client.send(QUICK).expect(CONNACK);
        }
        assertEquals(1, count(CounterId.CONNECTS_ACCEPTED));
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_TIMEOUT));
    }

    @Test
    void shouldAskOnceWhicheverLaneTheSessionBelongsTo() throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        start(4, TimeUnit.SECONDS.toNanos(30), credentials -> {
            asked.incrementAndGet();
            return CompletableFuture.supplyAsync(() -> AuthVerdict.accept(credentials.clientId()));
        });
        for (int i = 0; i < 16; i++) {
            try (HexClient client = client()) {
                client.send("10 0e 0004 4d515454 04 02 003c 0002 " + String.format("%04x", 0x6161 + i))
                        .expect(CONNACK)
                        .send("c0 00")
                        .expect("d0 00");
            }
        }
        assertEquals(16, asked.get());
    }

    @Test
    void shouldEndAConnectionWhenWhatLetItInDoes() throws Exception {
        start();
        try (HexClient v5 = client();
                HexClient v3 = client()) {
            for (final HexClient client : List.of(v5, v3)) {
                client.send(client == v5 ? WAITING5 : WAITING);
                questions
                        .take()
                        .answer()
                        .complete(AuthVerdict.accept("somebody", Set.of(), System.currentTimeMillis() + 300));
            }
            assertTrue(v5.untilClosed().endsWith("e001a0"), "Maximum connect time");
            assertEquals("20020000", v3.untilClosed());
        }
        assertEquals(2, count(CounterId.CONNECTIONS_CLOSED_EXPIRED));
    }

    @Test
    void shouldRefuseControlCharactersInUserNames() throws Exception {
        start();
        for (final String name : List.of("610a", "617f", "c285")) {
            try (HexClient client = client()) {
                client.send("10 13 0004 4d515454 05 82 003c 00 0002 7161 0002 " + name);
                assertEquals("2003008600", client.untilClosed(), name);
            }
        }
        try (HexClient client = client()) {
            client.send("10 12 0004 4d515454 04 82 003c 0002 7161 0002 c3a4").expect(CONNACK);
        }
        assertEquals(3, count(CounterId.CONNECTIONS_REFUSED_CLIENT_ID));
    }
}
