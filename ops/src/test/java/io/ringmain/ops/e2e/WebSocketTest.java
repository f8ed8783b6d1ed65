package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT through WebSockets, by bytes. */
@Tag("e2e")
@Timeout(60)
class WebSocketTest {
    private static final String SUBSCRIBE = "82 06 0001 0001 74 00";
    private static final String SUBACK = "90 03 0001 00";
    private static final String PUBLISH = "30 05 0001 74 6869";
    private static final String WILL_CONNECT = "10 16 0004 4d515454 04 06 003c 0001 76 0001 74 0004 676f6e65";
    private static final String WILL = "30 07 0001 74 676f6e65";

    @TempDir
    private static Path data;

    private static BrokerProcess broker;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.startOwn(
                data,
                "--set",
                "listeners.local.bind=127.0.0.1:0",
                "--set",
                "listeners.ws.bind=127.0.0.1:0",
                "--set",
                "listeners.ws.protocol=websocket",
                "--set",
                "listeners.ws.origins=https://ops.example.com");
        port = broker.port("ws");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String conversation() {
        return (RawWebSocket.connect() + SUBSCRIBE + PUBLISH).replace(" ", "");
    }

    private static byte[] bytes(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static void expectConversation(final RawWebSocket client) throws IOException {
        client.expect("20 02 00 00").expect(SUBACK).expect(PUBLISH);
    }

    @Test
    void shouldTakePacketsThatAreMergedInOneFrame() throws IOException {
        try (RawWebSocket client = RawWebSocket.open(port)) {
            expectConversation(client.mqtt(conversation()));
        }
    }

    @Test
    void shouldTakePacketsThatAreSplitOverFramesAtAnyByte() throws IOException {
        final int length = bytes(conversation()).length;
        for (int split = 1; split < length; split++) {
            final byte[] all = bytes(conversation());
            try (RawWebSocket client = RawWebSocket.open(port)) {
                client.send(RawWebSocket.frame(0x82, Arrays.copyOf(all, split)));
                client.send(RawWebSocket.frame(0x82, Arrays.copyOfRange(all, split, all.length)));
                expectConversation(client);
            }
        }
    }

    @Test
    void shouldTakeFragmentsOfAByteWithPingsBetweenThem() throws IOException {
        final byte[] all = bytes(conversation());
        try (RawWebSocket client = RawWebSocket.open(port)) {
            for (int i = 0; i < all.length; i++) {
                final int opcode = i == 0 ? 2 : 0;
                client.send(RawWebSocket.frame((i == all.length - 1 ? 0x80 : 0) | opcode, new byte[] {all[i]}));
                if (i == 2) {
                    client.send(RawWebSocket.frame(0x89, "here?".getBytes())).expectFrame(0x8A, "here?");
                }
            }
            expectConversation(client);
        }
    }

    @Test
    void shouldTakeFramesAtAnySplitOfTheNetwork() throws IOException {
        final Random random = new Random(17);
        for (int round = 0; round < 20; round++) {
            final byte[] frames = RawWebSocket.frame(0x82, bytes(conversation()));
            try (RawWebSocket client = RawWebSocket.open(port)) {
                for (int at = 0; at < frames.length; ) {
                    final int end = Math.min(frames.length, at + 1 + random.nextInt(6));
                    client.send(Arrays.copyOfRange(frames, at, end));
                    at = end;
                }
                expectConversation(client);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqttv3.1", "chat, mqtt"})
    void shouldSpeakTheSubProtocolsThatAreMqtt(final String offered) throws IOException {
        try (RawWebSocket client =
                RawWebSocket.open(port, RawWebSocket.GOOD.replace("Protocol: mqtt", "Protocol: " + offered))) {
            client.mqtt(RawWebSocket.connect()).expect("20 02 00 00");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /mqtt      | GET /                        | 404 Not Found",
                "GET /mqtt      | GET /mqtt/../x               | 404 Not Found",
                "GET /mqtt      | PUT /mqtt                    | 405 Method Not Allowed",
                "Version: 13    | Version: 8                   | 426 Upgrade Required",
                "Upgrade: web   | Upgrade: h2c~X: web          | 426 Upgrade Required",
                "Protocol: mqtt | Protocol: chat               | 400 Bad Request",
                "Host: 127      | Hosts: 127                   | 400 Bad Request",
                "Host: 127      | Origin: https://evil.com~Host: 127        | 403 Forbidden",
                "Host: 127      | Origin: null~Host: 127       | 403 Forbidden",
                "Host: 127      | Transfer-Encoding: chunked~Host: 127      | 400 Bad Request",
                "Host: 127      | Content-Length: 30~Host: 127 | 400 Bad Request",
                "Host: 127      | X: y~ folded: z~Host: 127    | 400 Bad Request",
            })
    void shouldRefuseARequest(final String part, final String replacement, final String status) throws IOException {
        final String answer =
                RawWebSocket.refused(port, RawWebSocket.GOOD.replace(part, replacement.replace('~', '\n')));
        assertEquals("HTTP/1.1 " + status, answer.lines().findFirst().orElse(""));
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://ops.example.com", "http://127.0.0.1"})
    void shouldTakeThePagesThatItIsToldToAndItsOwn(final String origin) throws IOException {
        try (RawWebSocket client = RawWebSocket.open(
                port, RawWebSocket.GOOD.replace("Upgrade: web", "Origin: " + origin + "\nUpgrade: web"))) {
            client.mqtt(RawWebSocket.connect()).expect("20 02 00 00");
        }
    }

    @Test
    void shouldAnswerNothingThatIsSmuggledBehindARequest() throws IOException {
        final String smuggled = RawWebSocket.refused(port, RawWebSocket.GOOD + RawWebSocket.GOOD);
        assertTrue(smuggled.startsWith("HTTP/1.1 400 "), smuggled);
        assertEquals(smuggled.indexOf("HTTP/1.1"), smuggled.lastIndexOf("HTTP/1.1"));
        final String bare =
                RawWebSocket.refused(port, RawWebSocket.GOOD.replace("Host: 127.0.0.1\n", "Host: 127.0.0.1\nX: y\r"));
        assertTrue(bare.startsWith("HTTP/1.1 400 "), bare);
    }

    @ParameterizedTest
    @CsvSource({
        "82 02 c0 00, 1002",
        "81 82 00000000 c000, 1003",
        "c2 82 00000000 c000, 1002",
        "83 82 00000000 c000, 1002",
        "80 82 00000000 c000, 1002",
        "09 80 00000000, 1002",
        "89 fe 0100, 1002",
        "82 fe 0002, 1002",
        "82 ff 8000000000000001, 1002",
        "82 ff 0000000000100001, 1009",
        "88 81 00000000 03, 1002",
    })
    void shouldCloseOnAFrame(final String frame, final int code) throws IOException {
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            client.sendHex(frame).expectClosed(code);
        }
    }

    @Test
    void shouldTakeNoLongFrameBeforeTheConnect() throws IOException {
        try (RawWebSocket client = RawWebSocket.open(port)) {
            client.sendHex("82 ff 0000000000010001").expectClosed(1009);
        }
    }

    @Test
    void shouldTakeALongFrameAfterTheConnect() throws IOException {
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            final byte[] pings = new byte[100_000];
            for (int i = 0; i < pings.length; i += 2) {
                pings[i] = (byte) 0xC0;
            }
            client.send(RawWebSocket.frame(0x82, pings));
            for (int i = 0; i < pings.length / 2; i++) {
                client.expect("d0 00");
            }
        }
    }

    @Test
    void shouldEndTheConnectionAtEndlessFramesWithoutPayload() throws IOException {
        try (RawWebSocket client = RawWebSocket.connected(port)) {
            for (int i = 0; i <= 100; i++) {
                client.send(RawWebSocket.frame(i == 0 ? 2 : 0, new byte[0]));
            }
            client.expectClosed(1008);
        }
    }

    @Test
    void shouldCloseWhenTheFirstPacketIsNoConnect() throws IOException {
        try (RawWebSocket client = RawWebSocket.open(port)) {
            client.mqtt("c0 00").expectClosed(1000);
        }
    }

    @Test
    void shouldPublishTheWillAfterACloseFrameAndNotAfterDisconnect() throws IOException {
        try (RawWebSocket watcher = RawWebSocket.connected(port).mqtt(SUBSCRIBE).expect(SUBACK)) {
            try (RawWebSocket polite = RawWebSocket.open(port)) {
                polite.mqtt(WILL_CONNECT).expect("20 02 00 00").mqtt("e0 00").expectClosed(1000);
            }
            try (RawWebSocket abrupt = RawWebSocket.open(port)) {
                abrupt.mqtt(WILL_CONNECT).expect("20 02 00 00");
                abrupt.send(RawWebSocket.frame(0x88, new byte[] {0x03, (byte) 0xE9}))
                        .expectClosed(1001);
            }
            watcher.expect(WILL).mqtt("c0 00").expect("d0 00");
        }
    }

    @Test
    void shouldPublishTheWillOfAClientThatBreaksTheProtocol() throws IOException {
        try (RawWebSocket watcher = RawWebSocket.connected(port).mqtt(SUBSCRIBE).expect(SUBACK);
                RawWebSocket client = RawWebSocket.open(port)) {
            client.mqtt(WILL_CONNECT)
                    .expect("20 02 00 00")
                    .sendHex("81 80 00000000")
                    .expectClosed(1003);
            watcher.expect(WILL);
        }
    }

    @Test
    void shouldCloseTheConnectionThatIsTakenOverWithACloseFrame() throws IOException {
        final String connect = RawWebSocket.connect();
        try (RawWebSocket first = RawWebSocket.open(port);
                RawWebSocket second = RawWebSocket.open(port)) {
            first.mqtt(connect).expect("20 02 00 00");
            second.mqtt(connect).expect("20 02 00 00");
            first.expectClosed(1000);
            second.mqtt("c0 00").expect("d0 00");
        }
    }

    @Test
    void shouldServeBothTransportsTheSameMessages() throws IOException {
        try (RawWebSocket web = RawWebSocket.connected(port).mqtt(SUBSCRIBE).expect(SUBACK);
                RawClient tcp = new RawClient(broker.port())) {
            tcp.sendHex(RawWebSocket.connect()).expect("20 02 00 00");
            tcp.sendHex(SUBSCRIBE).expect(SUBACK);
            tcp.sendHex(PUBLISH).expect(PUBLISH);
            web.expect(PUBLISH).mqtt(PUBLISH).expect(PUBLISH);
            tcp.expect(PUBLISH);
        }
    }
}
