package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The figures under {@code $SYS}. The interval is long: what comes, comes because somebody has subscribed. */
@Tag("e2e")
@Timeout(60)
class SysTopicsTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, "--set", "metrics.sys_topics.interval=1h");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Map<String, String> figures(final Peer client, final String filter, final String last)
            throws Exception {
        client.subscribe(filter, 0);
        final Map<String, String> figures = new TreeMap<>();
        while (!figures.containsKey(last)) {
            final Arrival arrival = client.next();
            figures.put(arrival.topic(), arrival.text());
        }
        return figures;
    }

    @Test
    void shouldGiveTheFiguresToWhoeverSubscribes() throws Exception {
        try (Peer client = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "figures"));
                Peer other = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(broker.port(), "others"))) {
            for (int i = 0; i < 10; i++) {
                other.publish("some/topic", "x", 1, false);
            }
            other.publish("kept", "x", 1, true);
            final Map<String, String> figures = figures(client, "$SYS/#", "$SYS/broker/ringmain/events");
            assertTrue(figures.get("$SYS/broker/version").startsWith("ringmain "), figures.toString());
            assertTrue(figures.get("$SYS/broker/uptime").matches("\\d+ seconds"), figures.toString());
            assertTrue(Integer.parseInt(figures.get("$SYS/broker/clients/connected")) >= 2, figures.toString());
            assertTrue(Integer.parseInt(figures.get("$SYS/broker/publish/messages/received")) >= 11);
            assertTrue(Integer.parseInt(figures.get("$SYS/broker/messages/received")) >= 14);
            assertEquals("1", figures.get("$SYS/broker/retained messages/count"));
            assertTrue(figures.get("$SYS/broker/load/publish/received/1min").matches("\\d+\\.\\d\\d"));
            other.publish("kept", "", 1, true);
        }
    }

    @Test
    void shouldGiveThemToAGroup() throws Exception {
        try (Peer client = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "shared"))) {
            assertFalse(figures(client, "$share/g/$SYS/broker/clients/+", "$SYS/broker/clients/total")
                    .isEmpty());
        }
    }

    @Test
    void shouldShowThemToMosquittoSub() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mosquitto_sub")),
                "mosquitto_sub is not installed (package mosquitto-clients)");
        final Process process = new ProcessBuilder(
                        "mosquitto_sub",
                        "-p",
                        String.valueOf(broker.port()),
                        "-t",
                        "$SYS/broker/uptime",
                        "-v",
                        "-C",
                        "1",
                        "-W",
                        "20")
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertTrue(output.matches("\\$SYS/broker/uptime \\d+ seconds\n"), output);
    }

    @Test
    void shouldLeaveTheLogAsItIs(@TempDir final Path own) throws Exception {
        final String append = "$SYS/broker/ringmain/log/append-position";
        try (BrokerProcess frequent = BrokerProcess.startOwn(own, "--set", "metrics.sys_topics.interval=100ms");
                Peer client = PeerKind.PAHO_5.connect(PeerOptions.clean(frequent.port(), "watches"))) {
            client.publish("some/topic", "x", 1, false);
            client.subscribe(append, 0);
            // The SUBSCRIBE itself is logged, maybe after the first figures were taken; then nothing more is.
            String position = client.next().text();
            int rounds = 0;
            for (int same = 0; same < 5; rounds++) {
                assertTrue(rounds < 20, "it grows: " + position);
                final String before = position;
                position = client.next().text();
                same = position.equals(before) ? same + 1 : 0;
            }
            assertTrue(Long.parseLong(position) > 0, position);
            assertEquals(0, frequent.terminate());
        }
        final CommandRun cat = CommandRun.of("log", "cat", "--data", own.toString());
        assertEquals(1, cat.out().lines().count(), cat.out());
        assertTrue(cat.out().contains("some/topic"), cat.out());
    }

    @Test
    void shouldHideThemFromWildcards() throws Exception {
        try (Peer client = PeerKind.PAHO_5.connect(PeerOptions.clean(broker.port(), "wild"));
                Peer other = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(broker.port(), "asks"))) {
            client.subscribe("#", 0);
            client.subscribe("+/broker/uptime", 0);
            figures(other, "$SYS/broker/uptime", "$SYS/broker/uptime");
            client.expectNothingBefore(other, "the/end");
        }
    }

    @Test
    void shouldLetNobodyPublishThem() throws Exception {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("liar"))) {
            client.subscribe(V5, 1, "$SYS/broker/lie", 1);
            client.expect("90 04 0001 00 01");
            client.publish(V5, 2, 2, "$SYS/broker/lie", new byte[1]);
            client.expect("40 03 0002 90");
            client.sendHex("c0 00");
            client.expect("d0 00");
        }
    }
}
