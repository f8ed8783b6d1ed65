package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.LayeredChannel;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.Policy;
import io.ringmain.engine.io.tls.Handshakes;
import io.ringmain.engine.io.tls.TestIdentity;
import io.ringmain.engine.io.tls.TlsLayer;
import io.ringmain.engine.io.tls.TlsProvider;
import io.ringmain.engine.journal.Durability;
import io.ringmain.protocol.TopicHash;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients run into before anybody knows who they are, over sockets; the broker's clock is the test's. */
@Timeout(120)
class EdgeTest {
    /** MQTT 5, clean start, client id "cc"; user name "mm" in the second. */
    private static final String CONNECT = "10 0f 0004 4d515454 05 02 0000 00 0002 6363";

    private static final String CONNECT_AS_MM = "10 13 0004 4d515454 05 82 0000 00 0002 6363 0002 6d6d";
    private static final String CONNACK = "20 11 00 00 0e 210400 2700100000 220040 13 0e10";
    /** Bytes that may be kept for all who are unknown, where a test wants the bound reached. */
    private static final int KEPT_BOUND = 1 << 20;

    private static final String CONNECT_3 = "10 0e 0004 4d515454 04 02 0000 0002 6363";

    @TempDir
    private Path dir;

    private final CachedEpochClock now = new CachedEpochClock();
    private final EpochNanoClock clock = () -> now.time();
    private ThreadingMode threadingMode = ThreadingMode.SHARED;
    private int lanes = 1;
    private BrokerContext context;
    private RunningBroker broker;

    private void start(final IoLimits limits, final Bans bans, final Authenticator authenticator) {
        start("127.0.0.1", limits, bans, authenticator, List.of());
    }

    private void start(
            final String bind,
            final IoLimits limits,
            final Bans bans,
            final Authenticator authenticator,
            final List<ChannelLayer> layers) {
        now.update(TimeUnit.HOURS.toNanos(1));
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress(bind, 0), false, layers)))
                .threadingMode(threadingMode)
                .ioThreads(lanes)
                .idleStrategy("back-off")
                .durability(Durability.APPEND)
                .clock(clock)
                .ioLimits(limits)
                .bans(bans)
                .authenticator(authenticator);
        broker = new RunningBroker(context);
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private HexClient client() throws IOException {
        return new HexClient(broker.port());
    }

    private long count(final CounterId id) {
        return context.counters().get(id);
    }

    private static Bans bans(final String... lines) {
        return Bans.parse("bans", List.of(lines));
    }

    /** A byte a second would keep the connection half-open for as long as the CONNECT is long. */
    @Test
    void shouldCloseAClientThatDripsItsConnectWhenItsTimeIsOver() throws Exception {
        start(new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS);
        int sent = 0;
        try (Socket dripping = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            final byte[] connect = HexFormat.of().parseHex("10ff0100044d5154540402000000f1" + "63".repeat(241));
            while (count(CounterId.CONNECTIONS_CLOSED_TIMEOUT) == 0) {
                final long before = count(CounterId.BYTES_RECEIVED);
                dripping.getOutputStream().write(connect[sent++]);
                Eventually.holds(() -> count(CounterId.BYTES_RECEIVED) > before);
                now.advance(TimeUnit.SECONDS.toNanos(1));
                final boolean isDue = sent > 10;
                if (isDue) {
                    Eventually.holds(() -> count(CounterId.CONNECTIONS_CLOSED_TIMEOUT) == 1);
                }
            }
        }
        assertEquals(11, sent, "after ten seconds, whatever it sent");
    }

    @Test
    void shouldBoundWhatIsKeptForManyThatSendGarbageBeforeTheirConnect() throws Exception {
        start(manyHalfOpen(), Bans.NONE, Authenticator.ANONYMOUS);
        final Random random = new Random(5);
        final byte[] garbage = new byte[3_000];
        random.nextBytes(garbage);
        System.arraycopy(HexFormat.of().parseHex("10ffff0200044d515454"), 0, garbage, 0, 10);
        assertKeptIsBounded(2_000, garbage, () -> {
            assertTrue(count(CounterId.CONNECTIONS_CLOSED_UNAUTHENTICATED_BYTES) > 1_000);
            try (HexClient honest = client()) {
                honest.send(CONNECT).expect(CONNACK);
            }
        });
    }

    /** A record of 18 KiB is announced, and it costs who announces it nothing. */
    @ParameterizedTest
    @EnumSource(names = {"JDK", "CONSCRYPT"})
    void shouldBoundWhatIsKeptForManyThatBeginATlsRecord(final TlsProvider provider) throws Exception {
        final TlsLayer tls = new TlsLayer(new Handshakes(), new Counters(), TestIdentity.INSTANCE.settings(provider));
        start("127.0.0.1", manyHalfOpen(), Bans.NONE, Authenticator.ANONYMOUS, List.of(tls));
        final byte[] beginning = HexFormat.of().parseHex("1603034800" + "00".repeat(1000));
        // Of 4 KiB each, and not of what was announced.
        final int most = KEPT_BOUND / (4 << 10);
        assertKeptIsBounded(500, beginning, () -> Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == most));
    }

    private static IoLimits manyHalfOpen() {
        return new IoLimits().maxHalfOpen(4_000).unauthenticatedBytes(KEPT_BOUND);
    }

    private interface Check {
        void run() throws Exception;
    }

    /** @param atBound what must hold while the bound is reached. */
    private void assertKeptIsBounded(final int clients, final byte[] beginning, final Check atBound) throws Exception {
        final List<Socket> open = new ArrayList<>();
        long most = 0;
        try {
            for (int i = 0; i < clients; i++) {
                final Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
                open.add(socket);
                socket.getOutputStream().write(beginning);
                most = Math.max(most, count(CounterId.UNAUTHENTICATED_BYTES));
            }
            Eventually.holds(() -> count(CounterId.CONNECTIONS_ACCEPTED) == clients
                    && count(CounterId.UNAUTHENTICATED_BYTES) > KEPT_BOUND - (8 << 10)
                    && count(CounterId.CONNECTIONS_CLOSED_UNAUTHENTICATED_BYTES) + count(CounterId.CONNECTIONS_OPEN)
                            == clients);
            most = Math.max(most, count(CounterId.UNAUTHENTICATED_BYTES));
            assertTrue(most <= KEPT_BOUND, "kept " + most);
            atBound.run();
        } finally {
            for (final Socket socket : open) {
                socket.close();
            }
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
        assertEquals(0, count(CounterId.UNAUTHENTICATED_BYTES));
    }

    @Test
    void shouldKeepBannedClientsAndUsersOut() throws IOException {
        start(new IoLimits(), bans("client cc"), Authenticator.ANONYMOUS);
        try (HexClient client = client()) {
            assertEquals("2003008a00", client.send(CONNECT).untilClosed());
        }
        try (HexClient client = client()) {
            assertEquals("20020005", client.send(CONNECT_3).untilClosed());
        }
        broker.close();
        start(new IoLimits(), bans("user mm"), Authenticator.ANONYMOUS);
        try (HexClient client = client()) {
            assertEquals("2003008a00", client.send(CONNECT_AS_MM).untilClosed());
        }
        assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_BANNED));
        client().send(CONNECT).expect(CONNACK).close();
    }

    /** Such as the owner of a certificate. */
    @Test
    void shouldKeepAUserOutThatIsFoundToBeABannedOne() throws IOException {
        start(
                new IoLimits(),
                bans("user mallory"),
                credentials -> CompletableFuture.completedFuture(AuthVerdict.accept("mallory")));
        try (HexClient client = client()) {
            assertEquals("2003008a00", client.send(CONNECT).untilClosed());
        }
    }

    @Test
    void shouldKeepABannedAddressOutBeforeItSaysAnything() throws IOException {
        start(new IoLimits(), bans("127.0.0.1"), Authenticator.ANONYMOUS);
        try (HexClient client = client()) {
            assertEquals("", client.untilClosed());
        }
        assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_BANNED));
        assertEquals(0, count(CounterId.CONNECTIONS_ACCEPTED));
    }

    @Test
    void shouldCloseWhoIsBannedWhileConnected() throws IOException {
        start(new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS);
        try (HexClient five = client();
                HexClient three = client();
                HexClient silent = client();
                HexClient innocent = client()) {
            five.send(CONNECT).expect(CONNACK);
            three.send(CONNECT_3.replace("6363", "6464")).expect("20 02 00 00");
            innocent.send(CONNECT.replace("6363", "6565")).expect(CONNACK);
            final Policy open = context.policy();
            broker.policy(open.withBans(bans("client cc", "client dd")));
            assertEquals("e00198", five.untilClosed());
            assertEquals("", three.untilClosed());
            assertEquals(2, count(CounterId.CONNECTIONS_CLOSED_BANNED));
            innocent.send("c000").expect("d000");
            broker.policy(open.withBans(bans("127.0.0.0/8")));
            assertEquals("e00198", innocent.untilClosed());
            assertEquals("", silent.untilClosed());
            broker.policy(open);
            Eventually.holds(this::isLetIn);
        }
    }

    private static final class LinkLocal extends LayeredChannel {
        private final Runnable onRelease;

        LinkLocal(final Channel lower, final Runnable onRelease) {
            super(lower);
            this.onRelease = onRelease;
        }

        @Override
        public int read(final ByteBuffer target) throws IOException {
            return lower.read(target);
        }

        @Override
        public int write(final ByteBuffer source) throws IOException {
            return lower.write(source);
        }

        @Override
        public String address() {
            return inetAddress().getHostAddress();
        }

        @Override
        public InetAddress inetAddress() {
            try {
                final byte[] bytes = HexFormat.of().parseHex("fe800000000000000000000000000001");
                return Inet6Address.getByAddress(null, bytes, 7);
            } catch (final UnknownHostException ex) {
                throw new IllegalStateException(ex);
            }
        }

        @Override
        public void release() {
            onRelease.run();
            lower.release();
        }
    }

    /** Everybody comes from fe80::1%7, as far as the broker can tell. */
    private static ChannelLayer linkLocal(final Runnable onRelease) {
        return new ChannelLayer() {
            @Override
            public Channel over(final Channel lower) {
                return new LinkLocal(lower, onRelease);
            }

            @Override
            public boolean tellsAddress(final Channel socket) {
                return true;
            }
        };
    }

    @Test
    void shouldCloseWhoIsBannedByAnAddressThatHasAScope() throws IOException {
        start("127.0.0.1", new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS, List.of(linkLocal(() -> {})));
        try (HexClient client = client()) {
            client.send(CONNECT).expect(CONNACK);
            broker.policy(context.policy().withBans(bans("fe80::/10")));
            assertEquals("e00198", client.untilClosed());
        }
        try (HexClient client = client()) {
            assertEquals("", client.send(CONNECT).untilClosed());
        }
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_BANNED));
        assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_BANNED));
    }

    /** The ban comes when one agent has let go of the connection, and the other doesn't have it yet. */
    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED"})
    void shouldCloseWhoIsBannedBetweenTwoAgents(final ThreadingMode mode) throws IOException {
        final Runnable ban = () -> broker.policy(context.policy().withBans(bans("fe80::1")));
        threadingMode = mode;
        lanes = 2;
        start("127.0.0.1", new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS, List.of(linkLocal(ban)));
        final String connect = CONNECT.substring(0, CONNECT.length() - 4) + idOfLane(1);
        try (HexClient client = client()) {
            assertTrue(List.of("", "e00198")
                    .contains(lastPacket(client.send(connect).untilClosed())));
        }
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_BANNED));
    }

    /** What comes behind the CONNACK, if the ban was that late. */
    private static String lastPacket(final String received) {
        final String connack = CONNACK.replace(" ", "");
        return received.startsWith(connack) ? received.substring(connack.length()) : received;
    }

    /** Of two lanes; hex. */
    private static String idOfLane(final int lane) {
        for (char c = 'a'; c <= 'z'; c++) {
            final UnsafeBuffer id = new UnsafeBuffer(new byte[] {(byte) c, (byte) c});
            if ((TopicHash.of(id, 0, 2) & Integer.MAX_VALUE) % 2 == lane) {
                return HexFormat.of().formatHex(id.byteArray());
            }
        }
        throw new IllegalStateException("no id of lane " + lane);
    }

    /** Whoever comes before the agent has gone over to the policy is still closed. */
    private boolean isLetIn() {
        try (HexClient client = client()) {
            client.send(CONNECT).expect(CONNACK);
            return true;
        } catch (final IOException ex) {
            return false;
        }
    }

    @Test
    void shouldNotPublishTheWillOfWhoIsBanned() throws IOException {
        start(new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS);
        try (HexClient banned = client();
                HexClient reader = client()) {
            reader.send("10 0e 0004 4d515454 04 02 0000 0002 7272").expect("20020000");
            reader.send("82 06 0001 0001 77 00").expect("90 03 0001 00");
            // A will on the topic "w".
            banned.send("10 14 0004 4d515454 04 06 0000 0002 6363 0001 77 0001 78")
                    .expect("20020000");
            broker.policy(context.policy().withBans(bans("client cc")));
            assertEquals("", banned.untilClosed());
            reader.send("30 04 0001 77 79").expect("30 04 0001 77 79");
            assertEquals(1, count(CounterId.DROPPED_WILL_ACL));
        }
    }

    @Test
    void shouldCloseAtAcceptWhoComesTooFastFromAnAddress() throws Exception {
        final InetAddress own = ownAddress();
        start("0.0.0.0", new IoLimits().acceptsPerSecondPerAddress(20), Bans.NONE, Authenticator.ANONYMOUS, List.of());
        for (int i = 0; i < 200; i++) {
            new Socket(own, broker.port()).close();
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE) == 180);
        assertEquals(20, count(CounterId.CONNECTIONS_ACCEPTED));
        client().send(CONNECT).expect(CONNACK).close();
        now.advance(TimeUnit.SECONDS.toNanos(1));
        new Socket(own, broker.port()).close();
        Eventually.holds(() -> count(CounterId.CONNECTIONS_ACCEPTED) == 22);
    }

    /** An address of this machine that isn't loopback. */
    private static InetAddress ownAddress() throws Exception {
        final InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(own != null, "needs a network interface beside loopback");
        return own;
    }

    @Test
    void shouldStandALayerThatFailsAtAccept() throws IOException {
        final boolean[] fails = {true};
        start("127.0.0.1", new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS, List.of(lower -> {
            if (fails[0]) {
                fails[0] = false;
                throw new IllegalStateException("for the test");
            }
            return lower;
        }));
        try (HexClient client = client()) {
            client.awaitEnd();
        }
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_EXCEPTION));
        client().send(CONNECT).expect(CONNACK).close();
    }

    /** Such as a provider of TLS while it says goodbye; found by the round, which is nobody's packet. */
    @Test
    void shouldStandALayerThatFailsAtClose() throws Exception {
        start("127.0.0.1", new IoLimits(), Bans.NONE, Authenticator.ANONYMOUS, List.of(FailsAtClose::new));
        try (HexClient client = client();
                HexClient another = client()) {
            Eventually.holds(() -> count(CounterId.CONNECTIONS_ACCEPTED) == 2);
            now.advance(TimeUnit.SECONDS.toNanos(11));
            assertEquals("", client.untilClosed());
            assertEquals("", another.untilClosed());
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
        assertEquals(2, count(CounterId.CONNECTIONS_CLOSED_EXCEPTION));
        client().send(CONNECT).expect(CONNACK).close();
    }

    private static final class FailsAtClose extends LayeredChannel {
        FailsAtClose(final Channel lower) {
            super(lower);
        }

        @Override
        public int read(final ByteBuffer target) throws IOException {
            return lower.read(target);
        }

        @Override
        public int write(final ByteBuffer source) throws IOException {
            return lower.write(source);
        }

        @Override
        public void close() {
            throw new IllegalStateException("for the test");
        }
    }
}
