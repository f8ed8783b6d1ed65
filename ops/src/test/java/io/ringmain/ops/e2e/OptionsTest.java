package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that doesn't offer everything says so, and holds to it. */
@Tag("e2e")
@Tag("one-java")
@Timeout(60)
class OptionsTest {
    private static final ProtocolVersion V3 = ProtocolVersion.V3_1;
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private Path data;

    private static String hex(final String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private BrokerProcess broker(final String... settings) throws Exception {
        final String[] options = new String[settings.length * 2];
        for (int i = 0; i < settings.length; i++) {
            options[2 * i] = "--set";
            options[2 * i + 1] = settings[i];
        }
        return BrokerProcess.startOwn(data, options);
    }

    private static RawClient connected(final BrokerProcess broker, final String id) throws IOException {
        return RawClient.connected(broker.port(), V5, c -> c.clientId(id));
    }

    @Test
    void shouldAnnounceWhatItDoesNotOfferAndRefuseIt() throws Exception {
        try (BrokerProcess broker = broker(
                "mqtt.retain=false",
                "mqtt.wildcard_subscriptions=false",
                "mqtt.shared_subscriptions=false",
                "mqtt.subscription_identifiers=false",
                "limits.max_qos=1",
                "limits.topic_alias_maximum=0",
                "limits.receive_maximum=7")) {
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("announce").keepAlive(10));
                client.expect("20 15 00 00 12 210007 2401 2700100000 2500 2800 2900 2a00");
                client.subscribe(V5, 1, "a/+", 1);
                client.expect("90 04 0001 00 a2");
                client.subscribe(V5, 2, "$share/g/a", 1);
                client.expect("90 04 0002 00 9e");
                client.subscribe(V5, 3, "a", 2);
                client.expect("90 04 0003 00 01");
                client.publish(V5, 1, 0, "a", new byte[1]);
                assertEquals("e0019a", client.untilClosed());
            }
            assertCloses(broker, "34 06 0001 61 0001 00", "e0019b");
            assertCloses(broker, "82 09 0001 02 0b01 0001 61 00", "e001a1");
            assertCloses(broker, "30 07 0001 61 03 230001", "e00194");
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("will").will("w", new byte[1], 1, true));
                assertEquals("2003009a00", client.untilClosed());
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("will").will("w", new byte[1], 2, false));
                assertEquals("2003009b00", client.untilClosed());
            }
            try (RawClient client = RawClient.connected(broker.port(), V4, c -> c.clientId("old"))) {
                client.subscribe(V4, 1, "a/+", 1);
                client.expect("90 03 0001 80");
            }
        }
    }

    private static void assertCloses(final BrokerProcess broker, final String packet, final String answer)
            throws IOException {
        try (RawClient client = connected(broker, "breaks-it")) {
            client.sendHex(packet);
            assertEquals(answer, client.untilClosed());
        }
    }

    @Test
    void shouldCheckPayloadsThatAreAnnouncedAsTextIfToldTo() throws Exception {
        try (BrokerProcess broker = broker("mqtt.check_payload_format=true");
                RawClient client = connected(broker, "text")) {
            client.subscribe(V5, 1, "text", 0);
            client.packet();
            client.sendHex("32 0c 0004 " + hex("text") + " 0001 02 0101 c0");
            client.expect("40 03 0001 99");
            client.sendHex("34 0c 0004 " + hex("text") + " 0002 02 0101 c0");
            client.expect("50 03 0002 99");
            client.sendHex("30 0a 0004 " + hex("text") + " 02 0101 c0");
            client.sendHex("30 0a 0004 " + hex("text") + " 02 0101 61");
            client.expect("30 0a 0004 " + hex("text") + " 02 0101 61");
            client.sendHex("30 07 0004 " + hex("text") + " 00");
            client.expect("30 07 0004 " + hex("text") + " 00");
        }
    }

    @Test
    void shouldTakeLongClientIdsOfMqtt31IfToldTo() throws Exception {
        final String id = "a-client-id-of-more-than-23-characters";
        try (BrokerProcess broker = broker("mqtt.long_mqisdp_client_ids=true")) {
            RawClient.connected(broker.port(), V3, c -> c.clientId(id)).close();
            assertEquals(0, broker.terminate());
        }
        try (BrokerProcess strict = broker();
                RawClient client = new RawClient(strict.port())) {
            client.connect(V3, c -> c.clientId(id));
            assertEquals("20020002", client.untilClosed());
        }
    }

    @Test
    void shouldEnforceItsReceiveMaximum() throws Exception {
        try (BrokerProcess broker = broker("limits.receive_maximum=5")) {
            try (RawClient client = connected(broker, "greedy")) {
                for (int id = 1; id <= 5; id++) {
                    client.publish(V5, 4, id, "greedy", new byte[0]);
                    client.expect("50 03 %04x 10".formatted(id));
                }
                client.publish(V5, 2, 6, "greedy", new byte[0]);
                assertEquals("e00193", client.untilClosed());
            }
            try (RawClient client = connected(broker, "modest")) {
                for (int id = 1; id <= 20; id++) {
                    client.publish(V5, 4, id, "modest", new byte[0]);
                    client.packet();
                    client.sendHex("62 02 %04x".formatted(id));
                    client.packet();
                    client.publish(V5, 2, id, "modest", new byte[0]);
                    client.packet();
                }
            }
        }
    }

    @Test
    void shouldSendClientsElsewhereWhenItStops() throws Exception {
        try (BrokerProcess broker = broker("mqtt.server_reference=other:1883");
                RawClient client = connected(broker, "moves")) {
            assertEquals(0, broker.terminate());
            assertEquals("e00f9c0d1c000a" + hex("other:1883"), client.untilClosed());
        }
    }

    @Test
    void shouldSayThatItStops() throws Exception {
        try (BrokerProcess broker = broker();
                RawClient client = connected(broker, "stays")) {
            assertEquals(0, broker.terminate());
            assertEquals("e0018b", client.untilClosed());
        }
    }

    @Test
    void shouldRefuseWhatNobodyHasRoomForAndDropByAge() throws Exception {
        try (BrokerProcess broker = broker("limits.queued_messages_per_session=2", "limits.overflow=drop-newest")) {
            RawClient.connected(broker.port(), V5, c -> c.clientId("away").sessionExpiry(1000))
                    .close();
            try (RawClient away = RawClient.connected(
                    broker.port(), V5, c -> c.clientId("away").cleanStart(false).sessionExpiry(1000))) {
                away.subscribe(V5, 1, "q", 1);
                away.expect("90 04 0001 00 01");
            }
            try (RawClient client = connected(broker, "publishes")) {
                for (int id = 1; id <= 2; id++) {
                    client.publish(V5, 2, id, "q", new byte[0]);
                    client.expect("40 02 %04x".formatted(id));
                }
                client.publish(V5, 2, 3, "q", new byte[0]);
                client.expect("40 03 0003 97");
                client.publish(V5, 4, 4, "q", new byte[0]);
                client.expect("50 03 0004 97");
            }
            try (RawClient old = RawClient.connected(broker.port(), V4, c -> c.clientId("old"))) {
                old.publish(V4, 2, 1, "q", new byte[0]);
                assertEquals("", old.untilClosed(), "MQTT 3 knows no other way to say no");
            }
        }
    }

    @Test
    void shouldDisconnectSlowSubscribersIfToldTo() throws Exception {
        try (BrokerProcess broker = broker("limits.queued_messages_per_session=2", "limits.overflow=disconnect");
                RawClient slow = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("slow").receiveMaximum(1));
                RawClient client = connected(broker, "fast")) {
            slow.subscribe(V5, 1, "q", 1);
            slow.expect("90 04 0001 00 01");
            for (int id = 1; id <= 3; id++) {
                client.publish(V5, 2, id, "q", new byte[0]);
                client.expect("40 02 %04x".formatted(id));
            }
            client.publish(V5, 2, 4, "q", new byte[0]);
            client.expect("40 03 0004 97");
            assertTrue(slow.untilClosed().endsWith("e00197"));
        }
    }
}
