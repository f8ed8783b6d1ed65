package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.ringmain.ops.CommandRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What subscribers are told of the publisher, and what the log is told of QoS 0, with clients that others wrote. */
@Tag("e2e")
@Timeout(90)
class AuditTest {
    private static final String[] STAMP = {"--set", "audit.stamp=st/#"};

    @TempDir
    private Path dir;

    private static Mqtt5UserProperties forged() {
        return Mqtt5UserProperties.builder()
                .add("ringmain-client", "the-boss")
                .add("mine", "yes")
                .add("ringmain-position", "1")
                .build();
    }

    private static void publish(
            final Mqtt5BlockingClient client, final String topic, final int qos, final boolean retain) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.fromCode(qos))
                .retain(retain)
                .userProperties(forged())
                .payload("x".getBytes(StandardCharsets.UTF_8))
                .send();
    }

    /** Name and value of each user property. */
    private static List<String> properties(final Mqtt5Publish message) {
        return message.getUserProperties().asList().stream()
                .map(property -> property.getName() + "=" + property.getValue())
                .toList();
    }

    private static Mqtt5Publish next(final Mqtt5BlockingClient.Mqtt5Publishes arrivals) throws InterruptedException {
        return arrivals.receive(20, TimeUnit.SECONDS).orElseThrow(() -> new AssertionError("nothing came"));
    }

    /** The broker's properties instead of the client's, and they say what the log says. */
    private void assertStamped(final Mqtt5Publish message, final String client) {
        final List<String> properties = properties(message);
        assertEquals(4, properties.size(), properties.toString());
        assertEquals(List.of("mine=yes", "ringmain-client=" + client), properties.subList(0, 2));
        assertTrue(properties.get(2).matches("ringmain-position=\\d{19}"), properties.toString());
        final long position = Long.parseLong(properties.get(2).substring("ringmain-position=".length()));
        final CommandRun record = CommandRun.of("log", "get", "@" + position, "--data", dir.toString());
        assertTrue(record.out().contains("\"client\":\"" + client + "\""), record.toString());
        assertTrue(
                record.out().contains("\"time\":\"" + properties.get(3).substring("ringmain-time=".length()) + "\""),
                properties + " " + record);
    }

    @Test
    void shouldReplaceForgedPropertiesByWhatIsTrueAlsoAfterARestart() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir, STAMP)) {
            try (HiveMq5Peer away = new HiveMq5Peer(PeerOptions.persistent(broker.port(), "away"))) {
                away.subscribe("st/queued", 1);
                away.disconnect();
            }
            try (HiveMq5Peer publisher = new HiveMq5Peer(PeerOptions.clean(broker.port(), "press-07"));
                    HiveMq5Peer one = new HiveMq5Peer(PeerOptions.clean(broker.port(), "one"));
                    HiveMq5Peer two = new HiveMq5Peer(PeerOptions.clean(broker.port(), "two"));
                    Peer old = new Paho3Peer(PeerOptions.clean(broker.port(), "old"), 4);
                    Mqtt5BlockingClient.Mqtt5Publishes first = one.client().publishes(MqttGlobalPublishFilter.ALL);
                    Mqtt5BlockingClient.Mqtt5Publishes second = two.client().publishes(MqttGlobalPublishFilter.ALL)) {
                one.subscribe("st/live", 2);
                two.subscribe("st/live", 2);
                old.subscribe("st/live", 2);
                for (int qos = 1; qos <= 2; qos++) {
                    publish(publisher.client(), "st/live", qos, false);
                    assertStamped(next(first), "press-07");
                    assertStamped(next(second), "press-07");
                    assertEquals(Arrival.of("st/live", "x", qos, false), old.next());
                }
                publish(publisher.client(), "st/live", 0, false);
                final List<String> unlogged = properties(next(first));
                assertEquals(List.of("mine=yes", "ringmain-client=press-07"), unlogged.subList(0, 2));
                assertEquals(4, unlogged.size(), unlogged.toString());
                publish(publisher.client(), "st/kept", 1, true);
                publish(publisher.client(), "st/queued", 1, false);
            }
            broker.kill();
        }
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            final Mqtt5BlockingClient away = client(broker, "away");
            try (Mqtt5BlockingClient.Mqtt5Publishes arrivals = away.publishes(MqttGlobalPublishFilter.ALL)) {
                away.connect(Mqtt5Connect.builder().cleanStart(false).build());
                assertStamped(next(arrivals), "press-07");
                away.subscribeWith().topicFilter("st/kept").send();
                assertStamped(next(arrivals), "press-07");
            }
            away.disconnect();
        }
    }

    /** Not connected yet. */
    private static Mqtt5BlockingClient client(final BrokerProcess broker, final String id) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(id)
                .serverHost(BrokerProcess.HOST)
                .serverPort(broker.port())
                .buildBlocking();
    }

    @Test
    void shouldRemoveForgedPropertiesAlsoWhereItTellsNothing() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(dir, STAMP);
                HiveMq5Peer peer = new HiveMq5Peer(PeerOptions.clean(broker.port(), "liar"));
                Mqtt5BlockingClient.Mqtt5Publishes arrivals = peer.client().publishes(MqttGlobalPublishFilter.ALL)) {
            peer.subscribe("plain/#", 2);
            for (int qos = 0; qos <= 2; qos++) {
                publish(peer.client(), "plain/" + qos, qos, false);
                assertEquals(List.of("mine=yes"), properties(next(arrivals)));
            }
        }
    }

    @Test
    void shouldSayOfAWillWhoseItIs() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(dir, STAMP);
                HiveMq5Peer peer = new HiveMq5Peer(PeerOptions.clean(broker.port(), "watcher"));
                Mqtt5BlockingClient.Mqtt5Publishes arrivals = peer.client().publishes(MqttGlobalPublishFilter.ALL)) {
            peer.subscribe("st/#", 1);
            final Mqtt5BlockingClient dying = client(broker, "dying");
            final Mqtt5Publish will = Mqtt5Publish.builder()
                    .topic("st/will")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .userProperties(forged())
                    .payload("gone".getBytes(StandardCharsets.UTF_8))
                    .build();
            dying.connect(Mqtt5Connect.builder().willPublish(will).build());
            dying.disconnectWith()
                    .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
                    .send();
            assertStamped(next(arrivals), "dying");
        }
    }

    private long filesWith(final String text) throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                count += new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void shouldHaveRecordedQos0WhenItIsKilled() throws Exception {
        final int messages = 500;
        try (BrokerProcess broker = BrokerProcess.startOwn(
                        dir, "--set", "audit.record_qos0=rec/#", "--set", "audit.record_qos0_headers=head/#");
                Peer publisher = new Paho5Peer(PeerOptions.clean(broker.port(), "press-07"))) {
            for (int i = 0; i < messages; i++) {
                publisher.publish("rec/" + i, "keepthis" + i, 0, false);
                publisher.publish("head/" + i, "forgetthis" + i, 0, false);
                publisher.publish("not/" + i, "forgetthis" + i, 0, false);
            }
            publisher.publish("marker", "m", 1, false);
            broker.kill();
        }
        final List<String> lines = CommandRun.of("log", "cat", "--who", "--data", dir.toString())
                .out()
                .lines()
                .map(line -> line.split("  ", 3)[2])
                .toList();
        assertEquals(2 * messages + 1, lines.size());
        for (int i = 0; i < messages; i++) {
            final String who = "press-07 by @127\\.0\\.0\\.1:\\d+ on local  ";
            final String whole = lines.get(2 * i);
            final String headers = lines.get(2 * i + 1);
            assertTrue(whole.matches("PUB q0  " + who + "rec/" + i + "  \\d+ B  keepthis" + i), whole);
            assertTrue(headers.matches("PUB q0 headers  " + who + "head/" + i + "  \\d+ B"), headers);
        }
        assertEquals(0, filesWith("forgetthis"));
        try (BrokerProcess broker = BrokerProcess.startOwn(dir)) {
            assertTrue(broker.isAlive());
        }
    }
}
