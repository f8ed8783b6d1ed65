package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What MQTT 5 brought, byte by byte. */
@Tag("e2e")
@Timeout(60)
class Mqtt5Test {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawClient connected(final String id) throws IOException {
        return RawClient.connected(broker.port(), V5, c -> c.clientId(id));
    }

    /** The next packet, which must be a PUBLISH. */
    private static PublishDecoder publish(final RawClient client) throws IOException {
        final byte[] packet = client.packet();
        final PublishDecoder publish = new PublishDecoder();
        assertEquals(
                0,
                publish.wrap(new UnsafeBuffer(packet), 0, packet.length, V5),
                HexFormat.of().formatHex(packet));
        return publish;
    }

    private static void ping(final RawClient client) throws IOException {
        client.sendHex("c0 00");
        client.expect("d0 00");
    }

    private static void subscribe(final RawClient client, final int packetId, final String filter, final int options)
            throws IOException {
        client.subscribe(V5, packetId, filter, options);
        client.expect("90 04 %04x 00 %02x".formatted(packetId, options & 3));
    }

    @Test
    void shouldGiveTopicsAnAliasForAClientThatTakesThem() throws IOException {
        try (RawClient subscriber = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("takes").topicAliasMaximum(10));
                RawClient publisher = connected("long-topics")) {
            subscribe(subscriber, 1, "alias/#", 0);
            final String topic = "alias/" + "long/".repeat(20);
            for (int i = 0; i < 3; i++) {
                publisher.publish(V5, 0, 0, topic, new byte[] {'x'});
            }
            final PublishDecoder first = publish(subscriber);
            assertEquals(topic.length(), first.topicLength());
            final long alias = first.properties().value(PropertyId.TOPIC_ALIAS);
            assertTrue(alias >= 1 && alias <= 10, "alias " + alias);
            for (int i = 0; i < 2; i++) {
                final PublishDecoder next = publish(subscriber);
                assertEquals(0, next.topicLength());
                assertEquals(alias, next.properties().value(PropertyId.TOPIC_ALIAS));
            }
        }
    }

    @Test
    void shouldGiveNoAliasToAClientThatTakesNone() throws IOException {
        try (RawClient client = connected("takes-none")) {
            subscribe(client, 1, "alias/none", 0);
            client.publish(V5, 0, 0, "alias/none", new byte[] {'x'});
            assertFalse(publish(client).properties().has(PropertyId.TOPIC_ALIAS));
        }
    }

    @Test
    void shouldTakeAliasesOfAClient() throws IOException {
        try (RawClient client = connected("gives")) {
            subscribe(client, 1, "al/+", 0);
            client.sendHex("30 0a 0004 616c2f61 03 230001"); // al/a is 1
            client.expect("30 07 0004 616c2f61 00");
            client.sendHex("30 06 0000 03 230001");
            client.expect("30 07 0004 616c2f61 00");
            client.sendHex("30 0a 0004 616c2f62 03 230001"); // al/b is 1 from now on
            client.expect("30 07 0004 616c2f62 00");
            client.sendHex("32 08 0000 0007 03 230001");
            final byte[] first = client.packet();
            final byte[] second = client.packet();
            assertEquals(0x30 + 0x40, first[0] + second[0], "delivery and PUBACK");
        }
        try (RawClient other = connected("gives")) {
            other.sendHex("30 06 0000 03 230001");
            assertEquals("e00182", other.untilClosed(), "aliases end with the connection");
        }
    }

    @Test
    void shouldNotSendMoreThanTheReceiveMaximumOfAClient() throws IOException {
        try (RawClient slow = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("window").receiveMaximum(3));
                RawClient publisher = connected("window-pub")) {
            subscribe(slow, 1, "window", 2);
            for (int i = 1; i <= 6; i++) {
                publisher.publish(V5, i % 2 == 0 ? 2 : 4, i, "window", new byte[] {(byte) i});
                publisher.packet();
            }
            for (int i = 1; i <= 3; i++) {
                assertEquals(i, publish(slow).packetId());
            }
            ping(slow);
            slow.sendHex("50 02 0001");
            slow.expect("62 02 0001");
            ping(slow);
            slow.sendHex("70 02 0001");
            assertEquals(4, publish(slow).packetId());
            slow.sendHex("40 02 0002");
            assertEquals(5, publish(slow).packetId());
            slow.sendHex("50 03 0003 97");
            assertEquals(6, publish(slow).packetId());
            ping(slow);
        }
    }

    @Test
    void shouldDropAPacketThatIsTooLargeForTheClient() throws IOException {
        try (RawClient small = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("small").maximumPacketSize(50));
                RawClient publisher = connected("large-pub")) {
            subscribe(small, 1, "sized", 1);
            publisher.publish(V5, 2, 1, "sized", new byte[100]);
            publisher.expect("40 02 0001");
            publisher.publish(V5, 2, 2, "sized", new byte[10]);
            publisher.expect("40 02 0002");
            assertEquals(10, publish(small).payloadLength());
        }
    }

    @Test
    void shouldNeverSendAControlPacketThatIsTooLargeForTheClient() throws IOException {
        try (RawClient tiny = new RawClient(broker.port())) {
            tiny.connect(V5, c -> c.clientId("tiny").maximumPacketSize(8));
            assertEquals("", tiny.untilClosed(), "its CONNACK would be longer");
        }
    }

    @Test
    void shouldCarryTheIdentifiersOfAllSubscriptionsThatMatch() throws IOException {
        try (RawClient client = connected("identifiers")) {
            client.sendHex("82 0b 0001 02 0b07 0003 692f61 01"); // i/a, 7
            client.expect("90 04 0001 00 01");
            client.sendHex("82 0d 0002 04 0bffff7f 0003 692f23 02"); // i/#, the largest of three bytes
            client.expect("90 04 0002 00 02");
            client.publish(V5, 0, 0, "i/a", new byte[0]);
            final String packet = HexFormat.of().formatHex(client.packet());
            assertTrue(
                    packet.equals("300c0003692f61060b070bffff7f") || packet.equals("300c0003692f61060bffff7f0b07"),
                    packet);
        }
    }

    @Test
    void shouldSpareAnMqtt3ClientTheIdentifiersOfItsSession() throws IOException {
        try (RawClient client = RawClient.connected(
                broker.port(), V5, c -> c.clientId("downgrade").sessionExpiry(1000))) {
            client.sendHex("82 0b 0001 02 0b07 0003 642f61 01"); // d/a, 7
            client.expect("90 04 0001 00 01");
        }
        try (RawClient publisher = connected("downgrade-pub")) {
            publisher.publish(V5, 2, 1, "d/a", new byte[] {'q'});
            publisher.expect("40 02 0001");
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V4, c -> c.clientId("downgrade").cleanStart(false));
                client.expect("20 02 01 00");
                client.expect("32 08 0003 642f61 0001 71");
                publisher.publish(V5, 0, 0, "d/a", new byte[] {'l'});
                client.expect("30 06 0003 642f61 6c");
            }
        }
    }

    @Test
    void shouldHonourNoLocal() throws IOException {
        try (RawClient own = connected("no-local");
                RawClient other = connected("no-local-other")) {
            subscribe(own, 1, "local", 1 | NO_LOCAL);
            subscribe(other, 1, "local", 1);
            own.publish(V5, 0, 0, "local", new byte[] {'a'});
            assertEquals(1, publish(other).payloadLength());
            other.publish(V5, 0, 0, "local", new byte[] {'b', 'b'});
            assertEquals(2, publish(own).payloadLength(), "its own did not come");
        }
    }

    @Test
    void shouldHonourRetainAsPublishedAndRetainHandling() throws IOException {
        try (RawClient publisher = connected("rap-pub");
                RawClient client = connected("rap")) {
            subscribe(client, 1, "rap/+", RETAIN_AS_PUBLISHED);
            publisher.publish(V5, 3, 1, "rap/a", new byte[] {'a'});
            publisher.packet();
            assertTrue(publish(client).retain(), "as published");
            subscribe(client, 2, "rap/+", RETAIN_AS_PUBLISHED | 1 << 4);
            ping(client);
            subscribe(client, 3, "rap/+", 0);
            assertTrue(publish(client).retain(), "sent again with handling 0");
            subscribe(client, 4, "rap/a", 2 << 4);
            ping(client);
            subscribe(client, 5, "rap/#", 1 << 4);
            assertTrue(publish(client).retain(), "handling 1 and a new subscription");
        }
    }

    @Test
    void shouldCountTheMessageExpiryDown() throws Exception {
        try (RawClient publisher = connected("expiry-pub")) {
            try (RawClient subscriber = RawClient.connected(
                    broker.port(),
                    V5,
                    c -> c.clientId("expiry").cleanStart(false).sessionExpiry(100))) {
                subscribe(subscriber, 1, "expiry", 1);
            }
            publisher.sendHex("32 10 0006 657870697279 0001 05 0200000001"); // one second
            publisher.packet();
            publisher.sendHex("32 10 0006 657870697279 0002 05 0200000064"); // a hundred
            publisher.packet();
            TimeUnit.MILLISECONDS.sleep(2_100);
            try (RawClient subscriber = new RawClient(broker.port())) {
                subscriber.connect(
                        V5, c -> c.clientId("expiry").cleanStart(false).sessionExpiry(0));
                assertEquals(0x20, subscriber.packet()[0]);
                final long left = publish(subscriber).properties().messageExpirySeconds();
                assertTrue(left >= 90 && left <= 98, "left " + left);
                subscriber.sendHex("40 02 0001");
                ping(subscriber);
            }
        }
    }

    @Test
    void shouldSayWhyToWhoAsks() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex("10 13 0004 4d515454 05 02 003c 02 1701 0004 61736b73");
            assertEquals(0x20, client.packet()[0]);
            client.publish(V5, 2, 1, "$no", new byte[0]);
            client.expect("40 19 0001 90 15 1f0012 " + hex("topic name invalid"));
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex("10 14 0004 4d515454 05 02 003c 02 1701 0005 61736b7332");
            client.packet();
            client.sendHex("82 09 0001 00 0003 612b62 01");
            assertTrue(HexFormat.of().formatHex(client.packet()).contains(hex("topic filter invalid")));
            client.sendHex("30 04 0001 2b 00");
            assertTrue(client.untilClosed().contains(hex("topic name invalid")));
        }
        try (RawClient client = connected("does-not-ask")) {
            client.publish(V5, 2, 1, "$no", new byte[0]);
            client.expect("40 03 0001 90");
        }
    }

    private static String hex(final String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveResponseInformationToWhoAsks() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex("10 13 0004 4d515454 05 02 003c 02 1901 0004 61736b73");
            assertTrue(HexFormat.of().formatHex(client.packet()).contains("1a000d" + hex("response/asks")));
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V5, c -> c.clientId("does-not-ask"));
            assertFalse(HexFormat.of().formatHex(client.packet()).contains(hex("response/")));
        }
    }

    @Test
    void shouldCarryRequestAndResponse() throws IOException {
        try (RawClient responder = connected("responder");
                RawClient requester = connected("requester")) {
            subscribe(responder, 1, "request", 1);
            subscribe(requester, 1, "response/requester", 1);
            // Response Topic, Correlation Data, a User Property twice, in this order.
            final String properties =
                    "08 0012 " + hex("response/requester") + " 09 0002 0102" + " 26 0001 62 0001 32 26 0001 61 0001 31";
            requester.sendHex("30 34 0007 " + hex("request") + " 28 " + properties + " 3f 3f");
            final byte[] request = responder.packet();
            assertTrue(
                    HexFormat.of().formatHex(request).contains(properties.replace(" ", "")),
                    "untouched and in order: " + HexFormat.of().formatHex(request));
        }
    }

    @Test
    void shouldAnnounceWhatItOffers() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V5, c -> c.clientId("announce").keepAlive(10));
            // Receive Maximum 1024, Maximum Packet Size 1 MiB, 64 aliases; the rest is available as a matter of course.
            client.expect("20 0e 00 00 0b 210400 2700100000 220040");
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V4, c -> c.clientId("announce").keepAlive(10));
            client.expect("20 02 00 00");
        }
    }

    @Test
    void shouldRefuseNoLocalOnASharedSubscription() throws IOException {
        try (RawClient client = connected("shared-no-local")) {
            client.sendHex("82 10 0001 00 000a " + hex("$share/g/t") + " 05");
            assertEquals("e00182", client.untilClosed());
        }
    }

    @Test
    void shouldSubscribeWithAnIdentifierThroughItsEncoder() throws IOException {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[64]);
        final int length = new SubscribeEncoder()
                .wrap(packet, 0, V5, 9, 268_435_455)
                .add("encoder/x", 0)
                .finish();
        try (RawClient client = connected("encoder")) {
            client.send(Arrays.copyOf(packet.byteArray(), length));
            client.expect("90 04 0009 00 00");
            client.publish(V5, 0, 0, "encoder/x", new byte[0]);
            assertEquals(268_435_455, publish(client).properties().value(PropertyId.SUBSCRIPTION_IDENTIFIER));
        }
    }
}
