package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The broker with the Java clients that people use. */
@Tag("e2e")
class RealClientsTest {
    /** Payload and flags as a listener saw them. */
    private record Seen(String topic, String payload, int qos, boolean retained) {}

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    private static MqttClient paho3(final String id, final int version, final boolean clean) throws Exception {
        return paho3(id, version, clean, new MqttConnectOptions());
    }

    private static MqttClient paho3(
            final String id, final int version, final boolean clean, final MqttConnectOptions options)
            throws Exception {
        final MqttClient client = new MqttClient(broker.uri(), id, new MemoryPersistence());
        options.setMqttVersion(version);
        options.setCleanSession(clean);
        client.connect(options);
        return client;
    }

    private static BlockingQueue<Seen> listen(final MqttClient client, final String filter, final int qos)
            throws Exception {
        final BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(100_000);
        client.subscribe(
                filter,
                qos,
                (topic, message) -> seen.add(
                        new Seen(topic, new String(message.getPayload()), message.getQos(), message.isRetained())));
        return seen;
    }

    private static Seen next(final BlockingQueue<Seen> seen) throws InterruptedException {
        final Seen next = seen.poll(20, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing came");
        return next;
    }

    private static void bye(final MqttClient... clients) throws Exception {
        for (final MqttClient client : clients) {
            client.disconnect();
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {MqttConnectOptions.MQTT_VERSION_3_1, MqttConnectOptions.MQTT_VERSION_3_1_1})
    void shouldDeliverEveryQosToPahoVersion3(final int version) throws Exception {
        final MqttClient subscriber = paho3("paho3-sub-" + version, version, true);
        final MqttClient publisher = paho3("paho3-pub-" + version, version, true);
        for (int subscribed = 0; subscribed <= 2; subscribed++) {
            final BlockingQueue<Seen> seen = listen(subscriber, "p3/" + version + "/" + subscribed, subscribed);
            for (int published = 0; published <= 2; published++) {
                publisher.publish("p3/" + version + "/" + subscribed, ("m" + published).getBytes(), published, false);
                final Seen got = next(seen);
                assertEquals("m" + published, got.payload);
                assertEquals(Math.min(published, subscribed), got.qos);
            }
        }
        bye(subscriber, publisher);
    }

    @Test
    void shouldDeliverEveryQosToPahoVersion5() throws Exception {
        final org.eclipse.paho.mqttv5.client.MqttClient client = new org.eclipse.paho.mqttv5.client.MqttClient(
                broker.uri(), "paho5", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        final BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(100);
        client.setCallback(new Paho5Listener((topic, message) ->
                seen.add(new Seen(topic, new String(message.getPayload()), message.getQos(), message.isRetained()))));
        client.connect();
        for (int qos = 0; qos <= 2; qos++) {
            client.subscribe("p5/" + qos, qos);
            client.publish("p5/" + qos, ("m" + qos).getBytes(), qos, false);
            assertEquals(new Seen("p5/" + qos, "m" + qos, qos, false), next(seen));
        }
        client.disconnect();
        client.close();
    }

    @Test
    void shouldKeepPropertiesForHiveMqVersion5() throws Exception {
        final Mqtt5BlockingClient client = com.hivemq.client.mqtt.MqttClient.builder()
                .useMqttVersion5()
                .identifier("hive5")
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .buildBlocking();
        client.connect();
        try (Mqtt5BlockingClient.Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter("h5/+").qos(MqttQos.EXACTLY_ONCE).send();
            for (final MqttQos qos : MqttQos.values()) {
                client.publishWith()
                        .topic("h5/x")
                        .qos(qos)
                        .contentType("text/plain")
                        .responseTopic("answer/here")
                        .correlationData(new byte[] {1, 2})
                        .messageExpiryInterval(100)
                        .userProperties()
                        .add("b", "2")
                        .add("a", "1")
                        .applyUserProperties()
                        .payload("payload".getBytes())
                        .send();
                final Mqtt5Publish got =
                        publishes.receive(20, TimeUnit.SECONDS).orElseThrow(() -> new AssertionError("nothing came"));
                assertEquals(qos, got.getQos());
                assertEquals("text/plain", got.getContentType().orElseThrow().toString());
                assertEquals("answer/here", got.getResponseTopic().orElseThrow().toString());
                assertEquals(
                        "b2a1",
                        got.getUserProperties().asList().stream()
                                .map(p -> p.getName().toString() + p.getValue())
                                .reduce("", String::concat));
                assertTrue(got.getMessageExpiryInterval().orElseThrow() <= 100);
            }
        }
        client.disconnect();
    }

    @Test
    void shouldCrossVersions() throws Exception {
        final Mqtt3BlockingClient hive3 = com.hivemq.client.mqtt.MqttClient.builder()
                .useMqttVersion3()
                .identifier("hive3")
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .buildBlocking();
        hive3.connect();
        final MqttClient old = paho3("cross-31", MqttConnectOptions.MQTT_VERSION_3_1, true);
        final org.eclipse.paho.mqttv5.client.MqttClient five = new org.eclipse.paho.mqttv5.client.MqttClient(
                broker.uri(), "cross-5", new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        five.connect();
        final BlockingQueue<Seen> seen = listen(old, "cross/#", 2);
        try (Mqtt3BlockingClient.Mqtt3Publishes publishes = hive3.publishes(MqttGlobalPublishFilter.ALL)) {
            hive3.subscribeWith()
                    .topicFilter("cross/#")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .send();
            five.publish("cross/a", "from 5".getBytes(), 2, false);
            old.publish("cross/b", "from 3.1".getBytes(), 1, false);
            assertEquals("from 5", next(seen).payload);
            assertEquals("from 3.1", next(seen).payload);
            assertEquals(
                    "from 5",
                    new String(publishes
                            .receive(20, TimeUnit.SECONDS)
                            .orElseThrow()
                            .getPayloadAsBytes()));
            assertEquals(
                    "from 3.1",
                    new String(publishes
                            .receive(20, TimeUnit.SECONDS)
                            .orElseThrow()
                            .getPayloadAsBytes()));
        }
        hive3.disconnect();
        five.disconnect();
        five.close();
        bye(old);
    }

    @Test
    void shouldKeepOneRetainedMessagePerTopic() throws Exception {
        final MqttClient publisher = paho3("ret-pub", 4, true);
        final MqttClient live = paho3("ret-live", 4, true);
        final BlockingQueue<Seen> liveSeen = listen(live, "ret/+", 1);
        publisher.publish("ret/a", "1".getBytes(), 1, true);
        publisher.publish("ret/a", "2".getBytes(), 0, true);
        publisher.publish("ret/b", "b".getBytes(), 2, true);
        publisher.publish("ret/c", "c".getBytes(), 1, true);
        publisher.publish("ret/c", new byte[0], 1, true);
        for (int i = 0; i < 5; i++) {
            assertEquals(false, next(liveSeen).retained, "the live copy");
        }
        final MqttClient late = paho3("ret-late", 4, true);
        final BlockingQueue<Seen> lateSeen = listen(late, "ret/+", 2);
        final List<Seen> got = List.of(next(lateSeen), next(lateSeen));
        assertTrue(got.contains(new Seen("ret/a", "2", 0, true)), got.toString());
        assertTrue(got.contains(new Seen("ret/b", "b", 2, true)), got.toString());
        publisher.publish("ret/end", "e".getBytes(), 0, false);
        assertEquals("ret/end", next(lateSeen).topic, "nothing else was retained");
        bye(publisher, live, late);
    }

    @Test
    void shouldPublishTheWillOfAClientThatVanishesOnly() throws Exception {
        final MqttClient watcher = paho3("will-watch", 4, true);
        final BlockingQueue<Seen> seen = listen(watcher, "will/+", 1);
        final MqttConnectOptions options = new MqttConnectOptions();
        options.setWill("will/polite", "gone".getBytes(), 1, false);
        bye(paho3("will-polite", 4, true, options));
        try (RawClient rude = RawClient.connected(
                broker.port(),
                io.ringmain.protocol.ProtocolVersion.V3_1_1,
                c -> c.clientId("will-rude").will("will/rude", "gone".getBytes(), 1, false))) {
            assertTrue(rude != null);
        }
        assertEquals("will/rude", next(seen).topic);
        bye(watcher);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldQueueForAPersistentSession(final int qos) throws Exception {
        final MqttClient first = paho3("persistent", 4, false);
        first.subscribe("queue/#", 2);
        bye(first);
        final MqttClient publisher = paho3("queue-pub", 4, true);
        for (int i = 0; i < 300; i++) {
            publisher.publish("queue/" + i % 3, String.valueOf(i).getBytes(), qos, false);
        }
        final MqttClient second = new MqttClient(broker.uri(), "persistent", new MemoryPersistence());
        final BlockingQueue<Seen> seen = new ArrayBlockingQueue<>(1000);
        second.setCallback(new Paho3Listener((topic, message) ->
                seen.add(new Seen(topic, new String(message.getPayload()), message.getQos(), message.isRetained()))));
        final MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(false);
        second.connect(options);
        for (int i = 0; i < 300; i++) {
            assertEquals(new Seen("queue/" + i % 3, String.valueOf(i), qos, false), next(seen));
        }
        bye(second, publisher);
    }

    @Test
    void shouldKeepOneOrderForAllSubscribers() throws Exception {
        final int publishers = 50;
        final int each = 100;
        final List<BlockingQueue<Seen>> all = new ArrayList<>();
        final List<MqttClient> subscribers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final MqttClient subscriber = paho3("order-sub-" + i, 4, true);
            subscribers.add(subscriber);
            all.add(listen(subscriber, "order", 1));
        }
        final List<Thread> threads = new ArrayList<>();
        final Map<String, Throwable> failures = new ConcurrentHashMap<>();
        for (int p = 0; p < publishers; p++) {
            final String id = "order-pub-" + p;
            final Thread thread = new Thread(() -> {
                try (RawClient client = RawClient.connected(
                        broker.port(), io.ringmain.protocol.ProtocolVersion.V3_1_1, c -> c.clientId(id))) {
                    for (int i = 1; i <= each; i++) {
                        client.publish(
                                io.ringmain.protocol.ProtocolVersion.V3_1_1, 2, i, "order", (id + ":" + i).getBytes());
                    }
                    for (int i = 1; i <= each; i++) {
                        client.packet();
                    }
                } catch (final Exception ex) {
                    failures.put(id, ex);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (final Thread thread : threads) {
            thread.join(60_000);
        }
        assertEquals(Map.of(), failures);
        final List<String> first = take(all.get(0), publishers * each);
        assertEquals(first, take(all.get(1), publishers * each));
        assertEquals(first, take(all.get(2), publishers * each));
        final Map<String, Integer> last = new ConcurrentHashMap<>();
        for (final String payload : first) {
            final String id = payload.substring(0, payload.indexOf(':'));
            final int number = Integer.parseInt(payload.substring(payload.indexOf(':') + 1));
            assertEquals(number - 1, last.getOrDefault(id, 0), "order of " + id);
            last.put(id, number);
        }
        bye(subscribers.toArray(MqttClient[]::new));
    }

    private static List<String> take(final BlockingQueue<Seen> seen, final int count) throws InterruptedException {
        final List<String> payloads = new ArrayList<>();
        while (payloads.size() < count) {
            payloads.add(next(seen).payload);
        }
        return payloads;
    }

    @Test
    void shouldPassLargePayloadsUntouched() throws Exception {
        final byte[] payload = new byte[1_000_000];
        new SplittableRandom(7).nextBytes(payload);
        final MqttClient client = paho3("large", 4, true);
        final BlockingQueue<byte[]> seen = new ArrayBlockingQueue<>(10);
        client.subscribe("large", 2, (topic, message) -> seen.add(message.getPayload()));
        for (int qos = 0; qos <= 2; qos++) {
            client.publish("large", payload, qos, false);
            assertArrayEquals(payload, seen.poll(20, TimeUnit.SECONDS));
        }
        bye(client);
    }
}
