package io.ringmain.protocol.websocket;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Requests for WebSockets as texts; the lines of a text block stand for lines that end with CR LF. */
final class Requests {
    /** The example of RFC 6455, section 1.3, with a sub-protocol that we know. */
    static final String GOOD = """
            GET /mqtt HTTP/1.1
            Host: server.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Protocol: mqtt
            Sec-WebSocket-Version: 13

            """;

    static final int MAX_BYTES = 8192;
    static final int MAX_HEADERS = 64;

    private Requests() {}

    /** {@link #GOOD} with a line in place of another, or of none. */
    static String with(final String line, final String replacement) {
        if (!GOOD.contains(line + "\n")) {
            throw new IllegalArgumentException(line);
        }
        return GOOD.replace(line + "\n", replacement.isEmpty() ? "" : replacement + "\n");
    }

    /** {@link #GOOD} with a line more. */
    static String plus(final String line) {
        return with("Upgrade: websocket", "Upgrade: websocket\n" + line);
    }

    static byte[] bytes(final String request) {
        return request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    static UpgradeRequest request() {
        return new UpgradeRequest(MAX_BYTES, MAX_HEADERS);
    }

    static UpgradeResult read(final UpgradeRequest request, final byte[] bytes) {
        return request.read(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    /** What becomes of a request that comes in one piece. */
    static UpgradeResult outcome(final UpgradeRules rules, final byte[] bytes) {
        final UpgradeRequest request = request();
        final UpgradeResult result = read(request, bytes);
        return result == UpgradeResult.ACCEPTED ? rules.check(request) : result;
    }
}
