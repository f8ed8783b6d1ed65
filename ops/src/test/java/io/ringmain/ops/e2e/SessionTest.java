package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ReasonCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that outlive connections and brokers. */
@Tag("e2e")
@Timeout(120)
class SessionTest {
    private static final int QUEUED = 100;

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

    private static Peer resume(final PeerKind kind, final BrokerProcess on) throws Exception {
        return kind.connect(PeerOptions.persistent(on.port(), "keeper-" + kind.label()));
    }

    private static void open(final PeerKind kind, final BrokerProcess on) throws Exception {
        try (Peer keeper = resume(kind, on)) {
            assertFalse(keeper.sessionPresent());
            assertEquals(2, keeper.subscribe(topic(kind) + "/#", 2));
        }
    }

    private static String topic(final PeerKind kind) {
        return "queue/" + kind.label();
    }

    private static void publish(final PeerKind kind, final BrokerProcess on, final int from, final int to)
            throws Exception {
        try (Peer publisher = kind.connect(PeerOptions.clean(on.port(), "filler-" + kind.label()))) {
            for (int i = from; i < to; i++) {
                publisher.publish(topic(kind) + "/" + i % 3, String.valueOf(i), 1 + i % 2, false);
            }
        }
    }

    private static void drain(final PeerKind kind, final BrokerProcess on, final int from, final int to)
            throws Exception {
        try (Peer keeper = resume(kind, on)) {
            assertTrue(keeper.sessionPresent() || !kind.isToldOfSession(), "the session of " + kind + " was lost");
            checkOrder(kind, from, to, keeper.next(to - from));
            keeper.expectNothingBefore(keeper, topic(kind) + "/end");
        }
        try (Peer keeper = resume(kind, on)) {
            keeper.expectNothingBefore(keeper, topic(kind) + "/end");
        }
    }

    /** The order of one QoS: a client may hand out QoS 2 when it is released, behind QoS 1 that came later. */
    private static void checkOrder(final PeerKind kind, final int from, final int to, final List<Arrival> got) {
        for (int qos = 1; qos <= 2; qos++) {
            final int wanted = qos;
            final List<Arrival> expected = IntStream.range(from, to)
                    .filter(i -> 1 + i % 2 == wanted)
                    .mapToObj(i -> Arrival.of(topic(kind) + "/" + i % 3, String.valueOf(i), wanted, false))
                    .toList();
            assertEquals(expected, got.stream().filter(a -> a.qos() == wanted).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldQueueForASessionWhoseClientIsAway(final PeerKind kind) throws Exception {
        open(kind, broker);
        publish(kind, broker, 0, QUEUED);
        drain(kind, broker, 0, QUEUED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldForgetTheSessionOnCleanStart(final PeerKind kind) throws Exception {
        final String id = "forgetful-" + kind.label();
        final String topic = "forget/" + kind.label();
        try (Peer client = kind.connect(PeerOptions.persistent(broker.port(), id))) {
            client.subscribe(topic, 1);
        }
        try (Peer clean = kind.connect(PeerOptions.clean(broker.port(), id))) {
            assertFalse(clean.sessionPresent());
            clean.publish(topic, "nobody is subscribed", 1, false);
            clean.subscribe(topic + "/end", 1);
            clean.expectNothingBefore(clean, topic + "/end");
        }
        try (Peer client = kind.connect(PeerOptions.persistent(broker.port(), id))) {
            assertFalse(client.sessionPresent());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeOverFromAConnectionOfTheSameClient(final PeerKind kind) throws Exception {
        final PeerOptions options = PeerOptions.persistent(broker.port(), "twice-" + kind.label());
        final String topic = "takeover/" + kind.label();
        try (Peer first = kind.connect(options)) {
            first.subscribe(topic, 1);
            try (Peer second = kind.connect(options)) {
                assertTrue(second.sessionPresent() || !kind.isToldOfSession());
                Await.until(() -> first.end() != Peer.CONNECTED);
                assertEquals(kind.isV5() ? ReasonCode.SESSION_TAKEN_OVER : Peer.NO_REASON, first.end());
                second.expectNothingBefore(second, topic);
            }
        }
    }

    @Test
    void shouldKeepSessionsOverARestart(@TempDir final Path own) throws Exception {
        try (BrokerProcess before = BrokerProcess.startOwn(own)) {
            openAll(before);
            assertEquals(0, before.terminate());
        }
        publishAndDrainAll(own);
    }

    @Test
    void shouldKeepSessionsOverAKill(@TempDir final Path own) throws Exception {
        try (BrokerProcess before = BrokerProcess.startOwn(own)) {
            openAll(before);
            before.kill();
        }
        publishAndDrainAll(own);
    }

    private static void openAll(final BrokerProcess on) throws Exception {
        for (final PeerKind kind : PeerKind.values()) {
            open(kind, on);
            publish(kind, on, 0, QUEUED);
            try (Peer publisher = kind.connect(PeerOptions.clean(on.port(), "state-" + kind.label()))) {
                publisher.publish("state/" + kind.label(), "on", 1, true);
            }
        }
    }

    private static void publishAndDrainAll(final Path own) throws Exception {
        try (BrokerProcess after = BrokerProcess.start(own)) {
            for (final PeerKind kind : PeerKind.values()) {
                publish(kind, after, QUEUED, QUEUED + 10);
                drain(kind, after, 0, QUEUED + 10);
                try (Peer reader = kind.connect(PeerOptions.clean(after.port(), "reader-" + kind.label()))) {
                    reader.subscribe("state/" + kind.label(), 1);
                    assertEquals(Arrival.of("state/" + kind.label(), "on", 1, true), reader.next());
                }
            }
        }
    }
}
