package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand retained topics come to whoever subscribes to all of them, and nobody else has to wait. */
@Tag("e2e")
@Timeout(180)
class RetainedStormTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final int TOPICS = 100_000;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data);
        try (RawClient publisher = RawClient.connected(broker.port(), V4, c -> c.clientId("storm"))) {
            for (int i = 0; i < TOPICS; i++) {
                publisher.publish(V4, 1, 0, "storm/" + i % 100 + "/" + i, new byte[10]);
            }
            publisher.publish(V4, 2, 1, "storm-end", new byte[0]);
            publisher.expect("40 02 0001");
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Messages from one client to another, one after the other, for as long as a test lasts. */
    private static final class Traffic implements AutoCloseable {
        final AtomicInteger count = new AtomicInteger();
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Thread thread = new Thread(this::run, "traffic");

        Traffic() {
            thread.start();
        }

        private void run() {
            try (RawClient from = RawClient.connected(broker.port(), V4, c -> c.clientId("from"));
                    RawClient to = RawClient.connected(broker.port(), V4, c -> c.clientId("to"))) {
                to.subscribe(V4, 1, "traffic", 0);
                to.expect("90 03 0001 00");
                while (running.get()) {
                    from.publish(V4, 0, 0, "traffic", new byte[] {1});
                    to.expect("30 0a 0007 74726166666963 01");
                    count.incrementAndGet();
                }
            } catch (final IOException | AssertionError ex) {
                failure.set(ex);
            }
        }

        @Override
        public void close() {
            running.set(false);
            try {
                thread.join();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            assertEquals(null, failure.get());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldDeliverEveryRetainedMessage(final int qos) throws Exception {
        final BitSet seen = new BitSet(TOPICS);
        try (Traffic traffic = new Traffic();
                RawClient all = RawClient.connected(broker.port(), V5, c -> c.clientId("all-" + qos))) {
            Await.until(() -> traffic.count.get() > 0);
            final int before = traffic.count.get();
            all.subscribe(V5, 1, "storm/#", qos);
            all.expect("90 04 0001 00 0" + qos);
            final PublishDecoder publish = new PublishDecoder();
            while (seen.cardinality() < TOPICS) {
                final byte[] packet = all.packet();
                final UnsafeBuffer buffer = new UnsafeBuffer(packet);
                assertEquals(0, publish.wrap(buffer, 0, packet.length, V5));
                assertTrue(publish.retain());
                final String topic =
                        new String(packet, publish.topicOffset(), publish.topicLength(), StandardCharsets.UTF_8);
                final int number = Integer.parseInt(topic.substring(topic.lastIndexOf('/') + 1));
                assertEquals(false, seen.get(number), "twice: " + topic);
                seen.set(number);
                assertEquals(0, publish.qos(), "they were published with QoS 0");
            }
            assertTrue(traffic.count.get() - before > 100, "meanwhile only " + (traffic.count.get() - before));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000})
    void shouldPaceThemByTheWindowWithQos1(final int topics) throws Exception {
        try (RawClient publisher = RawClient.connected(broker.port(), V4, c -> c.clientId("storm-1"))) {
            for (int i = 0; i < topics; i++) {
                publisher.publish(V4, 3, i % 1000 + 1, "once/" + i, new byte[10]);
                if (i % 1000 == 999) {
                    for (int ack = 0; ack < 1000; ack++) {
                        publisher.packet();
                    }
                }
            }
        }
        final BitSet seen = new BitSet(topics);
        try (Traffic traffic = new Traffic();
                RawClient all = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("window").receiveMaximum(50))) {
            Await.until(() -> traffic.count.get() > 0);
            final int before = traffic.count.get();
            all.subscribe(V5, 1, "once/+", 1);
            all.expect("90 04 0001 00 01");
            final PublishDecoder publish = new PublishDecoder();
            while (seen.cardinality() < topics) {
                final byte[] packet = all.packet();
                assertEquals(0, publish.wrap(new UnsafeBuffer(packet), 0, packet.length, V5));
                final String topic =
                        new String(packet, publish.topicOffset(), publish.topicLength(), StandardCharsets.UTF_8);
                seen.set(Integer.parseInt(topic.substring(topic.lastIndexOf('/') + 1)));
                assertEquals(1, publish.qos());
                all.send(HexFormat.of().parseHex("4002%04x".formatted(publish.packetId())));
            }
            assertTrue(traffic.count.get() - before > 100, "meanwhile only " + (traffic.count.get() - before));
        }
    }
}
