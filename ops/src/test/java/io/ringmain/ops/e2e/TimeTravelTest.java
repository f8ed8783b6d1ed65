package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was said before somebody subscribed, by ordinary subscriptions of clients that others wrote. */
@Tag("e2e")
@Tag("one-java")
@Timeout(120)
class TimeTravelTest {
    private static final String[] ON = {"--durability", "append", "--set", "replay.enabled=true"};

    private static String[] with(final String... more) {
        final List<String> options = new ArrayList<>(List.of(ON));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    @TempDir
    private Path data;

    private static List<String> texts(final List<Arrival> arrivals) {
        return arrivals.stream().map(Arrival::text).toList();
    }

    private static List<String> numbers(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static void publish(final Peer publisher, final String topic, final int from, final int to)
            throws Exception {
        for (int i = from; i < to; i++) {
            publisher.publish(topic, "m" + i, 1 + i % 2, false);
        }
    }

    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void shouldTellWhatWasSaidAndGoOnLive(final PeerKind kind) throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(data, ON);
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "press-07"));
                Peer reader = kind.connect(PeerOptions.clean(broker.port(), "reader"))) {
            publish(publisher, "plant/line3/rpm", 0, 300);
            publisher.publish("other/topic", "no", 1, false);
            assertEquals(1, reader.subscribe("$replay/@0/plant/+/rpm", 1));
            assertEquals(numbers(0, 300), texts(reader.next(300)));
            publish(publisher, "plant/line4/rpm", 300, 320);
            assertEquals(numbers(300, 320), texts(reader.next(20)));
            reader.expectNothingBefore(publisher, "plant/line3/rpm");
        }
    }

    @Test
    void shouldJoinTheStreamWithoutGapOrDoubleWhileItFlows() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(data, ON);
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "publisher"))) {
            final AtomicBoolean enough = new AtomicBoolean();
            final AtomicInteger sent = new AtomicInteger();
            final Thread flow = new Thread(() -> {
                try {
                    while (!enough.get()) {
                        publisher.publish("flow", "m" + sent.getAndIncrement(), 2, false);
                    }
                } catch (final Exception ex) {
                    throw new IllegalStateException(ex);
                }
            });
            flow.start();
            Await.until(() -> sent.get() > 500);
            final List<Peer> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                final Peer reader = PeerKind.values()[1 + i].connect(PeerOptions.clean(broker.port(), "reader-" + i));
                reader.subscribe("$replay/@0/flow", i % 3);
                readers.add(reader);
            }
            final int joined = sent.get();
            Await.until(() -> sent.get() > joined + 500);
            enough.set(true);
            flow.join();
            for (final Peer reader : readers) {
                assertEquals(numbers(0, sent.get()), texts(reader.next(sent.get())));
                reader.close();
            }
        }
    }

    @Test
    void shouldKnowPlacesByTimeAndByCount() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(
                        data, with("--set", "storage.log.segment=1MB", "--set", "limits.max_packet_size=64KB"));
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "publisher"))) {
            final String padding = "x".repeat(20_000);
            for (int i = 0; i < 100; i++) {
                // Two megabytes of something else, so that what is looked for is in several segments.
                publisher.publish("noise", padding, 1, false);
                publisher.publish("a", "m" + i, 1, false);
            }
            Thread.sleep(5);
            final Instant middle = Instant.now();
            publish(publisher, "a", 100, 110);
            expect(broker, "last:3", numbers(107, 110));
            expect(broker, "last:60", numbers(50, 110));
            expect(broker, "last:5000", numbers(0, 110));
            expect(broker, middle.toString(), numbers(100, 110));
            expect(broker, "-1h", numbers(0, 110));
        }
    }

    private static void expect(final BrokerProcess broker, final String place, final List<String> messages)
            throws Exception {
        try (Peer reader = PeerKind.PAHO_5.connect(PeerOptions.clean(broker.port(), "reader"))) {
            assertEquals(1, reader.subscribe("$replay/" + place + "/a", 1));
            assertEquals(messages, texts(reader.next(messages.size())), place);
        }
    }

    @Test
    void shouldTellWillsWhereTheyWerePublished() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(data, ON);
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "publisher"));
                Peer witness = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "witness"))) {
            witness.subscribe("state/#", 1);
            final RawClient mortal = RawClient.connected(
                    broker.port(),
                    ProtocolVersion.V5,
                    c -> c.clientId("mortal").will("state/mortal", "gone".getBytes(StandardCharsets.UTF_8), 1, false));
            publisher.publish("state/other", "before", 1, false);
            assertEquals("before", witness.next().text());
            mortal.close();
            assertEquals("gone", witness.next().text());
            publisher.publish("state/other", "after", 1, false);
            try (Peer reader = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(broker.port(), "reader"))) {
                reader.subscribe("$replay/@0/state/+", 1);
                assertEquals(List.of("before", "gone", "after"), texts(reader.next(3)));
            }
        }
    }

    @Test
    void shouldGoOnOverRestartsAndKills() throws Exception {
        final int count = 1200;
        try (BrokerProcess broker = BrokerProcess.startOwn(data, ON);
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "publisher"))) {
            publish(publisher, "a", 0, count);
            assertEquals(0, broker.terminate());
        }
        final Set<String> received = new LinkedHashSet<>();
        for (int run = 0; received.size() < count; run++) {
            try (BrokerProcess broker = BrokerProcess.startOwn(data, with("--set", "replay.rate=256KB"));
                    Peer reader = PeerKind.HIVEMQ_5.connect(PeerOptions.persistent(broker.port(), "reader"))) {
                final List<Arrival> arrived = new ArrayList<>();
                assertEquals(run > 0, reader.sessionPresent());
                if (run == 0) {
                    reader.subscribe("$replay/@0/a", 1);
                }
                for (int i = 0; i < 400 && received.size() + i < count; i++) {
                    arrived.add(reader.next());
                }
                broker.kill();
                Await.until(() -> reader.end() != Peer.CONNECTED);
                arrived.addAll(reader.rest());
                received.addAll(texts(arrived));
            }
        }
        assertEquals(numbers(0, count), List.copyOf(received));
    }

    @Test
    void shouldNotLetASlowReaderHoldUpOthersOrFillMemory() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(data, ON);
                Peer publisher = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "publisher"));
                Peer other = PeerKind.PAHO_5.connect(PeerOptions.clean(broker.port(), "other"));
                RawClient sleeper =
                        RawClient.connected(broker.port(), ProtocolVersion.V5, c -> c.clientId("sleeper"))) {
            final String large = "x".repeat(50_000);
            for (int i = 0; i < 400; i++) {
                publisher.publish("large", large, 1, false);
            }
            sleeper.subscribe(ProtocolVersion.V5, 1, "$replay/@0/large", 0);
            other.subscribe("live", 1);
            for (int i = 0; i < 100; i++) {
                publisher.publish("live", "m" + i, 1, false);
            }
            assertEquals(numbers(0, 100), texts(other.next(100)));
            // It has read nothing of 20 MB; now it reads all of it.
            sleeper.expect("90 04 0001 00 00");
            for (int i = 0; i < 400; i++) {
                assertEquals(0x30, sleeper.packet()[0], "message " + i);
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNotAllowedOrMakesNoSense() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startOwn(data, with("--set", "replay.max_concurrent=1"));
                RawClient client = RawClient.connected(broker.port(), ProtocolVersion.V5, c -> c.clientId("client"))) {
            assertEquals(0x8F, granted(client, 1, "$replay/yesterday/a"));
            assertEquals(0x8F, granted(client, 2, "$replay/@0"));
            assertEquals(0x8F, granted(client, 3, "$replay/@0/$SYS/#"));
            assertEquals(0x97, granted(client, 4, "$replay/last:10001/a"));
        }
        try (BrokerProcess off = BrokerProcess.startOwn(data);
                RawClient client = RawClient.connected(off.port(), ProtocolVersion.V5, c -> c.clientId("client"))) {
            assertEquals(0x87, granted(client, 1, "$replay/@0/a"));
            assertTrue(off.isAlive());
            assertFalse(off.output().contains("Exception"), off.output());
        }
    }

    private static int granted(final RawClient client, final int packetId, final String filter) throws Exception {
        client.subscribe(ProtocolVersion.V5, packetId, filter, 1);
        final byte[] suback = client.packet();
        assertEquals((byte) 0x90, suback[0]);
        return suback[suback.length - 1] & 0xFF;
    }
}
