package io.ringmain.protocol.websocket;

/** What becomes of a request. */
public enum UpgradeResult {
    /** Its end hasn't come yet. */
    INCOMPLETE(0, ""),
    /** Nothing is wrong with it so far. */
    ACCEPTED(101, "Switching Protocols"),
    MALFORMED(400, "Bad Request"),
    ORIGIN_NOT_ALLOWED(403, "Forbidden"),
    NO_SUCH_PATH(404, "Not Found"),
    NOT_GET(405, "Method Not Allowed"),
    NO_UPGRADE(426, "Upgrade Required"),
    HEADER_TOO_LARGE(431, "Request Header Fields Too Large"),
    /** The client offers no sub-protocol that is MQTT. */
    NO_SUB_PROTOCOL(400, "Bad Request");

    private final int status;
    private final String reason;

    UpgradeResult(final int status, final String reason) {
        this.status = status;
        this.reason = reason;
    }

    /** As HTTP says it. */
    public int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
