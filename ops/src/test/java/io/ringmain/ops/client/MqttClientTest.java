package io.ringmain.ops.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MqttClientTest {
    private static final int PATIENCE_MS = 10_000;

    @TempDir
    private static Path dir;

    private static TestBroker broker;

    @BeforeAll
    static void start() {
        broker = new TestBroker(dir);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttClient connect(final ProtocolVersion version, final String id) throws IOException {
        return MqttClient.connect("127.0.0.1", broker.port(), version, 60, c -> c.clientId(id));
    }

    private static MqttClient resume(final String id) throws IOException {
        return MqttClient.connect(
                "127.0.0.1",
                broker.port(),
                ProtocolVersion.V5,
                60,
                c -> c.clientId(id).cleanStart(false).sessionExpiry(600));
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(final Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldPublishAndReceiveWithEveryQos(final ProtocolVersion version) throws IOException {
        final String topic = "every/" + version;
        try (MqttClient subscriber = connect(version, "s-" + version);
                MqttClient publisher = connect(version, "p-" + version)) {
            assertArrayEquals(new int[] {2}, subscriber.subscribe(List.of(topic), 2));
            for (int qos = 0; qos <= 2; qos++) {
                assertEquals(0, publisher.publish(topic, bytes("qos " + qos), qos, false));
                final Message message = subscriber.receive(PATIENCE_MS);
                assertEquals("qos " + qos, text(message));
                assertEquals(qos, message.qos());
                assertEquals(topic, message.topic());
            }
            assertNull(subscriber.receive(1));
        }
    }

    @Test
    void shouldKeepWhatArrivesBeforeTheAnswerToASubscribe() throws IOException {
        try (MqttClient session = resume("early")) {
            session.subscribe(List.of("early"), 2);
        }
        try (MqttClient publisher = connect(ProtocolVersion.V5, "early-p")) {
            publisher.publish("early", bytes("a"), 1, false);
            publisher.publish("early", bytes("b"), 2, false);
        }
        try (MqttClient session = resume("early")) {
            assertTrue(session.sessionPresent());
            session.subscribe(List.of("other"), 0);
            assertEquals("a", text(session.receive(PATIENCE_MS)));
            assertEquals("b", text(session.receive(PATIENCE_MS)));
        }
        try (MqttClient session = resume("early")) {
            assertNull(session.receive(100), "all was acknowledged when it was handed out");
        }
    }

    @Test
    void shouldNotAcknowledgeWhatNobodyTook() throws IOException {
        try (MqttClient session = resume("lazy")) {
            session.subscribe(List.of("lazy"), 1);
            try (MqttClient publisher = connect(ProtocolVersion.V5, "lazy-p")) {
                publisher.publish("lazy", bytes("1"), 1, false);
                publisher.publish("lazy", bytes("2"), 1, false);
            }
            assertEquals("1", text(session.receive(PATIENCE_MS)));
        }
        try (MqttClient session = resume("lazy")) {
            assertEquals("2", text(session.receive(PATIENCE_MS)));
        }
    }

    @Test
    void shouldPublishManyWithoutWaitingForEach() throws IOException {
        final int count = 500;
        try (MqttClient subscriber = connect(ProtocolVersion.V5, "many-s");
                MqttClient publisher = connect(ProtocolVersion.V5, "many-p")) {
            subscriber.subscribe(List.of("many"), 2);
            for (int i = 0; i < count; i++) {
                publisher.offer("many", bytes("" + i), 1 + i % 2, false, new PublishProperties());
            }
            assertEquals(0, publisher.awaitAcknowledged());
            for (int i = 0; i < count; i++) {
                assertEquals("" + i, text(subscriber.receive(PATIENCE_MS)));
            }
        }
    }

    @Test
    void shouldCarryPropertiesOfMqtt5() throws IOException {
        try (MqttClient subscriber = connect(ProtocolVersion.V5, "props-s");
                MqttClient publisher = connect(ProtocolVersion.V5, "props-p")) {
            subscriber.subscribe(List.of("props"), 1);
            final PublishProperties properties = new PublishProperties()
                    .contentType("text/plain")
                    .responseTopic("answer")
                    .correlationData(new byte[] {1, 2})
                    .payloadFormat(1)
                    .userProperty("k", "v")
                    .userProperty("k", "w")
                    .expirySeconds(60);
            publisher.offer("props", bytes("x"), 1, false, properties);
            publisher.awaitAcknowledged();
            final Message message = subscriber.receive(PATIENCE_MS);
            assertEquals("text/plain", message.contentType());
            assertEquals("answer", message.responseTopic());
            assertArrayEquals(new byte[] {1, 2}, message.correlationData());
            assertEquals(List.of(Map.entry("k", "v"), Map.entry("k", "w")), message.userProperties());
            assertTrue(message.expirySeconds() > 0 && message.expirySeconds() <= 60);
        }
    }

    @Test
    void shouldTakePacketsLargerThanItsBuffer() throws IOException {
        final byte[] large = new byte[300_000];
        large[large.length - 1] = 7;
        try (MqttClient subscriber = connect(ProtocolVersion.V3_1_1, "large-s");
                MqttClient publisher = connect(ProtocolVersion.V3_1_1, "large-p")) {
            subscriber.subscribe(List.of("large"), 1);
            publisher.publish("large", large, 1, false);
            publisher.publish("large", bytes("small"), 1, false);
            assertArrayEquals(large, subscriber.receive(PATIENCE_MS).payload());
            assertEquals("small", text(subscriber.receive(PATIENCE_MS)));
        }
    }

    @Test
    void shouldRefuseToSendMoreThanTheBrokerTakes() throws IOException {
        try (MqttClient publisher = connect(ProtocolVersion.V5, "too-large")) {
            final IOException error =
                    assertThrows(IOException.class, () -> publisher.publish("t", new byte[2 << 20], 1, false));
            assertTrue(error.getMessage().contains("at most 1048576 bytes"), error.getMessage());
            assertEquals(0, publisher.publish("t", bytes("fits"), 1, false));
        }
    }

    @Test
    void shouldStayConnectedWhileNothingHappens() throws IOException {
        try (MqttClient client =
                MqttClient.connect("127.0.0.1", broker.port(), ProtocolVersion.V3_1_1, 1, c -> c.clientId("idle"))) {
            assertNull(client.receive(3_500), "half as long again as the keep alive, twice");
            assertEquals(0, client.publish("idle", bytes("still here"), 1, false));
        }
    }

    @Test
    void shouldTellWhyItWasThrownOut() throws IOException {
        try (MqttClient first = connect(ProtocolVersion.V5, "twin");
                MqttClient second = connect(ProtocolVersion.V5, "twin")) {
            final IOException error = assertThrows(IOException.class, () -> first.receive(PATIENCE_MS));
            assertTrue(error.getMessage().contains("taken over"), error.getMessage());
            assertFalse(second.sessionPresent());
        }
    }

    @Test
    void shouldTellThatTheConnectWasRefused() {
        final ConnectRefusedException error = assertThrows(
                ConnectRefusedException.class,
                () -> MqttClient.connect(
                        "127.0.0.1",
                        broker.port(),
                        ProtocolVersion.V3_1_1,
                        60,
                        c -> c.clientId("").cleanStart(false)));
        assertEquals(2, error.reasonCode());
        assertThrows(
                UnknownHostException.class,
                () -> MqttClient.connect("host.invalid", 1883, ProtocolVersion.V5, 60, c -> c));
    }

    @Test
    void shouldQueueManyMessagesAndKeepTheirOrder() throws IOException {
        final int count = 5000;
        try (MqttClient subscriber = connect(ProtocolVersion.V5, "queue-s");
                MqttClient publisher = connect(ProtocolVersion.V5, "queue-p").window(1024)) {
            subscriber.subscribe(List.of("queue"), 2);
            final UnsafeBuffer topic = new UnsafeBuffer(bytes("queue"));
            final UnsafeBuffer none = new UnsafeBuffer(new byte[0]);
            for (int i = 0; i < count; i++) {
                publisher.queue(PublishParts.of(topic, none, -1, new UnsafeBuffer(bytes("m" + i))), 1 + i % 2, false);
                assertTrue(publisher.unacknowledged() <= 1024);
            }
            assertEquals(0, publisher.awaitAcknowledged());
            assertEquals(0, publisher.unacknowledged());
            for (int i = 0; i < count; i++) {
                assertEquals("m" + i, text(subscriber.receive(PATIENCE_MS)));
            }
        }
    }
}
