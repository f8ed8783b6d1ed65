package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand topics, and clients that don't read, or change their mind. */
@Tag("e2e")
@Timeout(180)
class CatalogStormTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final int TOPICS = 100_000;
    private static final byte RETAINED = 0x31;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, "--set", "catalog.enabled=true", "--durability", "append");
        try (RawClient publisher = RawClient.connected(broker.port(), V4, c -> c.clientId("storm"))) {
            for (int i = 0; i < TOPICS; i++) {
                publisher.publish(V4, 1, 0, topic(i), new byte[10]);
            }
            publisher.publish(V4, 2, 1, topic(0), new byte[0]);
            publisher.expect("40 02 0001");
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String topic(final int i) {
        return "storm/%06d".formatted(i);
    }

    private static RawClient client(final String id) throws IOException {
        return RawClient.connected(broker.port(), V4, c -> c.clientId(id));
    }

    private static String text(final byte[] packet) {
        return new String(packet, StandardCharsets.UTF_8);
    }

    /** Reads a whole answer; returns how many other packets came between its messages. */
    private static int expectAll(final RawClient client) throws IOException {
        int others = 0;
        for (int i = 0; i <= TOPICS; ) {
            final byte[] packet = client.packet();
            if (packet[0] != RETAINED) {
                others++;
                continue;
            }
            final String expected = i < TOPICS ? "$catalog/" + topic(i) + "{\"first\"" : "$catalog{\"topics\":100000,";
            assertTrue(text(packet).contains(expected), "expected " + expected + ", got " + text(packet));
            i++;
        }
        return others;
    }

    @Test
    void shouldAnswerAllOfThemInOrder() throws Exception {
        try (RawClient client = client("all")) {
            client.subscribe(V4, 1, "$catalog/storm/+", 2);
            client.expect("90 03 0001 02");
            assertEquals(0, expectAll(client));
        }
    }

    @Test
    void shouldWaitForAClientThatDoesNotReadAndLetOthersGoOn() throws Exception {
        final int live = 2_000;
        try (RawClient slow = client("slow");
                RawClient from = client("from");
                RawClient to = client("to")) {
            slow.subscribe(V4, 1, "live", 0);
            slow.expect("90 03 0001 00");
            to.subscribe(V4, 1, "live", 0);
            to.expect("90 03 0001 00");
            slow.subscribe(V4, 2, "$catalog/#", 0);
            slow.subscribe(V4, 3, "$catalog/storm/#", 0);
            for (int i = 0; i < live; i++) {
                from.publish(V4, 0, 0, "live", new byte[] {1});
                to.expect("30 07 0004 6c697665 01");
            }
            // Nothing of the two answers, 15 MB each, was lost, and none of the live messages either.
            final int others = expectAll(slow) + expectAll(slow);
            final int subacks = 2;
            assertEquals(live + subacks, others);
        }
    }

    @Test
    void shouldTakeSoManyQuestionsAtATimeAndAnswerThemInTheirOrder() throws Exception {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("many"))) {
            final String filter =
                    "0010" + HexFormat.of().formatHex("$catalog/storm/+".getBytes(StandardCharsets.UTF_8));
            // Five filters in one SUBSCRIBE.
            client.sendHex("82 62 0001 00" + (filter + "00").repeat(5));
            client.expect("90 08 0001 00 00 00 00 00 97");
            client.subscribe(V5, 2, "$catalog/other", 0);
            client.expect("90 04 0002 00 97");
        }
    }

    @Test
    void shouldSendNothingMoreAfterAnUnsubscribe() throws Exception {
        try (RawClient client = client("changes-its-mind")) {
            client.subscribe(V4, 1, "$catalog/#", 0);
            client.expect("90 03 0001 00");
            assertTrue(text(client.packet()).contains("$catalog/"));
            final String filter = HexFormat.of().formatHex("$catalog/#".getBytes(StandardCharsets.UTF_8));
            client.sendHex("a2 0e 0002 000a" + filter);
            int before = 1;
            byte[] packet = client.packet();
            while (packet[0] == RETAINED) {
                before++;
                packet = client.packet();
            }
            assertEquals("b0020002", HexFormat.of().formatHex(packet));
            assertTrue(before < TOPICS, "all " + before + " came");
            client.sendHex("c0 00");
            client.expect("d0 00");
            client.subscribe(V4, 3, "$catalog/storm/000007", 0);
            client.expect("90 03 0003 00");
            assertTrue(text(client.packet()).contains("$catalog/storm/000007{"));
            assertTrue(text(client.packet()).contains("{\"topics\":1,"));
        }
    }

    @Test
    void shouldForgetAClientThatGoesAway() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = client("gone-" + i)) {
                client.subscribe(V4, 1, "$catalog/#", 0);
                client.expect("90 03 0001 00");
            }
        }
        try (RawClient client = client("stays")) {
            client.subscribe(V4, 1, "$catalog/storm/000009", 0);
            client.expect("90 03 0001 00");
            assertTrue(text(client.packet()).contains("$catalog/storm/000009{"));
        }
    }
}
