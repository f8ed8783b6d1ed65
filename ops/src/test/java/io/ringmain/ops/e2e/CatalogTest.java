package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import io.ringmain.ops.CommandRun;
import io.ringmain.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which topics exist, asked with MQTT. */
@Tag("e2e")
@Tag("one-java")
@Timeout(60)
class CatalogTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final String[] ENABLED = {"--set", "catalog.enabled=true"};

    private static final Pattern TOPIC = Pattern.compile(
            "\\{\"first\":\"(\\S+Z)\",\"last\":\"(\\S+Z)\",\"count\":(\\d+),\"bytes\":(\\d+),\"publisher\":\"(.*)\"}");
    private static final Pattern END = Pattern.compile("\\{\"topics\":(\\d+),\"beyondCap\":(\\d+),\"asOf\":(\\d+)}");

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, ENABLED);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** Subscribes, and returns {@code topic count bytes publisher} of each topic up to the end. */
    private static List<String> ask(final Peer client, final String filter) throws Exception {
        assertEquals(0, client.subscribe("$catalog/" + filter, 0));
        final List<String> topics = new ArrayList<>();
        Arrival arrival = client.next();
        while (!arrival.topic().equals("$catalog")) {
            final Matcher text = TOPIC.matcher(arrival.text());
            assertTrue(text.matches(), arrival.text());
            assertTrue(arrival.topic().startsWith("$catalog/"), arrival.topic());
            assertTrue(arrival.retained());
            assertEquals(0, arrival.qos());
            assertFalse(Instant.parse(text.group(2)).isBefore(Instant.parse(text.group(1))));
            final Duration age = Duration.between(Instant.parse(text.group(2)), Instant.now());
            assertTrue(age.toMinutes() == 0, "last message " + age + " ago");
            topics.add(arrival.topic().substring("$catalog/".length()) + " " + text.group(3) + " " + text.group(4) + " "
                    + text.group(5));
            arrival = client.next();
        }
        final Matcher end = END.matcher(arrival.text());
        assertTrue(end.matches(), arrival.text());
        assertEquals(topics.size(), Integer.parseInt(end.group(1)));
        return topics;
    }

    @ParameterizedTest
    @EnumSource(PeerKind.class)
    void shouldKnowWhatWasAcknowledgedBeforeTheQuestion(final PeerKind kind) throws Exception {
        final String root = "fresh/" + kind.label();
        try (Peer client = kind.connect(PeerOptions.clean(broker.port(), kind.label()))) {
            assertEquals(List.of(), ask(client, root + "/#"));
            client.publish(root + "/b", "1234567", 1, false);
            client.publish(root + "/a", "", 2, false);
            client.publish(root + "/b", "89", 0, true);
            client.publish(root + "/not recorded", "x", 0, false);
            assertEquals(
                    List.of(root + "/a 1 0 " + kind.label(), root + "/b 2 9 " + kind.label()),
                    ask(client, root + "/#"));
            assertEquals(List.of(root + "/b 2 9 " + kind.label()), ask(client, "+/" + kind.label() + "/b"));
        }
    }

    @Test
    void shouldNotShowTheBrokersOwnTopics() throws Exception {
        try (Peer client = PeerKind.HIVEMQ_5.connect(PeerOptions.clean(broker.port(), "own"))) {
            client.publish("some/topic", "x", 1, false);
            assertTrue(ask(client, "#").stream().noneMatch(topic -> topic.startsWith("$")));
            assertEquals(List.of(), ask(client, "$SYS/#"));
        }
    }

    @Test
    void shouldAnswerMosquittoSub() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mosquitto_sub")),
                "mosquitto_sub is not installed (package mosquitto-clients)");
        try (Peer client = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(broker.port(), "press-07"))) {
            client.publish("mosquitto/rpm", "1473", 1, false);
        }
        final Process process = new ProcessBuilder(
                        "mosquitto_sub",
                        "-p",
                        String.valueOf(broker.port()),
                        "-t",
                        "$catalog/mosquitto/#",
                        "-v",
                        "-C",
                        "2",
                        "-W",
                        "20")
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        final String[] lines = output.split("\n");
        assertEquals(2, lines.length, output);
        assertTrue(
                TOPIC.matcher(lines[0].replace("$catalog/mosquitto/rpm ", "")).matches(), output);
        assertTrue(lines[0].contains("\"count\":1,\"bytes\":4,\"publisher\":\"press-07\""), output);
        assertTrue(END.matcher(lines[1].replace("$catalog ", "")).matches(), output);
    }

    @Test
    void shouldRefuseWhenItIsOff(@TempDir final Path own) throws Exception {
        try (BrokerProcess off = BrokerProcess.startOwn(own);
                RawClient five = RawClient.connected(off.port(), V5, c -> c.clientId("five"));
                RawClient three = RawClient.connected(off.port(), V4, c -> c.clientId("three"));
                HiveMq5Peer peer = new HiveMq5Peer(PeerOptions.clean(off.port(), "peer"))) {
            five.subscribe(V5, 1, "$catalog/#", 1);
            five.expect("90 04 0001 00 87");
            three.subscribe(V4, 1, "$catalog/a", 0);
            three.expect("90 03 0001 80");
            final Mqtt5SubAckException refused =
                    Assertions.assertThrows(Mqtt5SubAckException.class, () -> peer.subscribe("$catalog/#", 0));
            assertEquals(0x87, refused.getMqttMessage().getReasonCodes().get(0).getCode());
            assertEquals(0, off.terminate());
            assertFalse(Files.exists(own.resolve("catalog")));
        }
    }

    @Test
    void shouldRefuseWhatCannotBeAnswered() throws Exception {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("odd"))) {
            client.subscribe(V5, 1, "$catalog", 0);
            client.expect("90 04 0001 00 8f");
            client.subscribe(V5, 2, "$catalog/", 0);
            client.expect("90 04 0002 00 8f");
            client.subscribe(V5, 3, "$share/group/$catalog/#", 0);
            client.expect("90 04 0003 00 9e");
            client.subscribe(V5, 4, "$catalog/a#", 0);
            client.expect("90 04 0004 00 8f");
            client.subscribe(V5, 5, "$catalogue/a", 0);
            client.expect("90 04 0005 00 00");
            client.publish(V5, 2, 6, "$catalog/lie", new byte[1]);
            client.expect("40 03 0006 90");
            client.sendHex("c0 00");
            client.expect("d0 00");
        }
    }

    private static String hex(final String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(final byte[] packet) {
        return new String(packet, StandardCharsets.UTF_8);
    }

    @Test
    void shouldSendTheIdentifierOfTheSubscription() throws Exception {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("identifier"))) {
            client.publish(V5, 2, 1, "identified", new byte[3]);
            client.expect("40 03 0001 10");
            // SUBSCRIBE with subscription identifier 300.
            client.sendHex("82 1c 0002 03 0bac02 0013" + hex("$catalog/identified") + "00");
            client.expect("90 04 0002 00 00");
            final String topic = HexFormat.of().formatHex(client.packet());
            assertTrue(topic.startsWith("31"), topic);
            assertTrue(topic.contains("0013" + hex("$catalog/identified") + "030bac02" + hex("{\"first\":")), topic);
            final String end = HexFormat.of().formatHex(client.packet());
            assertTrue(end.contains("0008" + hex("$catalog") + "030bac02" + hex("{\"topics\":1,")), end);
        }
    }

    @Test
    void shouldLeaveOutWhatIsLargerThanTheClientTakes() throws Exception {
        try (RawClient client =
                RawClient.connected(broker.port(), V5, c -> c.clientId("narrow").maximumPacketSize(200))) {
            client.publish(V5, 2, 1, "narrow/" + "x".repeat(100), new byte[3]);
            client.expect("40 03 0001 10");
            client.publish(V5, 2, 2, "narrow/y", new byte[3]);
            client.expect("40 03 0002 10");
            client.subscribe(V5, 3, "$catalog/narrow/#", 0);
            client.expect("90 04 0003 00 00");
            assertTrue(text(client.packet()).contains("$catalog/narrow/y"));
            assertTrue(text(client.packet()).contains("{\"topics\":2,"));
        }
    }

    @Test
    void shouldGoOnAfterAStopAndAfterAKill(@TempDir final Path own) throws Exception {
        final String[] options = {
            "--set", "catalog.enabled=true", "--set", "catalog.max_topics=2", "--durability", "append"
        };
        try (BrokerProcess first = BrokerProcess.startOwn(own, options)) {
            publish(first, "a", "b", "a", "c");
            assertEquals(0, first.terminate());
        }
        assertTrue(Files.exists(own.resolve("catalog")));
        try (BrokerProcess second = BrokerProcess.startOwn(own, options);
                Peer client = PeerKind.PAHO_5.connect(PeerOptions.clean(second.port(), "asks"))) {
            publish(second, "b", "c", "d");
            assertEquals(List.of("a 2 4 p", "b 2 4 p"), ask(client, "#"));
            second.kill();
            assertFalse(second.output().contains("catalogue:"), second.output());
        }
        try (BrokerProcess third = BrokerProcess.startOwn(own, options);
                Peer client = PeerKind.PAHO_5.connect(PeerOptions.clean(third.port(), "asks"))) {
            publish(third, "a", "e");
            client.subscribe("$catalog/a", 0);
            assertTrue(client.next().text().contains("\"count\":3,\"bytes\":6"));
            assertTrue(client.next().text().contains("\"topics\":1,\"beyondCap\":4"));
            assertFalse(third.output().contains("catalogue:"), third.output());
            third.kill();
        }
        final Path file = own.resolve("catalog");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 20] ^= 4;
        Files.write(file, bytes);
        try (BrokerProcess fourth = BrokerProcess.startOwn(own, options);
                Peer client = PeerKind.HIVEMQ_3_1_1.connect(PeerOptions.clean(fourth.port(), "asks"))) {
            assertEquals(List.of("a 3 6 p", "b 2 4 p"), ask(client, "+"));
            assertTrue(fourth.output().contains("catalogue: damaged"), fourth.output());
            assertEquals(0, fourth.terminate());
        }
        final CommandRun list = CommandRun.of("topics", "ls", "--data", own.toString(), "-o", "csv");
        assertEquals(0, list.exitCode(), list.err());
        assertTrue(list.out().matches("topic,.*\na,.*,3,6,p\nb,.*,2,4,p\n"), list.out());
        assertTrue(list.err().contains("4 messages of further topics are not shown"), list.err());
    }

    private static void publish(final BrokerProcess to, final String... topics) throws Exception {
        try (Peer client = PeerKind.PAHO_3_1_1.connect(PeerOptions.clean(to.port(), "p"))) {
            for (final String topic : topics) {
                client.publish(topic, "12", 1, false);
            }
        }
    }
}
