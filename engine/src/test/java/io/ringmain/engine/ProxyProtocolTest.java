package io.ringmain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.Bans;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.io.proxy.ProxyLayer;
import io.ringmain.engine.journal.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener for proxies, over sockets. The client of these tests is the proxy. */
@Timeout(60)
class ProxyProtocolTest {
    /** MQTT 3.1.1, clean session, client id "cc". */
    private static final String CONNECT = "10 0e 0004 4d515454 04 02 0000 0002 6363";

    private static final String CONNACK = "20 02 00 00";
    private static final int MAX_LENGTH = 512;

    @TempDir
    private Path dir;

    private final List<Credentials> asked = new CopyOnWriteArrayList<>();
    private BrokerContext context;
    private RunningBroker broker;

    private void start(final String trusted, final IoLimits limits) {
        start(trusted, limits, Bans.NONE, 1);
    }

    private void start(final String trusted, final IoLimits limits, final Bans bans, final int lanes) {
        final ProxyLayer layer = new ProxyLayer(AddressSet.parse(List.of(trusted)), MAX_LENGTH);
        context = new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(
                        new ListenerConfig("proxies", new InetSocketAddress("127.0.0.1", 0), false, List.of(layer))))
                .threadingMode(lanes > 1 ? ThreadingMode.DEDICATED : ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .ioThreads(lanes)
                .idleStrategy("back-off")
                .ioLimits(limits)
                .bans(bans)
                .authenticator(credentials -> {
                    asked.add(credentials);
                    return CompletableFuture.completedFuture(AuthVerdict.accept(credentials.username()));
                });
        broker = new RunningBroker(context);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HexClient client() throws IOException {
        return new HexClient(broker.port());
    }

    private static String line(final String text) {
        return HexFormat.of().formatHex((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String from(final String address) {
        return line("PROXY " + (address.contains(":") ? "TCP6 " + address + " ::1" : "TCP4 " + address + " 192.0.2.9")
                + " 4711 1883");
    }

    private HexClient connected(final String preface) throws IOException {
        return client().send(preface + CONNECT).expect(CONNACK);
    }

    private long count(final CounterId id) {
        return context.counters().get(id);
    }

    @Test
    void shouldTellWhereTheClientIs() throws IOException {
        start("127.0.0.1", new IoLimits());
        connected(from("192.0.2.7")).close();
        assertEquals("192.0.2.7", asked.get(0).address());
        assertEquals("192.0.2.7:4711", asked.get(0).peer());
        connected("0d0a0d0a000d0a515549540a 21 11 000c c0000208 c6336401 dc04 075b")
                .close();
        assertEquals("192.0.2.8:56324", asked.get(1).peer());
    }

    @Test
    void shouldNotTakeAClientOfALoopbackProxyForALocalOne() throws IOException {
        start("127.0.0.1", new IoLimits());
        final String unix = "0d0a0d0a000d0a515549540a 21 31 00d8" + "00".repeat(216);
        for (final String preface : List.of(from("127.0.0.1"), line("PROXY UNKNOWN"), unix)) {
            connected(preface).close();
        }
        assertEquals(
                List.of("127.0.0.1", "127.0.0.1", "127.0.0.1"),
                asked.stream().map(Credentials::address).toList());
    }

    @Test
    void shouldTakeTheProxyItselfForWhereItIs() throws IOException {
        start("127.0.0.1", new IoLimits());
        connected("0d0a0d0a000d0a515549540a 20 00 0000").close();
        assertNull(asked.get(0).address(), "it is on this machine");
    }

    @Test
    void shouldTakeAPrefaceThatComesByteByByte() throws Exception {
        start("127.0.0.1", new IoLimits(), Bans.NONE, 2);
        final byte[] bytes = HexFormat.of().parseHex((from("192.0.2.7") + CONNECT).replace(" ", ""));
        try (HexClient client = client()) {
            for (final byte b : bytes) {
                client.send("%02x".formatted(b));
                Thread.sleep(1);
            }
            client.expect(CONNACK);
        }
    }

    @Test
    void shouldTakeAPrefaceThatIsSplitAnywhere() throws Exception {
        start("127.0.0.1", new IoLimits().acceptsPerSecondPerAddress(10_000).acceptsPerSecond(10_000), Bans.NONE, 2);
        final String all = (from("2001:db8::7") + CONNECT).replace(" ", "");
        for (int at = 2; at < all.length(); at += 2) {
            try (HexClient client = client()) {
                client.send(all.substring(0, at));
                Thread.sleep(1);
                client.send(all.substring(at)).expect(CONNACK);
            }
        }
    }

    @Test
    void shouldTakeALongPrefaceOfVersion2() throws IOException {
        start("127.0.0.1", new IoLimits());
        final int room = MAX_LENGTH - 16 - 12 - 3;
        final String values = "04 %04x ".formatted(room) + "00".repeat(room);
        connected("0d0a0d0a000d0a515549540a 21 11 %04x c0000208 c6336401 dc04 075b".formatted(12 + 3 + room) + values)
                .close();
        assertEquals("192.0.2.8", asked.get(0).address());
    }

    @Test
    void shouldCloseWhoSendsNoPrefaceAndCountIt() throws IOException {
        start("127.0.0.1", new IoLimits());
        try (HexClient client = client()) {
            assertEquals("", client.send(CONNECT).untilClosed());
        }
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_PROXY_PREFACE));
        assertTrue(asked.isEmpty());
    }

    @Test
    void shouldStandGarbage() throws IOException {
        start("127.0.0.1", new IoLimits());
        final Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            final byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = bytes[0] == 'P' || bytes[0] == '\r' ? 0 : bytes[0];
            try (HexClient client = client()) {
                client.send(HexFormat.of().formatHex(bytes));
                client.awaitEnd();
            }
        }
        assertEquals(200, count(CounterId.CONNECTIONS_CLOSED_PROXY_PREFACE));
        connected(from("192.0.2.7")).close();
    }

    /** It is closed without waiting for what it says. */
    @Test
    void shouldCloseWhoIsNoTrustedProxyAtOnceAndCountIt() throws IOException {
        start("192.0.2.0/24", new IoLimits());
        try (HexClient client = client()) {
            assertEquals("", client.untilClosed());
        }
        try (HexClient client = client()) {
            client.send(from("192.0.2.7") + CONNECT);
            client.awaitEnd();
        }
        assertEquals(2, count(CounterId.CONNECTIONS_CLOSED_PROXY_UNTRUSTED));
        assertTrue(asked.isEmpty());
    }

    @Test
    void shouldCloseWhoSaysSomethingElseThanMqttBehindThePreface() throws IOException {
        start("127.0.0.1", new IoLimits());
        try (HexClient client = client()) {
            assertEquals("", client.send(from("192.0.2.7") + "47").untilClosed());
        }
        assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_NOT_MQTT));
    }

    @Test
    void shouldCountConnectionsOfTheAddressBehindTheProxy() throws IOException {
        start("127.0.0.1", new IoLimits().maxConnectionsPerAddress(2));
        final List<HexClient> open = new ArrayList<>();
        try {
            open.add(connected(from("192.0.2.7")));
            open.add(connectedAs("dd", "192.0.2.7"));
            try (HexClient third = client()) {
                third.send(from("192.0.2.7"));
                third.awaitEnd();
            }
            assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_ADDRESS));
            open.add(connectedAs("ee", "192.0.2.8"));
            open.remove(0).close();
            Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 2);
            open.add(connectedAs("ff", "192.0.2.7"));
        } finally {
            for (final HexClient client : open) {
                client.close();
            }
        }
        Eventually.holds(() -> count(CounterId.CONNECTIONS_OPEN) == 0);
    }

    private HexClient connectedAs(final String id, final String address) throws IOException {
        return client().send(
                        from(address) + CONNECT.replace("6363", HexFormat.of().formatHex(id.getBytes())))
                .expect(CONNACK);
    }

    @Test
    void shouldCountHalfOpenConnectionsOfTheAddressBehindTheProxy() throws IOException {
        start("127.0.0.1", new IoLimits().maxHalfOpenPerAddress(2));
        try (HexClient one = client().send(from("192.0.2.7"));
                HexClient two = client().send(from("192.0.2.7"))) {
            try (HexClient three = client().send(from("192.0.2.7"))) {
                three.awaitEnd();
            }
            assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_HALF_OPEN));
            one.send(CONNECT).expect(CONNACK);
            two.send(CONNECT.replace("6363", "6464")).expect(CONNACK);
        }
    }

    @Test
    void shouldBoundHowFastAnAddressBehindTheProxyComes() throws IOException {
        start("127.0.0.1", new IoLimits().acceptsPerSecondPerAddress(1));
        int refused = 0;
        for (int i = 0; i < 50; i++) {
            try (HexClient client = client().send(from("2001:db8::" + i) + CONNECT)) {
                refused += client.awaitEndOr(CONNACK) ? 1 : 0;
            }
        }
        assertTrue(refused > 0, "fifty within a second or so, from addresses of one network");
        assertEquals(refused, count(CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE));
        connected(from("2001:db8:0:1::1")).close();
    }

    @Test
    void shouldBoundHowFastAllAddressesComeTogether() throws IOException {
        start("127.0.0.1", new IoLimits().acceptsPerSecond(1));
        int refused = 0;
        for (int i = 0; i < 50; i++) {
            try (HexClient client = client().send(from("192.0.2." + i) + CONNECT)) {
                refused += client.awaitEndOr(CONNACK) ? 1 : 0;
            }
        }
        assertTrue(refused > 0, "fifty within a second or so");
        assertEquals(refused, count(CounterId.CONNECTIONS_REFUSED_RATE));
    }

    @Test
    void shouldCountWhatIsKeptOfAPreface() throws IOException {
        start("127.0.0.1", new IoLimits().unauthenticatedBytes(600));
        try (HexClient one = client().send(HexFormat.of().formatHex("PROXY ".getBytes()));
                HexClient two = client().send(HexFormat.of().formatHex("PROXY ".getBytes()))) {
            Eventually.holds(() -> count(CounterId.UNAUTHENTICATED_BYTES) == 512);
            try (HexClient three = client().send(HexFormat.of().formatHex("PROXY ".getBytes()))) {
                three.awaitEnd();
            }
            assertEquals(1, count(CounterId.CONNECTIONS_CLOSED_UNAUTHENTICATED_BYTES));
            one.send(from("192.0.2.7").substring(12) + CONNECT).expect(CONNACK);
            two.send(from("192.0.2.7").substring(12) + CONNECT.replace("6363", "6464"))
                    .expect(CONNACK);
            assertEquals(0, count(CounterId.UNAUTHENTICATED_BYTES));
        }
    }

    @Test
    void shouldKeepABannedAddressOutBehindTheProxy() throws IOException {
        start("127.0.0.1", new IoLimits(), Bans.parse("bans", List.of("192.0.2.0/24")), 1);
        try (HexClient client = client().send(from("192.0.2.7") + CONNECT)) {
            client.awaitEnd();
        }
        assertEquals(1, count(CounterId.CONNECTIONS_REFUSED_BANNED));
        connected(from("198.51.100.1")).close();
    }
}
