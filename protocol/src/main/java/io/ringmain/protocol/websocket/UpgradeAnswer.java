package io.ringmain.protocol.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a request is answered with. Tells a client nothing that it hasn't said itself. */
public final class UpgradeAnswer {
    /** RFC 6455, section 1.3. */
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private UpgradeAnswer() {}

    /** The bytes of the answer to a request for which {@link UpgradeRules#check} said this. */
    public static byte[] encode(final UpgradeResult result, final UpgradeRequest request) {
        final String answer = result == UpgradeResult.ACCEPTED ? accepted(request) : refused(result);
        return answer.getBytes(StandardCharsets.US_ASCII);
    }

    private static String accepted(final UpgradeRequest request) {
        return statusLine(UpgradeResult.ACCEPTED)
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + acceptKey(request.key())
                + "\r\nSec-WebSocket-Protocol: "
                + SubProtocol.choose(request.protocols())
                + "\r\n\r\n";
    }

    private static String refused(final UpgradeResult result) {
        final String body = text(result) + "\n";
        return statusLine(result)
                + switch (result) {
                    case NOT_GET -> "Allow: GET\r\n";
                    case NO_UPGRADE -> "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
                    default -> "";
                }
                + "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                + "Content-Type: text/plain; charset=us-ascii\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    private static String statusLine(final UpgradeResult result) {
        return "HTTP/1.1 " + result.status() + " " + result.reason() + "\r\n";
    }

    private static String text(final UpgradeResult result) {
        return switch (result) {
            case ORIGIN_NOT_ALLOWED -> "This page may not connect here.";
            case NO_SUCH_PATH -> "There is nothing here.";
            case NOT_GET -> "A WebSocket is opened with GET.";
            case NO_UPGRADE -> "Here is a WebSocket of version 13, and nothing else.";
            case HEADER_TOO_LARGE -> "The request is too large.";
            case NO_SUB_PROTOCOL -> "The sub-protocol has to be mqtt or mqttv3.1.";
            default -> "This is no request for a WebSocket.";
        };
    }

    /** Proves that the request was read: RFC 6455, section 4.2.2. */
    static String acceptKey(final String key) {
        try {
            final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every Java has SHA-1", ex);
        }
    }
}
