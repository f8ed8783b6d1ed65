package io.ringmain.ops.e2e;

import static io.ringmain.ops.e2e.AclBroker.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.ops.client.Message;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way by which a message comes to a client, with every QoS, against what the client may read: from the beginning,
 * and when the right was taken away in between. The reader takes one message at a time, so a delivery that was kept from
 * it and stayed in flight would keep everything from it that comes later.
 */
@Timeout(60)
class AclMatrixTest {
    private static final String RULES = "user writer\ntopic cell/#\nuser reader\ntopic read cell/#\n";

    @TempDir
    private static Path dir;

    private static AclBroker broker;
    private static int cells;
    private static String denied = "";

    /** How a message comes. */
    enum Way {
        LIVE,
        RETAINED,
        QUEUED,
        REPLAYED,
        SHARED,
        WILL
    }

    /** What the reader may. */
    enum Right {
        ALLOWED,
        DENIED,
        DENIED_BY_RELOAD
    }

    private String topic;
    private String filter;
    private int qos;

    @BeforeAll
    static void start() {
        broker = new AclBroker(dir, RULES);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static Stream<Arguments> cells() {
        final List<Arguments> cells = new ArrayList<>();
        for (final Way way : Way.values()) {
            for (int qos = 0; qos <= 2; qos++) {
                for (final Right right : Right.values()) {
                    if (way != Way.QUEUED || qos > 0) {
                        cells.add(Arguments.of(way, qos, right));
                    }
                }
            }
        }
        return cells.stream();
    }

    private void deny() throws IOException {
        denied += "topic deny " + topic + "\n";
        broker.acl(RULES + denied);
    }

    private MqttClient reader(final String id) throws IOException {
        return broker.client(
                ProtocolVersion.V5,
                id,
                "reader",
                c -> c.cleanStart(false).sessionExpiry(600).receiveMaximum(1));
    }

    /** A message that has to be in the log has at least QoS 1; the subscription decides with which it comes. */
    private void publish(final String name, final String payload, final boolean retain, final int atLeast)
            throws IOException {
        try (MqttClient writer = broker.client("writer", "writer")) {
            // Those who may not read it don't count as subscribers, or do: that is not what this is about.
            assertTrue(writer.publish(name, bytes(payload), Math.max(qos, atLeast), retain) < 0x80);
        }
    }

    @ParameterizedTest(name = "{0} QoS {1} {2}")
    @MethodSource("cells")
    void shouldBringWhatMayBeReadAndNothingElse(final Way way, final int withQos, final Right right)
            throws IOException {
        final int number = ++cells;
        final String id = "reader-" + number;
        topic = "cell/" + number + "/m";
        filter = "cell/" + number + "/#";
        qos = withQos;
        final long dropped = broker.count(CounterId.DROPPED_ACL);
        if (right == Right.DENIED) {
            deny();
        }
        if (way == Way.RETAINED || way == Way.REPLAYED) {
            publish(topic, "m", way == Way.RETAINED, way == Way.REPLAYED ? 1 : 0);
        }
        MqttClient reader = reader(id);
        try {
            if (way == Way.QUEUED) {
                assertEquals(qos, reader.subscribe(List.of(filter), qos)[0]);
                reader.disconnect();
                publish(topic, "m", false, 1);
                reader = denyAndComeBack(right, id);
            } else if (way == Way.RETAINED || way == Way.REPLAYED) {
                denyByReload(right);
                final String asked = way == Way.REPLAYED ? "$replay/@0/" + filter : filter;
                assertEquals(qos, reader.subscribe(List.of(asked), qos)[0]);
            } else if (way == Way.SHARED && right == Right.DENIED) {
                // Who may not read all of it doesn't get into a group.
                assertEquals(0x87, reader.subscribe(List.of("$share/g/" + filter), qos)[0]);
                return;
            } else {
                final String asked = way == Way.SHARED ? "$share/g/" + filter : filter;
                assertEquals(qos, reader.subscribe(List.of(asked), qos)[0]);
                denyByReload(right);
                send(way);
            }
            publish("cell/" + number + "/marker", "marker", false, way == Way.QUEUED || way == Way.REPLAYED ? 1 : 0);
            assertEquals(right == Right.ALLOWED ? List.of("m", "marker") : List.of("marker"), receive(reader));
        } finally {
            reader.close();
        }
        // What a replay reads is left out before it comes to a delivery.
        final boolean isDropped = right != Right.ALLOWED && way != Way.REPLAYED;
        assertEquals(isDropped ? 1 : 0, broker.count(CounterId.DROPPED_ACL) - dropped);
    }

    private MqttClient denyAndComeBack(final Right right, final String id) throws IOException {
        denyByReload(right);
        return reader(id);
    }

    private void denyByReload(final Right right) throws IOException {
        if (right == Right.DENIED_BY_RELOAD) {
            deny();
        }
    }

    private void send(final Way way) throws IOException {
        if (way == Way.WILL) {
            final MqttClient dying =
                    broker.client(ProtocolVersion.V5, "dying", "writer", c -> c.will(topic, bytes("m"), qos, false));
            // The will is published before another connection with this id gets its CONNACK.
            broker.client("dying", "writer").close();
            dying.close();
        } else {
            publish(topic, "m", false, 0);
        }
    }

    private static List<String> receive(final MqttClient reader) throws IOException {
        final List<String> payloads = new ArrayList<>();
        while (!payloads.contains("marker")) {
            final Message message = reader.receive(20_000);
            assertTrue(message != null, () -> "only " + payloads);
            payloads.add(new String(message.payload()));
        }
        return payloads;
    }
}
