package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import io.ringmain.storage.log.LogInspector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Enhanced authentication with a method "X": the client sends a byte, the broker asks with the byte + 1, the client must
 * answer with the byte + 2, and the broker ends with the byte + 3. Bytes from 0x80 on are refused at once, who begins
 * with 0x40 is somebody else, and who begins with 0x50 or 0x54 is let in for half a second or for good.
 */
@Timeout(60)
class EnhancedAuthTest {
    /** CONNECT of client "cc", clean start, method X, data 0x10. */
    private static final String CONNECT = "10 17 0004 4d515454 05 02 0000 08 15 0001 58 16 0001 10 0002 6363";
    /** CONNACK with receive maximum 1024, maximum packet size 1 MiB, 64 topic aliases, and the X and 0x13 of success. */
    private static final String CONNACK = "20 19 00 00 16 210400 2700100000 220040 15 0001 58 16 0001 13 13 0e10";

    @TempDir
    private Path dir;

    private BrokerContext context;
    private RunningBroker broker;

    private static final class Counting implements EnhancedAuthenticator {
        @Override
        public String method() {
            return "X";
        }

        @Override
        public AuthExchange begin(final Credentials client) {
            final int[] expected = {-1};
            return data -> {
                if (data.length != 1 || data[0] < 0 || expected[0] >= 0 && data[0] != expected[0]) {
                    return AuthExchange.Answer.refuse(0x87);
                }
                final byte[] next = {(byte) (data[0] + 1)};
                if (expected[0] >= 0) {
                    return AuthExchange.Answer.success(
                            (expected[0] == 0x42 ? "other than " : "user of ") + client.clientId(),
                            next,
                            Set.of(),
                            expected[0] == 0x52 ? System.currentTimeMillis() + 500 : AuthVerdict.NEVER);
                }
                expected[0] = data[0] + 2;
                return AuthExchange.Answer.proceed(next);
            };
        }
    }

    @BeforeEach
    void start() {
        start(1, TimeUnit.SECONDS.toNanos(30));
    }

    private void start(final int lanes, final long connectTimeoutNs) {
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(lanes > 1 ? ThreadingMode.DEDICATED : ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .ioThreads(lanes)
                .idleStrategy("back-off")
                .ioLimits(new IoLimits().connectTimeoutNs(connectTimeoutNs))
                .enhancedAuthenticators(List.of(new Counting()));
        broker = new RunningBroker(context);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HexClient client() throws IOException {
        return new HexClient(broker.port());
    }

    private HexClient authenticated() throws IOException {
        return client().send(CONNECT)
                .expect("f0 0a 18 08 15 0001 58 16 0001 11")
                .send("f0 0a 18 08 15 0001 58 16 0001 12")
                .expect(CONNACK);
    }

    @Test
    void shouldLetInWhoEndsTheExchangeWell() throws IOException {
        try (HexClient client = authenticated()) {
            client.send("c0 00").expect("d0 00");
            assertEquals(1, context.counters().get(CounterId.AUTH_EXCHANGES_STARTED));
            assertEquals(0, context.counters().get(CounterId.AUTH_EXCHANGES_FAILED));
        }
    }

    @Test
    void shouldLogTheUserThatTheExchangeFound() throws IOException {
        authenticated().close();
        broker.close();
        final List<String> users = new ArrayList<>();
        final ConnectEvent connect = new ConnectEvent();
        LogInspector.open(dir).scan(0, (position, buffer, offset, length) -> {
            if (EventHeader.type(buffer, offset) == EventType.CONNECT) {
                connect.wrap(buffer, offset);
                users.add(buffer.getStringWithoutLengthUtf8(connect.usernameOffset(), connect.usernameLength()));
            }
            return true;
        });
        assertEquals(List.of("user of cc"), users);
    }

    @Test
    void shouldRefuseAWrongProof() throws IOException {
        try (HexClient client = client()) {
            client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11").send("f0 0a 18 08 15 0001 58 16 0001 77");
            assertEquals("2003008700", client.untilClosed());
            assertEquals(1, context.counters().get(CounterId.AUTH_EXCHANGES_FAILED));
        }
    }

    @Test
    void shouldRefuseAtTheFirstStep() throws IOException {
        try (HexClient client = client()) {
            client.send(CONNECT.replace("0001 10 ", "0001 80 "));
            assertEquals("2003008700", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseAMethodThatItDoesNotKnow() throws IOException {
        try (HexClient client = client()) {
            client.send(CONNECT.replace("0001 58", "0001 59"));
            assertEquals("2003008c00", client.untilClosed());
        }
    }

    @Test
    void shouldTakeNothingButAuthAndDisconnectBeforeTheConnack() throws IOException {
        for (final String other : List.of("c0 00", "30 04 0001 61 00", CONNECT)) {
            try (HexClient client = client()) {
                client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11").send(other);
                assertEquals("2003008200", client.untilClosed(), other);
            }
        }
        try (HexClient client = client()) {
            client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11").send("e0 00");
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseAnotherMethodInTheMiddle() throws IOException {
        try (HexClient client = client()) {
            client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11").send("f0 0a 18 08 15 0001 59 16 0001 12");
            assertEquals("2003008200", client.untilClosed());
        }
        try (HexClient client = client()) {
            client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11").send("f0 0a 19 08 15 0001 58 16 0001 12");
            assertEquals("2003008200", client.untilClosed(), "not again before the first time");
        }
    }

    @Test
    void shouldAuthenticateAgainWhileTrafficGoesOn() throws IOException {
        try (HexClient client = authenticated()) {
            client.send("82 07 0001 00 0001 61 01").expect("90 04 0001 00 01");
            client.send("f0 0a 19 08 15 0001 58 16 0001 20").expect("f0 0a 18 08 15 0001 58 16 0001 21");
            client.send("30 04 0001 61 00").expect("30 04 0001 61 00");
            client.send("f0 0a 18 08 15 0001 58 16 0001 22").expect("f0 0a 00 08 15 0001 58 16 0001 23");
            client.send("c0 00").expect("d0 00");
            client.send("f0 0a 19 08 15 0001 58 16 0001 30").expect("f0 0a 18 08 15 0001 58 16 0001 31");
        }
    }

    @Test
    void shouldCloseWhoFailsTheSecondTime() throws IOException {
        try (HexClient client = authenticated()) {
            client.send("f0 0a 19 08 15 0001 58 16 0001 20")
                    .expect("f0 0a 18 08 15 0001 58 16 0001 21")
                    .send("f0 0a 18 08 15 0001 58 16 0001 70");
            assertEquals("e00187", client.untilClosed());
            assertEquals(1, context.counters().get(CounterId.CONNECTIONS_CLOSED_AUTHENTICATION));
        }
    }

    @Test
    void shouldRefuseToBecomeSomebodyElse() throws IOException {
        try (HexClient client = authenticated()) {
            client.send("f0 0a 19 08 15 0001 58 16 0001 40")
                    .expect("f0 0a 18 08 15 0001 58 16 0001 41")
                    .send("f0 0a 18 08 15 0001 58 16 0001 42");
            assertEquals("e00187", client.untilClosed());
            assertEquals(1, context.counters().get(CounterId.AUTH_EXCHANGES_FAILED));
        }
    }

    /** The answer to a CONNECT of somebody else shows which policy the agent has. */
    private boolean isAnswered(final String answer) {
        try (HexClient client = client()) {
            return client.send(CONNECT.replace("6363", "6565"))
                    .read(answer.length() / 2)
                    .equals(answer);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    @Test
    void shouldBeAskedByWhoIsThereNow() throws IOException {
        try (HexClient client = authenticated()) {
            broker.policy(context.policy().withEnhancedAuthenticators(List.of(new EnhancedAuthenticator() {
                @Override
                public String method() {
                    return "X";
                }

                @Override
                public AuthExchange begin(final Credentials credentials) {
                    return data -> AuthExchange.Answer.refuse(0x87);
                }
            })));
            Eventually.holds(() -> isAnswered("2003008700"));
            client.send("c0 00").expect("d0 00").send("f0 0a 19 08 15 0001 58 16 0001 20");
            assertEquals("e00187", client.untilClosed());
        }
    }

    @Test
    void shouldNotBeAskedByAMethodThatIsNotOfferedAnyMore() throws IOException {
        try (HexClient client = authenticated()) {
            broker.policy(context.policy().withEnhancedAuthenticators(List.of()));
            Eventually.holds(() -> isAnswered("2003008c00"));
            client.send("c0 00").expect("d0 00").send("f0 0a 19 08 15 0001 58 16 0001 20");
            assertEquals("e0018c", client.untilClosed());
            assertEquals(1, context.counters().get(CounterId.CONNECTIONS_CLOSED_AUTHENTICATION));
        }
    }

    @Test
    void shouldEndWhatIsNotAuthenticatedAgainInTime() throws IOException {
        try (HexClient client = authenticated()) {
            client.send("f0 0a 19 08 15 0001 58 16 0001 50")
                    .expect("f0 0a 18 08 15 0001 58 16 0001 51")
                    .send("f0 0a 18 08 15 0001 58 16 0001 52")
                    .expect("f0 0a 00 08 15 0001 58 16 0001 53");
            assertEquals("e001a0", client.untilClosed());
        }
        try (HexClient client = authenticated()) {
            for (final String begin : List.of("50", "54")) {
                final int first = Integer.parseInt(begin, 16);
                client.send("f0 0a 19 08 15 0001 58 16 0001 " + begin)
                        .expect("f0 0a 18 08 15 0001 58 16 0001 " + Integer.toHexString(first + 1))
                        .send("f0 0a 18 08 15 0001 58 16 0001 " + Integer.toHexString(first + 2))
                        .expect("f0 0a 00 08 15 0001 58 16 0001 " + Integer.toHexString(first + 3));
            }
            // One whose time is over at the same moment or later says when this one's would have been.
            try (HexClient other = client()) {
                other.send(CONNECT.replace("6363", "6364").replace("0001 10 ", "0001 50 "))
                        .expect("f0 0a 18 08 15 0001 58 16 0001 51")
                        .send("f0 0a 18 08 15 0001 58 16 0001 52");
                assertTrue(other.untilClosed().endsWith("e001a0"));
            }
            client.send("c0 00").expect("d0 00");
        }
        assertEquals(2, context.counters().get(CounterId.CONNECTIONS_CLOSED_EXPIRED));
    }

    @Test
    void shouldCallItAProtocolErrorToGoOnOrToBeginOutOfTurn() throws IOException {
        final List<String> wrong = List.of(
                "f0 0a 18 08 15 0001 58 16 0001 20",
                "f0 0a 19 08 15 0001 59 16 0001 20",
                "f0 0a 00 08 15 0001 58 16 0001 20",
                "f0 0a 19 08 15 0001 58 16 0001 20 f0 0a 19 08 15 0001 58 16 0001 20",
                "f0 00");
        for (final String packets : wrong) {
            try (HexClient client = authenticated()) {
                client.send(packets);
                final String answer = client.untilClosed();
                assertTrue(answer.endsWith("e00182"), packets + " -> " + answer);
            }
        }
    }

    @Test
    void shouldCallAuthWithoutAMethodInConnectAProtocolError() throws IOException {
        try (HexClient client = client()) {
            client.send("10 0f 0004 4d515454 05 02 0000 00 0002 6464");
            assertEquals("20", client.read(1));
            final int length = Integer.parseInt(client.read(1), 16);
            client.read(length);
            client.send("f0 0a 19 08 15 0001 58 16 0001 20");
            assertEquals("e00182", client.untilClosed());
        }
        try (HexClient client = client()) {
            client.send("f0 0a 19 08 15 0001 58 16 0001 20");
            assertEquals("", client.untilClosed(), "AUTH comes first");
        }
    }

    @Test
    void shouldNotWaitLongerThanTheConnectTimeout() throws IOException {
        broker.close();
        start(1, TimeUnit.MILLISECONDS.toNanos(300));
        try (HexClient client = client()) {
            client.send(CONNECT).expect("f0 0a 18 08 15 0001 58 16 0001 11");
            assertEquals("", client.untilClosed());
            assertEquals(1, context.counters().get(CounterId.CONNECTIONS_CLOSED_TIMEOUT));
        }
    }

    @Test
    void shouldAuthenticateOnceOnWhicheverLaneTheSessionBelongsTo() throws IOException {
        broker.close();
        start(4, TimeUnit.SECONDS.toNanos(30));
        for (int i = 0; i < 8; i++) {
            try (HexClient client = client()) {
                final String id = "6" + i;
                client.send(CONNECT.replace("6363", "63" + id))
                        .expect("f0 0a 18 08 15 0001 58 16 0001 11")
                        .send("f0 0a 18 08 15 0001 58 16 0001 12")
                        .expect(CONNACK);
            }
        }
        assertEquals(8, context.counters().get(CounterId.AUTH_EXCHANGES_STARTED));
    }
}
