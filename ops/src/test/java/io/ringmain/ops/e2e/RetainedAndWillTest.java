package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the broker keeps of topics, and what it says for those who are gone. */
@Tag("e2e")
@Timeout(120)
class RetainedAndWillTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

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

    private static Peer connect(final PeerKind kind, final String id) throws Exception {
        return kind.connect(PeerOptions.clean(broker.port(), id + "-" + kind.label()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepExactlyOneRetainedMessagePerTopic(final PeerKind kind) throws Exception {
        final String root = "ret/" + kind.label();
        try (Peer publisher = connect(kind, "retpub");
                Peer live = connect(kind, "retlive");
                Peer late = connect(kind, "retlate")) {
            live.subscribe(root + "/+", 1);
            publisher.publish(root + "/replaced", "old", 1, true);
            publisher.publish(root + "/replaced", "new", 0, true);
            publisher.publish(root + "/kept", "kept", 2, true);
            publisher.publish(root + "/kept", "live only", 1, false);
            publisher.publish(root + "/cleared", "old", 1, true);
            publisher.publish(root + "/cleared", "", 1, true);
            for (final Arrival copy : live.next(6)) {
                assertEquals(false, copy.retained(), "the live copy " + copy);
            }
            late.subscribe(root + "/+", 2);
            final List<Arrival> got = late.next(2);
            assertTrue(got.contains(Arrival.of(root + "/replaced", "new", 0, true)), got.toString());
            assertTrue(got.contains(Arrival.of(root + "/kept", "kept", 2, true)), got.toString());
            late.expectNothingBefore(publisher, root + "/end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendRetainedMessagesBeforeLaterOnesOfTheirTopic(final PeerKind kind) throws Exception {
        final String topic = "retorder/" + kind.label();
        try (Peer publisher = connect(kind, "ropub");
                Peer subscriber = connect(kind, "rosub")) {
            for (int i = 0; i < 20; i++) {
                publisher.publish(topic + "/" + i, "retained", 1, true);
            }
            subscriber.subscribe(topic + "/#", 1);
            for (int i = 0; i < 20; i++) {
                publisher.publish(topic + "/" + i, "live", 1, false);
            }
            final List<Arrival> all = subscriber.next(40);
            for (int i = 0; i < 20; i++) {
                final int retained = all.indexOf(Arrival.of(topic + "/" + i, "retained", 1, true));
                final int live = all.indexOf(Arrival.of(topic + "/" + i, "live", 1, false));
                assertTrue(retained >= 0 && retained < live, topic + "/" + i + " at " + retained + ", " + live);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPublishTheWillOfAClientThatVanishes(final PeerKind kind) throws Exception {
        final String topic = "will/" + kind.label();
        final PeerOptions options = PeerOptions.clean(0, "will-" + kind.label());
        try (Relay relay = new Relay(broker.port());
                Peer watcher = connect(kind, "wwatch")) {
            watcher.subscribe(topic + "/+", 2);
            try (Peer polite = kind.connect(at(relay, options).will(topic + "/polite", 2, false))) {
                polite.disconnect();
            }
            try (Peer rude = kind.connect(at(relay, options).will(topic + "/rude", 2, true))) {
                relay.cut();
                assertEquals(Arrival.of(topic + "/rude", PeerOptions.WILL, 2, false), watcher.next());
                Await.until(() -> rude.end() != Peer.CONNECTED);
            }
            try (Peer late = connect(kind, "wlate")) {
                late.subscribe(topic + "/+", 2);
                assertEquals(Arrival.of(topic + "/rude", PeerOptions.WILL, 2, true), late.next());
            }
        }
    }

    private static PeerOptions at(final Relay relay, final PeerOptions options) {
        return options.clean()
                ? PeerOptions.clean(relay.port(), options.id())
                : PeerOptions.persistent(relay.port(), options.id());
    }

    /** The one that came back in time has the shorter delay: its will would be the first. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"PAHO_5", "HIVEMQ_5"})
    void shouldDelayTheWillAndForgetItWhenTheClientComesBack(final PeerKind kind) throws Exception {
        final String topic = "delay/" + kind.label();
        final PeerOptions back = PeerOptions.persistent(0, "back-" + kind.label());
        final PeerOptions gone = PeerOptions.persistent(0, "gone-" + kind.label());
        try (Relay relay = new Relay(broker.port());
                Peer watcher = connect(kind, "dwatch")) {
            watcher.subscribe(topic + "/+", 1);
            final Peer first =
                    kind.connect(at(relay, back).will(topic + "/back", 1, false).willDelay(2));
            final Peer second =
                    kind.connect(at(relay, gone).will(topic + "/gone", 1, false).willDelay(3));
            relay.cut();
            final long cutNs = System.nanoTime();
            try (Peer again = kind.connect(PeerOptions.persistent(broker.port(), back.id()))) {
                assertTrue(again.sessionPresent());
                assertEquals(topic + "/gone", watcher.next().topic());
                final long delayMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cutNs);
                assertTrue(delayMs >= 2_500, "the will came after " + delayMs + " ms");
            }
            first.close();
            second.close();
        }
    }

    @Test
    void shouldNotDelayTheWillBeyondTheSession() throws Exception {
        final PeerKind kind = PeerKind.HIVEMQ_5;
        try (Relay relay = new Relay(broker.port());
                Peer watcher = connect(kind, "swatch")) {
            watcher.subscribe("session/will", 1);
            final PeerOptions options = PeerOptions.clean(relay.port(), "short-lived");
            try (Peer brief =
                    kind.connect(options.will("session/will", 1, false).willDelay(1_000_000))) {
                assertEquals(Peer.CONNECTED, brief.end());
                relay.cut();
                assertEquals("session/will", watcher.next().topic());
            }
        }
    }

    @Test
    void shouldPublishTheWillWhenDisconnectAsksForIt() throws Exception {
        try (Peer watcher = connect(PeerKind.PAHO_3_1_1, "askwatch");
                RawClient client = RawClient.connected(
                        broker.port(), V5, c -> c.clientId("asks").will("asked", new byte[] {'!'}, 1, false))) {
            watcher.subscribe("asked", 1);
            client.sendHex("e0 01 04");
            assertEquals(Arrival.of("asked", "!", 1, false), watcher.next());
        }
    }
}
