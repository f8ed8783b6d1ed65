package io.ringmain.protocol.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeRequestTest {
    private static final UpgradeRules RULES =
            new UpgradeRules("/mqtt", new AllowedOrigins(List.of("https://ops.example.com")));

    private static UpgradeResult outcome(final String request) {
        return Requests.outcome(RULES, Requests.bytes(request));
    }

    @Test
    void shouldAcceptTheExampleOfTheRfc() {
        final UpgradeRequest request = Requests.request();
        assertEquals(UpgradeResult.ACCEPTED, Requests.read(request, Requests.bytes(Requests.GOOD)));
        assertEquals(UpgradeResult.ACCEPTED, RULES.check(request));
        assertEquals(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n",
                new String(UpgradeAnswer.encode(UpgradeResult.ACCEPTED, request), StandardCharsets.US_ASCII));
    }

    @Test
    void shouldTakeARequestInAnyTwoPieces() {
        final byte[] bytes = Requests.bytes(Requests.GOOD);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        for (int split = 0; split < bytes.length; split++) {
            final UpgradeRequest request = Requests.request();
            assertEquals(UpgradeResult.INCOMPLETE, request.read(buffer, 0, split));
            assertEquals(UpgradeResult.ACCEPTED, request.read(buffer, 0, bytes.length));
            assertEquals(UpgradeResult.ACCEPTED, RULES.check(request));
        }
    }

    @Test
    void shouldTakeARequestByteByByteAndAtAnyPlaceOfABuffer() {
        final byte[] bytes = Requests.bytes(Requests.GOOD);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length + 7]);
        buffer.putBytes(7, bytes);
        final UpgradeRequest request = Requests.request();
        for (int length = 1; length < bytes.length; length++) {
            assertEquals(UpgradeResult.INCOMPLETE, request.read(buffer, 7, length));
        }
        assertEquals(UpgradeResult.ACCEPTED, request.read(buffer, 7, bytes.length));
        assertEquals("/mqtt", request.path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /mqtt HTTP/1.0",
                "GET /mqtt HTTP/2",
                "GET /mqtt",
                "GET  /mqtt HTTP/1.1",
                "GET /mqtt HTTP/1.1 ",
                " GET /mqtt HTTP/1.1",
                "GET http://server/mqtt HTTP/1.1",
                "GET mqtt HTTP/1.1",
                "GET * HTTP/1.1",
                "GET /m\u00e9 HTTP/1.1",
                "G(T /mqtt HTTP/1.1",
                "",
            })
    void shouldRefuseARequestLine(final String line) {
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.GOOD.replace("GET /mqtt HTTP/1.1\n", line + "\n")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5",
                "Content-Length: 0, 5",
                "Content-Length: +0",
                "Content-Length:",
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: identity",
                "Host: other.example.com",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 13",
                "Origin:",
                "X : y",
                " folded",
                "\tfolded",
                "no-colon",
                ": no name",
                "X\u00e9: y",
                "X: \u0000",
                "X: \u0007",
                "X: \u007f",
                "X: a\rb",
                "X: a\r",
            })
    void shouldRefuseAHeader(final String line) {
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.plus(line)));
    }

    @Test
    void shouldRefuseTwoOrigins() {
        assertEquals(
                UpgradeResult.MALFORMED,
                outcome(Requests.plus("Origin: https://ops.example.com\nOrigin: https://ops.example.com")));
    }

    @Test
    void shouldRefuseALineThatEndsWithALineFeedAlone() {
        final String good = Requests.GOOD.replace("\n", "\r\n");
        for (int at = good.indexOf('\r'); at >= 0; at = good.indexOf('\r', at + 1)) {
            final String bare = good.substring(0, at) + good.substring(at + 1);
            assertEquals(
                    UpgradeResult.MALFORMED, Requests.outcome(RULES, bare.getBytes(StandardCharsets.US_ASCII)), bare);
        }
    }

    @Test
    void shouldRefuseASecondRequestBehindTheFirst() {
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.GOOD + Requests.GOOD));
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.GOOD + "x"));
    }

    @Test
    void shouldRefuseWhatIsNotHttpAtItsFirstByte() {
        for (final int first : new int[] {0x10, 0x16, 0x00, '\n', 0x7F}) {
            assertEquals(UpgradeResult.MALFORMED, Requests.read(Requests.request(), new byte[] {(byte) first}));
        }
    }

    @Test
    void shouldNeedAHost() {
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.with("Host: server.example.com", "")));
        assertEquals(UpgradeResult.MALFORMED, outcome(Requests.with("Host: server.example.com", "Host: ")));
    }

    @ParameterizedTest
    @CsvSource({
        "POST, NOT_GET",
        "HEAD, NOT_GET",
        "get, NOT_GET",
        "CONNECT, NOT_GET",
    })
    void shouldTakeGetAlone(final String method, final UpgradeResult expected) {
        assertEquals(expected, outcome(Requests.GOOD.replace("GET ", method + " ")));
    }

    @ParameterizedTest
    @CsvSource({
        "/mqtt, ACCEPTED",
        "/mqtt?token=x, ACCEPTED",
        "/, NO_SUCH_PATH",
        "/mqtt/, NO_SUCH_PATH",
        "/MQTT, NO_SUCH_PATH",
        "/%6dqtt, NO_SUCH_PATH",
        "//mqtt, NO_SUCH_PATH",
        "/x/../mqtt, NO_SUCH_PATH",
    })
    void shouldServeOnePath(final String target, final UpgradeResult expected) {
        assertEquals(expected, outcome(Requests.GOOD.replace("/mqtt", target)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket | ''",
                "Upgrade: websocket | Upgrade: h2c",
                "Upgrade: websocket | Upgrade: websocket2",
                "Connection: Upgrade | ''",
                "Connection: Upgrade | Connection: keep-alive",
                "Sec-WebSocket-Version: 13 | ''",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 8",
                "Sec-WebSocket-Version: 13 | Sec-WebSocket-Version: 13, 8",
            })
    void shouldNameTheVersionThatItSpeaks(final String line, final String replacement) {
        final byte[] bytes = Requests.bytes(Requests.with(line, replacement));
        final UpgradeRequest request = Requests.request();
        assertEquals(UpgradeResult.ACCEPTED, Requests.read(request, bytes));
        assertEquals(UpgradeResult.NO_UPGRADE, RULES.check(request));
        final String answer = new String(UpgradeAnswer.encode(UpgradeResult.NO_UPGRADE, request));
        assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
        assertTrue(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"), answer);
    }

    @Test
    void shouldTakeUpgradeAndConnectionAsListsInAnyCase() {
        assertEquals(UpgradeResult.ACCEPTED, outcome(Requests.with("Upgrade: websocket", "UPGRADE: h2c, WebSocket")));
        assertEquals(
                UpgradeResult.ACCEPTED,
                outcome(Requests.with("Connection: Upgrade", "connection:keep-alive,\tupgrade ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key: short",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEy",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!Q==",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEyMw==",
            })
    void shouldRefuseAKeyThatIsNot16Bytes(final String line) {
        assertEquals(
                UpgradeResult.MALFORMED, outcome(Requests.with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", line)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mqtt | mqtt",
                "mqttv3.1 | mqttv3.1",
                "mqttv3.1, mqtt | mqtt",
                "chat, mqttv3.1 ,x | mqttv3.1",
                "MQTT | -",
                "chat | -",
                "mqtt5 | -",
            })
    void shouldChooseASubProtocol(final String offered, final String chosen) {
        final UpgradeRequest request = Requests.request();
        Requests.read(
                request,
                Requests.bytes(Requests.with("Sec-WebSocket-Protocol: mqtt", "Sec-WebSocket-Protocol: " + offered)));
        if (chosen.equals("-")) {
            assertEquals(UpgradeResult.NO_SUB_PROTOCOL, RULES.check(request));
            return;
        }
        assertEquals(UpgradeResult.ACCEPTED, RULES.check(request));
        final String answer = new String(UpgradeAnswer.encode(UpgradeResult.ACCEPTED, request));
        assertTrue(answer.contains("\r\nSec-WebSocket-Protocol: " + chosen + "\r\n"), answer);
    }

    @Test
    void shouldRefuseAClientThatOffersNoSubProtocol() {
        assertEquals(UpgradeResult.NO_SUB_PROTOCOL, outcome(Requests.with("Sec-WebSocket-Protocol: mqtt", "")));
    }

    @Test
    void shouldTakeSubProtocolsFromSeveralHeaders() {
        assertEquals(
                UpgradeResult.ACCEPTED,
                outcome(Requests.with(
                        "Sec-WebSocket-Protocol: mqtt", "Sec-WebSocket-Protocol: chat\nSec-WebSocket-Protocol: mqtt")));
    }

    @Test
    void shouldAgreeOnNoExtension() {
        final UpgradeRequest request = Requests.request();
        Requests.read(request, Requests.bytes(Requests.plus("Sec-WebSocket-Extensions: permessage-deflate")));
        assertEquals(UpgradeResult.ACCEPTED, RULES.check(request));
        assertFalse(new String(UpgradeAnswer.encode(UpgradeResult.ACCEPTED, request)).contains("Extensions"));
    }

    @Test
    void shouldBoundTheBytesOfARequest() {
        final int used = Requests.bytes(Requests.plus("X: ")).length;
        final int room = Requests.MAX_BYTES - used;
        assertEquals(UpgradeResult.ACCEPTED, outcome(Requests.plus("X: " + "y".repeat(room))));
        assertEquals(UpgradeResult.HEADER_TOO_LARGE, outcome(Requests.plus("X: " + "y".repeat(room + 1))));
    }

    @Test
    void shouldKnowOfAnEndlessLineBeforeItsEnd() {
        final byte[] endless = new byte[Requests.MAX_BYTES + 1];
        Arrays.fill(endless, (byte) 'A');
        final UpgradeRequest request = Requests.request();
        final UnsafeBuffer buffer = new UnsafeBuffer(endless);
        assertEquals(UpgradeResult.INCOMPLETE, request.read(buffer, 0, Requests.MAX_BYTES));
        assertEquals(UpgradeResult.HEADER_TOO_LARGE, request.read(buffer, 0, endless.length));
    }

    @Test
    void shouldBoundTheNumberOfHeaders() {
        final int given = 6;
        final String most = "A: b\n".repeat(Requests.MAX_HEADERS - given - 1) + "A: b";
        assertEquals(UpgradeResult.ACCEPTED, outcome(Requests.plus(most)));
        assertEquals(UpgradeResult.HEADER_TOO_LARGE, outcome(Requests.plus(most + "\nA: b")));
    }

    @ParameterizedTest
    @CsvSource({
        "MALFORMED, 400",
        "ORIGIN_NOT_ALLOWED, 403",
        "NO_SUCH_PATH, 404",
        "NOT_GET, 405",
        "NO_UPGRADE, 426",
        "HEADER_TOO_LARGE, 431",
        "NO_SUB_PROTOCOL, 400",
    })
    void shouldRefuseWithAStatusAndABodyOfTheLengthThatItSays(final UpgradeResult result, final int status) {
        final String answer = new String(UpgradeAnswer.encode(result, Requests.request()));
        final String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("\r\nContent-Length: " + body.length() + "\r\n"), answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
        assertTrue(body.length() > 1, answer);
    }

    @Test
    void shouldCollectWhoseAddressesItCameFrom() {
        final UpgradeRequest request = Requests.request();
        Requests.read(
                request, Requests.bytes(Requests.plus("X-Forwarded-For: 192.0.2.1, 192.0.2.2\nx-forwarded-for: ::1")));
        assertEquals(",192.0.2.1, 192.0.2.2,::1", request.forwardedFor());
        assertTrue(request.wasForwarded());
    }
}
