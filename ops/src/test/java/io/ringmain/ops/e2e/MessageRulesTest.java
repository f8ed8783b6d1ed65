package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PUBLISH, SUBSCRIBE, UNSUBSCRIBE and their acknowledgements as the specifications want them. */
@Tag("e2e")
@Timeout(60)
class MessageRulesTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, "--set", "limits.topic_length=65535");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static RawClient v4(final String id) throws IOException {
        return RawClient.connected(broker.port(), V4, c -> c.clientId(id));
    }

    private static RawClient v5(final String id) throws IOException {
        return RawClient.connected(broker.port(), V5, c -> c.clientId(id));
    }

    private static void subscribe(final RawClient client, final int packetId, final String filter, final int qos)
            throws IOException {
        client.subscribe(V4, packetId, filter, qos);
        client.expect("90 03 %04x %02x".formatted(packetId, qos));
    }

    private static String hex(final String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "QoS 3, 36 06 0001 61 0001 78, e00181",
        "DUP with QoS 0, 38 04 0001 61 78, e00181",
        "packet id 0, 32 06 0001 61 0000 78, e00182",
        "wildcard in the topic, 30 04 0001 23 78, e00190",
        "U+0000 in the topic, 30 04 0001 00 78, e00181",
        "surrogate in the topic, 30 06 0003 eda080 78, e00181",
        "empty topic, 30 03 0000 78, e00182",
        "PUBREL flags, 60 02 0001, e00181",
        "SUBSCRIBE flags, 80 06 0001 0001 61 00, e00181",
        "SUBSCRIBE without filter, 82 02 0001, e00182",
        "SUBSCRIBE with packet id 0, 82 06 0000 0001 61 00, e00182",
        "SUBSCRIBE with QoS 3, 82 06 0001 0001 61 03, e00182",
        "UNSUBSCRIBE flags, a0 05 0001 0001 61, e00181",
        "UNSUBSCRIBE without filter, a2 02 0001, e00182",
        "reserved type, 00 00, e00181",
        "packet that only a server sends, d0 00, e00182",
    })
    void shouldCloseOn(final String what, final String packet, final String reasonOf5) throws IOException {
        try (RawClient client = v4("closes")) {
            client.sendHex(packet);
            assertEquals("", client.untilClosed(), what);
        }
        final boolean subscription = packet.startsWith("8") || packet.startsWith("a");
        final String fifth = subscription ? withProperties(packet) : publishWithProperties(packet);
        try (RawClient client = v5("closes")) {
            client.sendHex(fifth);
            assertEquals(reasonOf5, client.untilClosed(), what);
        }
    }

    /** The same packet with an empty property block behind its packet id. */
    private static String withProperties(final String packet) {
        final String plain = packet.replace(" ", "");
        final int length = Integer.parseInt(plain.substring(2, 4), 16) + 1;
        return plain.substring(0, 2) + "%02x".formatted(length) + plain.substring(4, 8) + "00" + plain.substring(8);
    }

    /** The same PUBLISH with an empty property block before its payload of one byte. */
    private static String publishWithProperties(final String packet) {
        final String plain = packet.replace(" ", "");
        if (!plain.startsWith("3")) {
            return plain;
        }
        final int length = Integer.parseInt(plain.substring(2, 4), 16) + 1;
        final int payload = plain.length() - 2;
        return plain.substring(0, 2) + "%02x".formatted(length) + plain.substring(4, payload) + "00"
                + plain.substring(payload);
    }

    @Test
    void shouldNotPassTheDupFlagOn() throws IOException {
        try (RawClient subscriber = v4("dup-sub");
                RawClient publisher = v4("dup-pub")) {
            subscribe(subscriber, 1, "dup", 2);
            publisher.sendHex("3a 08 0003 647570 0007 78");
            publisher.expect("40 02 0007");
            subscriber.expect("32 08 0003 647570 0001 78");
            publisher.sendHex("3c 08 0003 647570 0008 78");
            publisher.expect("50 02 0008");
            subscriber.expect("34 08 0003 647570 0002 78");
        }
    }

    @Test
    void shouldTakeAPacketIdForANewMessageAfterTheHandshake() throws IOException {
        try (RawClient subscriber = v4("reuse-sub");
                RawClient publisher = v4("reuse-pub")) {
            subscribe(subscriber, 1, "reuse", 0);
            for (int i = 0; i < 3; i++) {
                publisher.sendHex("3a 0a 0005 7265757365 0007 3" + i);
                publisher.expect("40 02 0007");
                subscriber.expect("30 08 0005 7265757365 3" + i);
                publisher.sendHex("3c 0a 0005 7265757365 0007 4" + i);
                publisher.expect("50 02 0007");
                publisher.sendHex("3c 0a 0005 7265757365 0007 4" + i);
                publisher.expect("50 02 0007");
                publisher.sendHex("62 02 0007");
                publisher.expect("70 02 0007");
                subscriber.expect("30 08 0005 7265757365 4" + i);
            }
            publisher.sendHex("62 02 0007");
            publisher.expect("70 02 0007");
        }
    }

    @Test
    void shouldAcknowledgeInTheOrderOfTheMessages() throws IOException {
        try (RawClient publisher = v4("order-pub")) {
            final StringBuilder all = new StringBuilder();
            for (int id = 1; id <= 100; id++) {
                all.append("%02x 06 0001 61 %04x 78".formatted(id % 3 == 0 ? 0x34 : 0x32, id));
            }
            publisher.sendHex(all.toString());
            for (int id = 1; id <= 100; id++) {
                publisher.expect("%02x 02 %04x".formatted(id % 3 == 0 ? 0x50 : 0x40, id));
            }
        }
    }

    @Test
    void shouldReleaseInTheOrderOfThePubrecs() throws IOException {
        try (RawClient client = v4("release")) {
            subscribe(client, 1, "release", 2);
            for (int id = 1; id <= 3; id++) {
                client.publish(V4, 4, id, "release", new byte[0]);
                client.packet();
                client.packet();
            }
            client.sendHex("50 02 0003 50 02 0001 50 02 0002");
            client.expect("62 02 0003");
            client.expect("62 02 0001");
            client.expect("62 02 0002");
        }
    }

    @Test
    void shouldSendAgainAfterAReconnectWithTheSamePacketIdsAndAtNoOtherTime() throws Exception {
        try (RawClient publisher = v4("again-pub")) {
            try (RawClient client = RawClient.connected(
                    broker.port(), V4, c -> c.clientId("again").cleanStart(false))) {
                subscribe(client, 1, "again", 2);
                for (int id = 1; id <= 3; id++) {
                    publisher.publish(V4, id == 2 ? 2 : 4, id, "again", new byte[] {(byte) id});
                    publisher.packet();
                    client.packet();
                }
                client.sendHex("50 02 0001");
                client.expect("62 02 0001");
                Thread.sleep(1_500);
                client.sendHex("c0 00");
                client.expect("d0 00");
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V4, c -> c.clientId("again").cleanStart(false));
                client.expect("20 02 01 00");
                client.expect("62 02 0001");
                client.expect("3a 0a 0005 616761696e 0002 02");
                client.expect("3c 0a 0005 616761696e 0003 03");
            }
        }
    }

    @Test
    void shouldFinishWhatWasBegunBeforeAnUnsubscribe() throws IOException {
        try (RawClient client = v4("unsub");
                RawClient publisher = v4("unsub-pub")) {
            subscribe(client, 1, "unsub/#", 2);
            publisher.publish(V4, 4, 1, "unsub/a", new byte[] {'x'});
            client.expect("34 0c 0007 756e7375622f61 0001 78");
            client.sendHex("a2 0b 0002 0007 756e7375622f23");
            client.expect("b0 02 0002");
            client.sendHex("50 02 0001");
            client.expect("62 02 0001");
            client.sendHex("70 02 0001");
            publisher.expect("50 02 0001");
            publisher.publish(V4, 2, 2, "unsub/a", new byte[] {'y'});
            publisher.expect("40 02 0002");
            client.sendHex("c0 00");
            client.expect("d0 00");
        }
    }

    @Test
    void shouldAnswerUnsubscribeForEachFilterInOrder() throws IOException {
        try (RawClient client = v5("unsub-5")) {
            client.subscribe(V5, 1, "a", 0);
            client.expect("90 04 0001 00 00");
            client.subscribe(V5, 2, "a/b", 0);
            client.expect("90 04 0002 00 00");
            client.sendHex("a2 12 0003 00 0001 61 0001 62 0003 612f62 0002 2b62");
            client.expect("b0 07 0003 00 00 11 00 8f");
        }
        try (RawClient client = v4("unsub-4")) {
            client.sendHex("a2 08 0003 0001 61 0001 62");
            client.expect("b0 02 0003");
        }
    }

    @Test
    void shouldAnswerSubscribeForEachFilterInOrder() throws IOException {
        try (RawClient client = v5("sub-5")) {
            client.sendHex("82 14 0001 00 0001 61 02 0002 2b62 01 0001 63 00 0001 64 01");
            client.expect("90 07 0001 00 02 8f 00 01");
        }
        try (RawClient client = v4("sub-4")) {
            client.sendHex("82 0e 0001 0001 61 02 0001 62 01 0001 63 00");
            client.expect("90 05 0001 02 01 00");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+", "+a/b", "a#", "#/a", "a/#/b", "$share/g", "$share//a", "$share/+/a", "$share/g/a#"})
    void shouldRefuseInvalidFilters(final String filter) throws IOException {
        try (RawClient client = v5("filters-5")) {
            client.subscribe(V5, 1, filter, 0);
            client.expect("90 04 0001 00 8f");
        }
        try (RawClient client = v4("filters-4")) {
            client.subscribe(V4, 1, filter, 0);
            assertEquals("", client.untilClosed());
        }
    }

    @Test
    void shouldReplaceASubscriptionAndSendRetainedMessagesAgain() throws IOException {
        try (RawClient client = v4("replace")) {
            client.publish(V4, 3, 1, "replace", new byte[] {'r'});
            client.expect("40 02 0001");
            client.subscribe(V4, 1, "replace", 0);
            client.expect("90 03 0001 00");
            client.expect("31 0a 0007 7265706c616365 72");
            client.subscribe(V4, 2, "replace", 1);
            client.expect("90 03 0002 01");
            client.expect("33 0c 0007 7265706c616365 0001 72");
            client.publish(V4, 2, 2, "replace", new byte[] {'l'});
            final String both =
                    HexFormat.of().formatHex(client.packet()) + HexFormat.of().formatHex(client.packet());
            assertTrue(both.contains("320c00077265706c61636500026c"), "once, with the new QoS: " + both);
            client.sendHex("c0 00");
            client.expect("d0 00");
        }
    }

    @Test
    void shouldNotNormaliseNamesNorStripTheByteOrderMark() throws IOException {
        final String composed = "\u00e9";
        final String decomposed = "e\u0301";
        final String marked = "\ufeff" + composed;
        try (RawClient client = v4("unicode")) {
            subscribe(client, 1, composed, 0);
            subscribe(client, 2, marked, 0);
            client.publish(V4, 0, 0, decomposed, new byte[] {'1'});
            client.publish(V4, 0, 0, marked, new byte[] {'2'});
            client.expect("30 08 0005 " + hex(marked) + " 32");
            client.publish(V4, 0, 0, composed, new byte[] {'3'});
            client.expect("30 05 0002 " + hex(composed) + " 33");
        }
    }

    @Test
    void shouldTakeNamesAndFiltersOf65535Bytes() throws IOException {
        final String topic = "t".repeat(65_535);
        try (RawClient client = v4("long")) {
            subscribe(client, 1, topic, 0);
            client.publish(V4, 0, 0, topic, new byte[] {'x'});
            final byte[] packet = client.packet();
            assertEquals(1 + 3 + 2 + 65_535 + 1, packet.length);
        }
    }

    @Test
    void shouldTakeEveryAliasUpToTheOneAnnounced() throws IOException {
        try (RawClient client = v5("aliases")) {
            client.subscribe(V5, 1, "al/+", 0);
            client.expect("90 04 0001 00 00");
            for (int alias = 1; alias <= 64; alias++) {
                client.sendHex("30 0b 0005 616c2f%04x 03 23 %04x".formatted(0x3030 + alias, alias));
                client.expect("30 08 0005 616c2f%04x 00".formatted(0x3030 + alias));
            }
            for (int alias = 64; alias >= 1; alias--) {
                client.sendHex("30 06 0000 03 23 %04x".formatted(alias));
                client.expect("30 08 0005 616c2f%04x 00".formatted(0x3030 + alias));
            }
            client.sendHex("30 06 0000 03 23 0000");
            assertEquals("e00194", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseResponseTopicsWithWildcardsAndIdentifiersFromClients() throws IOException {
        try (RawClient client = v5("response")) {
            client.sendHex("30 08 0001 61 04 080001 23");
            assertEquals("e00182", client.untilClosed());
        }
        try (RawClient client = v5("identifier")) {
            client.sendHex("30 06 0001 61 02 0b01");
            assertEquals("e00182", client.untilClosed());
        }
    }

    @Test
    void shouldGoOnWithAQos2HandshakeThoughTheMessageHasExpired() throws Exception {
        try (RawClient client = v5("expired");
                RawClient publisher = v5("expired-pub")) {
            client.subscribe(V5, 1, "expired", 2);
            client.expect("90 04 0001 00 02");
            publisher.sendHex("34 11 0007 " + hex("expired") + " 0001 05 0200000001");
            publisher.expect("50 02 0001");
            assertEquals(0x34, client.packet()[0]);
            Thread.sleep(1_500);
            client.sendHex("50 02 0001");
            client.expect("62 02 0001");
            publisher.sendHex("62 02 0001");
            publisher.expect("70 02 0001");
        }
    }

    @Test
    void shouldCountTheExpiryOfARetainedMessageDown() throws Exception {
        try (RawClient client = v5("retained-expiry")) {
            client.sendHex("33 10 0005 " + hex("lasts") + " 0001 05 0200000064 78");
            client.packet();
            Thread.sleep(1_100);
            client.subscribe(V5, 1, "lasts", 0);
            client.expect("90 04 0001 00 00");
            final String packet = HexFormat.of().formatHex(client.packet());
            assertTrue(
                    packet.matches("310e0005" + hex("lasts") + "05020000006[0-3]78|310e0005" + hex("lasts")
                            + "05020000005[0-9a-f]78"),
                    packet);
            client.sendHex("31 08 0005 " + hex("lasts") + " 00");
        }
    }

    @Test
    void shouldNotSendAgainWhatTheClientRefused() throws IOException {
        try (RawClient publisher = v5("refused-pub")) {
            try (RawClient client = RawClient.connected(
                    broker.port(), V5, c -> c.clientId("refuses").sessionExpiry(100))) {
                client.subscribe(V5, 1, "refused", 2);
                client.expect("90 04 0001 00 02");
                publisher.publish(V5, 2, 1, "refused", new byte[0]);
                publisher.publish(V5, 4, 2, "refused", new byte[0]);
                client.packet();
                client.packet();
                client.sendHex("40 03 0001 80 50 03 0002 97");
                client.sendHex("c0 00");
                client.expect("d0 00");
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("refuses").cleanStart(false).sessionExpiry(0));
                assertEquals(1, client.packet()[2], "session present");
                client.sendHex("c0 00");
                client.expect("d0 00");
            }
        }
    }
}
