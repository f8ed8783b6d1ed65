package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits and engineered misuse: whoever goes too far is told so, and nobody else notices. */
@Tag("e2e")
@Timeout(120)
class LimitsTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(
                data,
                "--set",
                "limits.user_properties=3",
                "--set",
                "limits.user_properties_bytes=100",
                "--set",
                "limits.filters_per_subscribe=1000",
                "--set",
                "limits.subscriptions_per_session=10000",
                "--set",
                "limits.takeovers_per_minute=5",
                "--set",
                "limits.max_half_open=20");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawClient connected(final String id) throws IOException {
        return RawClient.connected(broker.port(), V5, c -> c.clientId(id));
    }

    /** Somebody else's message goes through, soon. */
    private static void assertServes() throws IOException {
        try (RawClient other = connected("other")) {
            other.subscribe(V5, 1, "other", 1);
            other.expect("90 04 0001 00 01");
            other.publish(V5, 0, 0, "other", new byte[] {'x'});
            other.expect("30 09 0005 6f74686572 00 78");
        }
    }

    @Test
    void shouldBoundUserProperties() throws IOException {
        final String pair = "26 0001 61 0001 62";
        try (RawClient client = connected("props")) {
            client.sendHex("32 1b 0001 61 0001 15 " + (pair + " ").repeat(3));
            client.expect("40 03 0001 10");
            client.sendHex("30 20 0001 61 1c " + (pair + " ").repeat(4));
            assertEquals("e00197", client.untilClosed());
        }
        try (RawClient client = connected("large-props")) {
            client.sendHex("30 6d 0001 61 69 26 0001 61 0063 " + "62 ".repeat(99));
            client.sendHex("c0 00");
            client.expect("d0 00");
            client.sendHex("30 6e 0001 61 6a 26 0001 61 0064 " + "62 ".repeat(100));
            assertEquals("e00197", client.untilClosed());
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex("10 2b 0004 4d515454 05 02 0000 1c " + (pair + " ").repeat(4) + " 0002 6161");
            assertEquals("2003009700", client.untilClosed());
        }
        assertServes();
    }

    @Test
    void shouldBoundFiltersOfASubscribe() throws IOException {
        try (RawClient client = connected("filters")) {
            final UnsafeBuffer packet = new UnsafeBuffer(new byte[64 << 10]);
            final SubscribeEncoder subscribe = new SubscribeEncoder().wrap(packet, 0, V5, 1);
            for (int i = 0; i <= 1000; i++) {
                subscribe.add("f/" + i, 0);
            }
            client.send(Arrays.copyOf(packet.byteArray(), subscribe.finish()));
            assertEquals("e00197", client.untilClosed());
        }
    }

    @Test
    void shouldTakeTenThousandSubscriptionsOfASessionAndNoMore() throws IOException {
        try (RawClient client = connected("ten-thousand")) {
            for (int request = 1; request <= 11; request++) {
                final UnsafeBuffer packet = new UnsafeBuffer(new byte[64 << 10]);
                final SubscribeEncoder subscribe = new SubscribeEncoder().wrap(packet, 0, V5, request);
                for (int i = 0; i < 1000; i++) {
                    subscribe.add("s/" + request + "/" + i + "/+/#", 0);
                }
                client.send(Arrays.copyOf(packet.byteArray(), subscribe.finish()));
                final byte[] suback = client.packet();
                assertEquals(request <= 10 ? 0 : 0x97, suback[suback.length - 1] & 0xFF, "request " + request);
            }
            assertServes();
        }
        // Its end removes all of them.
        try (RawClient again = connected("ten-thousand")) {
            again.subscribe(V5, 1, "s/1/1/+/#", 0);
            again.expect("90 04 0001 00 00");
        }
        assertServes();
    }

    @Test
    void shouldDampAClientIdThatIsTakenOverAgainAndAgain() throws IOException {
        RawClient winner = null;
        for (int i = 0; i < 20; i++) {
            final RawClient next = new RawClient(broker.port());
            next.connect(V5, c -> c.clientId("loop"));
            final byte[] connack = next.packet();
            if (connack[3] == 0) {
                if (winner != null) {
                    assertTrue(winner.untilClosed().endsWith("e0018e"));
                }
                winner = next;
            } else {
                assertEquals(0x97, connack[3] & 0xFF);
                assertEquals(6, i, "one connection and five takeovers");
                next.close();
                break;
            }
        }
        try (RawClient old = new RawClient(broker.port())) {
            old.connect(V4, c -> c.clientId("loop"));
            assertEquals("20020003", old.untilClosed(), "server unavailable");
        }
        winner.sendHex("c0 00");
        winner.expect("d0 00");
        winner.close();
        assertServes();
    }

    /** A client that comes back whenever it is thrown out, until it is pinged or was refused often enough. */
    private static final class Stubborn implements Callable<Stubborn> {
        private static final int REFUSALS = 300;

        private int accepted;
        private int refused;
        private volatile RawClient connection;

        @Override
        public Stubborn call() throws IOException {
            while (refused < REFUSALS) {
                try (RawClient client = new RawClient(broker.port())) {
                    client.connect(V4, c -> c.clientId("storm").cleanStart(false));
                    final int code = client.packet()[3];
                    if (code != 0) {
                        assertEquals(3, code, "server unavailable");
                        refused++;
                        continue;
                    }
                    accepted++;
                    connection = client;
                    if (staysUntilPinged(client)) {
                        return this;
                    }
                }
            }
            return this;
        }

        private static boolean staysUntilPinged(final RawClient client) {
            try {
                client.expect("d0 00");
                client.publish(V4, 2, 1, "storm", new byte[] {'x'});
                // The session still has the subscription that was made before the storm.
                final List<String> packets = List.of(
                        HexFormat.of().formatHex(client.packet()),
                        HexFormat.of().formatHex(client.packet()));
                assertTrue(packets.contains("40020001"), packets.toString());
                assertTrue(packets.contains("320a000573746f726d000178"), packets.toString());
                return true;
            } catch (final SocketTimeoutException ex) {
                throw new AssertionError("neither thrown out nor pinged", ex);
            } catch (final IOException thrownOut) {
                return false;
            }
        }
    }

    @Test
    void shouldKeepOneOfTwoClientsThatTakeTheSessionFromEachOtherForEver() throws Exception {
        try (RawClient first = new RawClient(broker.port())) {
            first.connect(V4, c -> c.clientId("storm").cleanStart(false));
            first.expect("20 02 00 00");
            first.subscribe(V4, 1, "storm", 1);
            first.expect("90 03 0001 01");
            first.sendHex("e0 00");
            assertEquals("", first.untilClosed());
        }
        final Stubborn one = new Stubborn();
        final Stubborn two = new Stubborn();
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final CompletionService<Stubborn> ends = new ExecutorCompletionService<>(threads);
            ends.submit(one);
            ends.submit(two);
            final Stubborn loser = ends.take().get();
            final Stubborn winner = loser == one ? two : one;
            assertEquals(Stubborn.REFUSALS, loser.refused);
            assertServes();
            winner.connection.sendHex("c0 00");
            assertEquals(winner, ends.take().get());
            assertEquals(0, winner.refused, "it was let in and never thrown out again");
            assertEquals(6, one.accepted + two.accepted, "one connection and five takeovers");
        } finally {
            threads.shutdownNow();
        }
        assertEquals(
                1,
                broker.output()
                        .lines()
                        .filter(line -> line.contains("client id storm is taken over"))
                        .count());
    }

    @Test
    void shouldServeOthersWhileCleanStartRemovesTenThousandSubscriptions() throws Exception {
        try (RawClient many = RawClient.connected(
                broker.port(), V5, c -> c.clientId("many").cleanStart(false).sessionExpiry(600))) {
            subscribeTenThousand(many);
        }
        final AtomicBoolean removed = new AtomicBoolean();
        final AtomicInteger trips = new AtomicInteger();
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            final Future<Long> longestNs = thread.submit(() -> longestTripNs(removed, trips));
            Await.until(() -> trips.get() > 100 || longestNs.isDone());
            try (RawClient again = new RawClient(broker.port())) {
                again.connect(V5, c -> c.clientId("many").cleanStart(true));
                assertEquals(0, again.packet()[2], "no session present");
                again.publish(V5, 2, 1, "s/1/1/x/y", new byte[0]);
                again.expect("40 03 0001 10");
            }
            final int before = trips.get();
            Await.until(() -> trips.get() > before + 100 || longestNs.isDone());
            removed.set(true);
            final long longestMs = TimeUnit.NANOSECONDS.toMillis(longestNs.get());
            assertTrue(longestMs < 2_000, () -> "a message took " + longestMs + " ms");
        } finally {
            thread.shutdownNow();
        }
    }

    private static void subscribeTenThousand(final RawClient client) throws IOException {
        for (int request = 1; request <= 10; request++) {
            final UnsafeBuffer packet = new UnsafeBuffer(new byte[64 << 10]);
            final SubscribeEncoder subscribe = new SubscribeEncoder().wrap(packet, 0, V5, request);
            for (int i = 0; i < 1000; i++) {
                subscribe.add("s/" + request + "/" + i + "/+/#", 0);
            }
            client.send(Arrays.copyOf(packet.byteArray(), subscribe.finish()));
            final byte[] suback = client.packet();
            assertEquals(0, suback[suback.length - 1], "request " + request);
        }
    }

    /** Message after message from one client to another, each when the one before has come. */
    private static long longestTripNs(final AtomicBoolean end, final AtomicInteger trips) throws IOException {
        long longestNs = 0;
        try (RawClient publisher = connected("one");
                RawClient subscriber = connected("to-one")) {
            subscriber.subscribe(V5, 1, "1to1", 1);
            subscriber.expect("90 04 0001 00 01");
            for (int i = 0; !end.get(); i++) {
                final long startNs = System.nanoTime();
                final byte[] number = {(byte) (i >> 24), (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                publisher.publish(V5, 0, 0, "1to1", number);
                subscriber.expect("30 0b 0004 31746f31 00 %08x".formatted(i));
                longestNs = Math.max(longestNs, System.nanoTime() - startNs);
                trips.incrementAndGet();
            }
        }
        return longestNs;
    }

    @Test
    void shouldBoundHalfOpenConnections() throws Exception {
        final List<RawClient> half = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                half.add(new RawClient(broker.port()).sendHex("10"));
            }
            try (RawClient more = new RawClient(broker.port())) {
                assertEquals("", more.untilClosed());
            }
        } finally {
            for (final RawClient client : half) {
                client.close();
            }
        }
        Await.until(() -> {
            try (RawClient again = new RawClient(broker.port())) {
                again.connect(V4, c -> c.clientId("again"));
                return again.packet()[3] == 0;
            } catch (final IOException ex) {
                return false;
            }
        });
    }

    @Test
    void shouldServeThroughAFloodOfSubscriptions() throws IOException {
        try (RawClient flood = connected("flood")) {
            for (int i = 1; i <= 2000; i++) {
                flood.subscribe(V5, i, "flood/" + i % 7 + "/#", i % 3);
                flood.sendHex("a2 0c %04x 00 0007 666c6f6f642f23".formatted(i));
            }
            assertServes();
            for (int i = 1; i <= 2000; i++) {
                assertEquals((byte) 0x90, flood.packet()[0]);
                assertEquals((byte) 0xb0, flood.packet()[0]);
            }
        }
    }

    @Test
    void shouldRefuseTopicsOfManyLevelsAndServeOn() throws IOException {
        try (RawClient client = connected("deep")) {
            client.publish(V5, 2, 1, "/".repeat(65_534), new byte[0]);
            client.expect("40 03 0001 90");
            final UnsafeBuffer packet = new UnsafeBuffer(new byte[128 << 10]);
            final int length = new SubscribeEncoder()
                    .wrap(packet, 0, V5, 2)
                    .add("+/".repeat(32_000) + "#", 0)
                    .finish();
            client.send(Arrays.copyOf(packet.byteArray(), length));
            client.expect("90 04 0002 00 8f");
        }
        assertServes();
    }
}
