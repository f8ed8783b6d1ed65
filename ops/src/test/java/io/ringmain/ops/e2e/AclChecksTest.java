package io.ringmain.ops.e2e;

import static io.ringmain.ops.e2e.AclBroker.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.ops.client.ConnectRefusedException;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where an ACL is asked: at PUBLISH, SUBSCRIBE and CONNECT, and how a client is told. */
@Timeout(60)
class AclChecksTest {
    private static final String RULES = String.join(
            "\n",
            "topic read open/#",
            "user anna",
            "topic open/#",
            "topic write in/#",
            "topic deny open/not",
            "user watcher",
            "topic read #",
            "pattern own/%c/#",
            "");
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private Path dir;

    private AclBroker broker;
    private MqttClient watcher;

    @BeforeEach
    void start() throws IOException {
        broker = new AclBroker(dir, RULES);
        watcher = broker.client("watcher", "watcher");
        watcher.subscribe(List.of("#"), 2);
    }

    @AfterEach
    void stop() {
        watcher.close();
        broker.close();
    }

    /** What the watcher got, up to a message that comes after all that was sent before. */
    private void assertWatcherGets(final String... expected) throws IOException {
        try (MqttClient anna = broker.client("end", "anna")) {
            anna.publish("open/end", bytes(""), 1, false);
        }
        for (final String topic : expected) {
            assertEquals(topic, watcher.receive(20_000).topic());
        }
        assertEquals("open/end", watcher.receive(20_000).topic());
    }

    @Test
    void shouldRefuseAPublishInItsAcknowledgement() throws IOException {
        try (MqttClient anna = broker.client("a", "anna")) {
            for (int qos = 1; qos <= 2; qos++) {
                assertEquals(0x87, anna.publish("open/not", bytes("x"), qos, false));
                assertEquals(0x87, anna.publish("open/not", bytes("x"), qos, true));
                assertEquals(0x87, anna.publish("other", bytes(""), qos, true));
                assertEquals(0, anna.publish("open/a", bytes("x"), qos, false));
            }
            anna.publish("other", bytes("x"), 0, false);
            anna.publish("in/a", bytes("x"), 0, false);
        }
        assertWatcherGets("open/a", "open/a", "in/a");
        assertEquals(7, broker.count(CounterId.PUBLISH_REFUSED_ACL));
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"V3_1", "V3_1_1"})
    void shouldAcknowledgeAndDropWhereTheVersionHasNoWordForIt(final ProtocolVersion version) throws IOException {
        try (MqttClient anna = broker.client(version, "a", "anna", c -> c)) {
            for (int qos = 0; qos <= 2; qos++) {
                assertEquals(0, anna.publish("open/not", bytes("x"), qos, true));
                assertEquals(0, anna.publish("open/a", bytes("x"), qos, false));
            }
        }
        assertWatcherGets("open/a", "open/a", "open/a");
        assertEquals(3, broker.count(CounterId.PUBLISH_REFUSED_ACL));
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldRefuseSubscriptionsOfWhichNothingMayBeRead(final ProtocolVersion version) throws IOException {
        final int refused = version == V5 ? 0x87 : 0x80;
        try (MqttClient anna = broker.client(version, "a", "anna", c -> c)) {
            assertArrayEquals(
                    new int[] {1, refused, refused, refused, 1, 1, refused, refused, refused, 1, refused, 1},
                    anna.subscribe(
                            List.of(
                                    "open/#",
                                    "in/#",
                                    "open/not",
                                    "$SYS/#",
                                    "#",
                                    "$share/g/open/a/+",
                                    "$share/g/open/+",
                                    "$share/g/in/+",
                                    "$share/g/$SYS/#",
                                    "$replay/@0/open/+",
                                    "$replay/@0/in/+",
                                    "own/a/x"),
                            1));
        }
        assertEquals(7, broker.count(CounterId.SUBSCRIBE_REFUSED_ACL));
    }

    /** What goes to a member that may not read it is gone for the others. */
    @Test
    void shouldKeepWhoMayReadLittleOutOfAGroup() throws IOException {
        broker.acl(RULES + "user bert\ntopic read in/x\n");
        try (MqttClient worker = broker.client("worker", "watcher");
                MqttClient bert = broker.client("bert", "bert");
                MqttClient anna = broker.client("a", "anna")) {
            assertEquals(1, worker.subscribe(List.of("$share/workers/in/#"), 1)[0]);
            assertEquals(0x87, bert.subscribe(List.of("$share/workers/in/#"), 1)[0]);
            for (int i = 0; i < 8; i++) {
                anna.publish("in/secret-" + i, bytes("x"), 1, false);
            }
            for (int i = 0; i < 8; i++) {
                assertEquals("in/secret-" + i, worker.receive(20_000).topic());
            }
        }
        assertEquals(0, broker.count(CounterId.DROPPED_ACL));
    }

    @Test
    void shouldNotLetAClientIdWidenAPattern() throws IOException {
        for (final String id : List.of("+", "#", "a/b", "own/+")) {
            try (MqttClient client = broker.client(id, "bert")) {
                assertEquals(0x87, client.subscribe(List.of("own/#"), 0)[0], id);
                assertEquals(0x87, client.subscribe(List.of("own/" + id.replace("#", "x")), 0)[0], id);
                assertEquals(0x87, client.publish("own/a", bytes("x"), 1, false), id);
                assertEquals(0x87, client.publish("own/a/b", bytes("x"), 1, false), id);
            }
        }
        try (MqttClient plain = broker.client("a", "bert")) {
            assertEquals(0, plain.publish("own/a/b", bytes("x"), 1, false));
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldRefuseAWillThatTheClientMayNotPublish(final ProtocolVersion version) throws IOException {
        final ConnectRefusedException refused = assertThrows(
                ConnectRefusedException.class,
                () -> broker.client(version, "a", "anna", c -> c.will("open/not", bytes("x"), 1, true)));
        assertEquals(version == V5 ? 0x87 : 5, refused.reasonCode());
        assertEquals(1, broker.count(CounterId.CONNECTIONS_REFUSED_WILL));
        assertWatcherGets();
    }

    @Test
    void shouldDropAWillWhenTheRightToItIsTakenAway() throws IOException {
        final MqttClient dying = broker.client(V5, "a", "anna", c -> c.will("open/a", bytes("x"), 1, true));
        final MqttClient delayed = broker.client(
                V5,
                "b",
                "anna",
                c -> c.will("open/a", bytes("x"), 1, true).willDelay(1).sessionExpiry(60));
        final MqttClient other = broker.client(V5, "c", "anna", c -> c.will("in/c", bytes("x"), 1, false));
        broker.acl(RULES + "user anna\ntopic deny open/a\n");
        assertEquals(2, broker.count(CounterId.DROPPED_WILL_ACL));
        // Giving the right back doesn't give the will back.
        broker.acl(RULES);
        for (final String id : List.of("a", "b", "c")) {
            // Takes over, and ends the session: now the will would be published.
            broker.client(id, "anna").close();
        }
        for (final MqttClient client : List.of(dying, delayed, other)) {
            client.close();
        }
        assertWatcherGets("in/c");
    }

    @Test
    void shouldDropAWillBeforeAnotherConnectionTakesOver() throws IOException {
        final MqttClient first = broker.client(V5, "a", "anna", c -> c.will("open/a", bytes("x"), 1, true));
        broker.acl(RULES + "user anna\ntopic deny open/a\n");
        final MqttClient second = broker.client("a", "anna");
        first.close();
        second.close();
        assertWatcherGets();
    }

    @Test
    void shouldNotSendARetainedMessageFromBeforeTheRightWasTakenAway() throws IOException {
        try (MqttClient anna = broker.client("a", "anna")) {
            anna.publish("open/kept", bytes("secret"), 1, true);
        }
        broker.acl(RULES + "user bert\ntopic read open/#\ntopic deny open/kept\n");
        try (MqttClient bert = broker.client("b", "bert")) {
            assertEquals(0x87, bert.subscribe(List.of("open/kept"), 1)[0]);
            assertEquals(1, bert.subscribe(List.of("open/#"), 1)[0]);
            try (MqttClient anna = broker.client("a", "anna")) {
                anna.publish("open/a", bytes("x"), 1, false);
            }
            assertEquals("open/a", bert.receive(20_000).topic());
        }
    }

    @Test
    void shouldTakeRightsFromASubscriptionThatIsThere() throws IOException {
        try (MqttClient bert = broker.client("b", null);
                MqttClient anna = broker.client("a", "anna")) {
            assertEquals(2, bert.subscribe(List.of("open/#"), 2)[0]);
            anna.publish("open/a", bytes("1"), 2, false);
            assertEquals("1", new String(bert.receive(20_000).payload()));
            broker.acl(RULES.replace("topic read open/#", "topic read open/b"));
            for (int qos = 0; qos <= 2; qos++) {
                anna.publish("open/a", bytes("2"), qos, false);
            }
            anna.publish("open/b", bytes("3"), 2, false);
            final Message next = bert.receive(20_000);
            assertEquals("open/b 3", next.topic() + " " + new String(next.payload()));
            assertEquals(3, broker.count(CounterId.DROPPED_ACL));
            assertTrue(bert.publish("open/a", bytes("4"), 1, false) == 0x87);
        }
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldRefuseTheSessionOfAnotherUser(final ProtocolVersion version) throws IOException {
        try (MqttClient anna =
                broker.client(V5, "shared-id", "anna", c -> c.cleanStart(false).sessionExpiry(600))) {
            anna.subscribe(List.of("open/#"), 1);
            for (final String other : new String[] {"bert", null}) {
                final ConnectRefusedException refused = assertThrows(
                        ConnectRefusedException.class, () -> broker.client(version, "shared-id", other, c -> c));
                assertEquals(version == V5 ? 0x87 : 5, refused.reasonCode());
            }
            // It has noticed nothing.
            anna.publish("open/a", bytes("x"), 1, false);
            assertEquals("open/a", anna.receive(20_000).topic());
        }
        assertThrows(ConnectRefusedException.class, () -> broker.client(version, "shared-id", "bert", c -> c));
        assertEquals(3, broker.count(CounterId.CONNECTIONS_REFUSED_OWNER));
        try (MqttClient anna = broker.client(V5, "shared-id", "anna", c -> c.cleanStart(false))) {
            assertTrue(anna.sessionPresent());
        }
    }
}
