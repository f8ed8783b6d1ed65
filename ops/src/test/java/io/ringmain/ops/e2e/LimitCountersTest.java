package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each limit is hit so many times from outside, and its counter says so when the broker stops. */
@Tag("e2e")
@Tag("one-java")
@Timeout(60)
class LimitCountersTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private Path data;

    private BrokerProcess broker(final String... settings) throws Exception {
        final List<String> options = new ArrayList<>();
        for (final String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        return BrokerProcess.startOwn(data, options.toArray(String[]::new));
    }

    private static RawClient connected(final BrokerProcess broker, final String id) throws IOException {
        return RawClient.connected(broker.port(), V5, c -> c.clientId(id));
    }

    /** Stops the broker, whose last words must have these counters. */
    static void assertCounted(final BrokerProcess broker, final String... counters) throws Exception {
        assertEquals(0, broker.terminate());
        final String line = broker.output()
                .lines()
                .filter(l -> l.contains("counters: "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no counters in: " + broker.output()));
        final List<String> counted =
                List.of(line.substring(line.indexOf("counters: ") + 10).split(", "));
        for (final String counter : counters) {
            assertTrue(counted.contains(counter), () -> counter + " is not in " + counted);
        }
    }

    @Test
    void shouldBoundConnections() throws Exception {
        try (BrokerProcess broker = broker("limits.max_connections=2")) {
            try (RawClient first = connected(broker, "first");
                    RawClient second = connected(broker, "second")) {
                for (int i = 0; i < 3; i++) {
                    try (RawClient third = new RawClient(broker.port())) {
                        assertEquals("", third.untilClosed());
                    }
                }
                for (final RawClient client : List.of(first, second)) {
                    client.sendHex("c0 00");
                    client.expect("d0 00");
                }
            }
            assertCounted(broker, "connections.refused.limit 3", "connections.accepted 2");
        }
    }

    @Test
    void shouldBoundHalfOpenConnectionsAndForgetThemOnceTheyAreAccepted() throws Exception {
        try (BrokerProcess broker = broker("limits.max_half_open=1")) {
            for (int i = 0; i < 5; i++) {
                connected(broker, "accepted-" + i).close();
            }
            try (RawClient half = new RawClient(broker.port())) {
                half.sendHex("10");
                for (int i = 0; i < 2; i++) {
                    try (RawClient refused = new RawClient(broker.port())) {
                        assertEquals("", refused.untilClosed());
                    }
                }
                half.sendHex("0e 0004 4d515454 04 02 003c 0002 6869");
                half.expect("20 02 00 00");
                connected(broker, "next").close();
            }
            assertCounted(broker, "connections.refused.half-open 2");
        }
    }

    @Test
    void shouldBoundClientIdsAndUserNames() throws Exception {
        try (BrokerProcess broker = broker("limits.client_id_length=8")) {
            connected(broker, "12345678").close();
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("123456789"));
                assertEquals("2003008500", client.untilClosed());
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V4, c -> c.clientId("123456789"));
                assertEquals("20020002", client.untilClosed());
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("id").username("123456789"));
                assertEquals("2003008600", client.untilClosed());
            }
            assertCounted(broker, "connections.refused.client-id 3");
        }
    }

    @Test
    void shouldBoundQosOfPublishesAndWillsAndGrantNoMore() throws Exception {
        try (BrokerProcess broker = broker("limits.max_qos=1")) {
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("qos"));
                client.packet();
                client.subscribe(V5, 1, "a", 2);
                client.expect("90 04 0001 00 01");
                client.publish(V5, 4, 1, "a", new byte[0]);
                assertEquals("e0019b", client.untilClosed());
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("will").will("a", new byte[0], 2, false));
                assertEquals("2003009b00", client.untilClosed());
            }
            assertCounted(broker, "limits.max-qos 2");
        }
    }

    @Test
    void shouldBoundTopicsAndFiltersInLengthAndDepth() throws Exception {
        try (BrokerProcess broker = broker("limits.topic_length=8", "limits.topic_depth=3")) {
            try (RawClient client = connected(broker, "topics")) {
                client.publish(V5, 2, 1, "a/b/c", new byte[0]);
                client.expect("40 03 0001 10");
                client.publish(V5, 2, 2, "a/b/c/d", new byte[0]);
                client.expect("40 03 0002 90");
                client.publish(V5, 2, 3, "123456789", new byte[0]);
                client.expect("40 03 0003 90");
                client.subscribe(V5, 4, "a/b/c/d", 0);
                client.expect("90 04 0004 00 8f");
                client.subscribe(V5, 5, "123456789", 0);
                client.expect("90 04 0005 00 8f");
                client.sendHex("a2 0c 0006 00 0007 612f622f632f64");
                client.expect("b0 04 0006 00 8f");
            }
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("will").will("a/b/c/d", new byte[0], 0, false));
                assertEquals("2003009000", client.untilClosed());
            }
            assertCounted(broker, "publish.refused.topic 2", "limits.topic-filter 3", "connections.refused.connect 1");
        }
    }

    @Test
    void shouldBoundTopicAliasesAndTheReceiveMaximum() throws Exception {
        try (BrokerProcess broker = broker("limits.topic_alias_maximum=2", "limits.receive_maximum=2")) {
            try (RawClient client = connected(broker, "alias")) {
                client.sendHex("32 09 0001 61 0001 03 23 0002");
                client.expect("40 03 0001 10");
                client.sendHex("32 09 0001 61 0002 03 23 0003");
                assertEquals("e00194", client.untilClosed());
            }
            try (RawClient client = connected(broker, "receive")) {
                for (int id = 1; id <= 2; id++) {
                    client.publish(V5, 4, id, "a", new byte[0]);
                    client.expect("50 03 %04x 10".formatted(id));
                }
                client.publish(V5, 4, 3, "a", new byte[0]);
                assertEquals("e00193", client.untilClosed());
            }
            assertCounted(broker, "limits.topic-alias 1", "limits.receive-maximum 1");
        }
    }

    @Test
    void shouldBoundFiltersAndSubscriptions() throws Exception {
        try (BrokerProcess broker = broker("limits.filters_per_subscribe=2", "limits.subscriptions_per_session=3")) {
            try (RawClient client = connected(broker, "filters")) {
                for (int id = 1; id <= 4; id++) {
                    client.subscribe(V5, id, "f/" + id, 0);
                    client.expect("90 04 %04x 00 %s".formatted(id, id <= 3 ? "00" : "97"));
                }
                client.sendHex("82 0f 0005 00 0001 61 00 0001 62 00 0001 63 00");
                assertEquals("e00197", client.untilClosed());
            }
            try (RawClient client = connected(broker, "filters")) {
                client.sendHex("a2 0c 0001 00 0001 61 0001 62 0001 63");
                assertEquals("e00197", client.untilClosed());
            }
            assertCounted(broker, "refused.subscriptions-limit 1", "limits.filters-per-subscribe 2");
        }
    }

    @Test
    void shouldBoundUserPropertiesOfEveryPacketThatMayHaveThem() throws Exception {
        final String two = "26 0001 61 0001 62 26 0001 61 0001 62";
        final String[] packets = {
            "30 12 0001 61 0e " + two,
            "82 15 0001 0e " + two + " 0001 61 00",
            "a2 14 0001 0e " + two + " 0001 61",
            "40 12 0001 00 0e " + two,
            "e0 10 00 0e " + two
        };
        try (BrokerProcess broker = broker("limits.user_properties=1")) {
            for (final String packet : packets) {
                try (RawClient client = connected(broker, "props")) {
                    client.sendHex(packet);
                    assertEquals("e00197", client.untilClosed(), packet);
                }
            }
            try (RawClient client = new RawClient(broker.port())) {
                // One of the CONNECT and one of its will.
                client.sendHex("10 22 0004 4d515454 05 06 0000 07 26 0001 61 0001 62 0001 63"
                        + "07 26 0001 61 0001 62 0001 74 0000");
                assertEquals("2003009700", client.untilClosed());
            }
            assertCounted(broker, "limits.user-properties 6");
        }
    }

    @Test
    void shouldBoundPacketsBeforeAndAfterConnect() throws Exception {
        try (BrokerProcess broker = broker("limits.max_connect_packet_size=1KB", "limits.max_packet_size=2KB")) {
            try (RawClient client = new RawClient(broker.port())) {
                client.sendHex("10 fe 07");
                assertEquals("", client.untilClosed());
            }
            try (RawClient client = connected(broker, "large")) {
                client.sendHex("30 fe 0f");
                assertEquals("e00195", client.untilClosed());
            }
            assertCounted(broker, "connections.closed.packet-too-large 2");
        }
    }
}
