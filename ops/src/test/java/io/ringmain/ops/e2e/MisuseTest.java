package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each client here does what it must not; each time, another one must go on being served. */
@Tag("e2e")
class MisuseTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, "--durability", "append", "--set", "limits.connect_timeout=3s");
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @AfterEach
    void shouldStillServeOthers() throws IOException {
        assertTrue(broker.isAlive(), broker.output());
        roundTrip("bystander", new byte[] {1, 2, 3});
    }

    private static void roundTrip(final String topic, final byte[] payload) throws IOException {
        try (RawClient client = RawClient.connected(broker.port(), V4, c -> c.clientId("bystander"))) {
            client.subscribe(V4, 1, topic, 0);
            client.expect("90 03 0001 00");
            client.publish(V4, 0, 0, topic, payload);
            final byte[] packet = client.packet();
            assertArrayEquals(
                    payload, java.util.Arrays.copyOfRange(packet, packet.length - payload.length, packet.length));
        }
    }

    private static RawClient raw() throws IOException {
        return new RawClient(broker.port());
    }

    private static RawClient connected(final ProtocolVersion version, final String id) throws IOException {
        return RawClient.connected(broker.port(), version, c -> c.clientId(id));
    }

    @Test
    void shouldCloseOnGarbageWithoutAWord() throws IOException {
        final SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 50; i++) {
            final byte[] garbage = new byte[random.nextInt(1, 5000)];
            random.nextBytes(garbage);
            garbage[0] |= 1;
            try (RawClient client = raw()) {
                client.send(garbage);
                assertEquals("", client.untilClosed());
            }
        }
    }

    @Test
    void shouldCloseOnHttp() throws IOException {
        try (RawClient client = raw()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldCloseOnATlsClientHello() throws IOException {
        try (RawClient client = raw()) {
            client.sendHex("16 0301 00c8 0100 00c4 0303").send(new byte[190]);
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldCloseWhenAPacketComesBeforeConnect() throws IOException {
        try (RawClient client = raw()) {
            client.sendHex("c000");
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldCloseAConnectThatIsNeverCompleted() throws IOException {
        try (RawClient client = raw()) {
            client.sendHex("10 20 0004 4d51");
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldForgetAClientThatLeavesInTheMiddleOfAPacket() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = connected(V4, "half-" + i)) {
                client.sendHex("30 7f 0003 612f");
            }
        }
    }

    @Test
    void shouldRefuseASecondConnect() throws IOException {
        try (RawClient client = connected(V5, "twice")) {
            client.connect(V5, c -> c.clientId("twice"));
            assertEquals("e00182", client.untilClosed());
        }
        try (RawClient client = connected(V4, "twice")) {
            client.connect(V4, c -> c.clientId("twice"));
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseAnUnknownProtocolLevel() throws IOException {
        try (RawClient client = raw()) {
            client.sendHex("10 0e 0004 4d515454 07 02 0000 0002 6162");
            assertTrue(client.untilClosed().startsWith("20"), "a CONNACK before the end");
        }
        try (RawClient client = raw()) {
            client.sendHex("10 0e 0004 4d515454 02 02 0000 0002 6162");
            assertEquals("20020001", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseAWillWithQos3() throws IOException {
        try (RawClient client = raw()) {
            client.sendHex("10 14 0004 4d515454 04 1e 0000 0002 6162 0001 74 0001 6d");
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldNameMalformedPacketsToMqtt5Clients() throws IOException {
        try (RawClient client = connected(V5, "qos3")) {
            client.sendHex("36 07 0001 61 0001 00 6d");
            assertEquals("e00181", client.untilClosed());
        }
        try (RawClient client = connected(V5, "utf8")) {
            client.sendHex("30 07 0002 c080 00 6d6d");
            assertEquals("e00181", client.untilClosed());
        }
        try (RawClient client = connected(V5, "length")) {
            client.sendHex("30 ff ff ff ff 01");
            assertEquals("e00181", client.untilClosed());
        }
        try (RawClient client = connected(V5, "large")) {
            client.sendHex("30 ff ff ff 7f");
            assertEquals("e00195", client.untilClosed());
        }
        try (RawClient client = connected(V5, "alias")) {
            client.sendHex("30 06 0000 03 230001");
            assertEquals("e00182", client.untilClosed());
        }
        try (RawClient client = connected(V5, "large-alias")) {
            client.sendHex("30 07 0001 61 03 230041");
            assertEquals("e00194", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseATopicThatIsTooDeep() throws IOException {
        try (RawClient client = connected(V5, "deep")) {
            client.publish(V5, 2, 7, "/".repeat(65_534), new byte[0]);
            client.expect("40 03 0007 90");
        }
    }

    @Test
    void shouldServeOthersWhileOneNeverReads() throws Exception {
        try (RawClient deaf = connected(V4, "deaf");
                RawClient busy = connected(V4, "busy")) {
            deaf.subscribe(V4, 1, "flood/#", 1);
            deaf.expect("90 03 0001 01");
            final byte[] payload = new byte[64 << 10];
            for (int i = 1; i <= 400; i++) {
                busy.publish(V4, i % 2 == 0 ? 2 : 0, i % 2 == 0 ? i : 0, "flood/" + i % 3, payload);
                if (i % 2 == 0) {
                    assertEquals(0x40, busy.packet()[0]);
                }
            }
            roundTrip("quiet", new byte[100]);
        }
    }

    @Test
    void shouldDeliverOnceWhenAClientDiesBetweenPubrecAndPubrel() throws IOException {
        try (RawClient subscriber = connected(V4, "once-sub")) {
            subscriber.subscribe(V4, 1, "once", 2);
            subscriber.expect("90 03 0001 02");
            try (RawClient publisher = RawClient.connected(
                    broker.port(), V4, c -> c.clientId("once-pub").cleanStart(false))) {
                publisher.publish(V4, 4, 9, "once", new byte[] {'x'});
                publisher.expect("50 02 0009");
            }
            subscriber.expect("34 09 0004 6f6e6365 0001 78");
            subscriber.sendHex("50 02 0001");
            subscriber.expect("62 02 0001");
            subscriber.sendHex("70 02 0001");
            try (RawClient publisher = RawClient.connected(
                    broker.port(), V4, c -> c.clientId("once-pub").cleanStart(false))) {
                publisher.publish(V4, 12, 9, "once", new byte[] {'x'});
                publisher.expect("50 02 0009");
                publisher.sendHex("62 02 0009");
                publisher.expect("70 02 0009");
                publisher.publish(V4, 4, 10, "once", new byte[] {'y'});
                publisher.expect("50 02 000a");
            }
            subscriber.expect("34 09 0004 6f6e6365 0002 79");
        }
    }

    @Test
    void shouldPublishTheWillWhenKeepAliveExpires() throws IOException {
        try (RawClient watcher = connected(V4, "watcher");
                RawClient silent = RawClient.connected(
                        broker.port(),
                        V5,
                        c -> c.clientId("silent").keepAlive(1).will("gone", new byte[] {'!'}, 0, false))) {
            watcher.subscribe(V4, 1, "gone", 0);
            watcher.expect("90 03 0001 00");
            assertEquals("e0018d", silent.untilClosed());
            watcher.expect("30 07 0004 676f6e65 21");
        }
    }

    @Test
    void shouldTellAnMqtt5ClientThatItWasTakenOver() throws IOException {
        try (RawClient first = connected(V5, "same");
                RawClient second = connected(V5, "same")) {
            assertEquals("e0018e", first.untilClosed());
            second.sendHex("c000");
            second.expect("d000");
        }
    }

    @Test
    void shouldHideDollarTopicsFromWildcardsAndRefuseToPublishThem() throws IOException {
        try (RawClient client = connected(V5, "dollar")) {
            client.subscribe(V5, 1, "#", 0);
            client.expect("90 04 0001 00 00");
            client.publish(V5, 2, 5, "$SYS/x", new byte[1]);
            client.expect("40 03 0005 90");
            client.sendHex("c000");
            client.expect("d000");
        }
    }
}
