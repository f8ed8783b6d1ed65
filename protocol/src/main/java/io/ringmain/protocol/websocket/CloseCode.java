package io.ringmain.protocol.websocket;

/** Why a connection ends, as Close frames say it: RFC 6455, section 7.4. */
public final class CloseCode {
    public static final int NORMAL = 1000;
    public static final int PROTOCOL_ERROR = 1002;
    public static final int UNSUPPORTED_DATA = 1003;
    /** The Close frame has none. Never sent as a code. */
    public static final int NO_STATUS = 1005;

    public static final int INVALID_PAYLOAD = 1007;
    public static final int POLICY_VIOLATION = 1008;
    public static final int MESSAGE_TOO_BIG = 1009;

    private static final int LAST_REGISTERED = 1014;

    private CloseCode() {}

    /** Whether it may stand in a frame. */
    static boolean mayBeSent(final int code) {
        final boolean isRegistered =
                code >= NORMAL && code <= LAST_REGISTERED && code != 1004 && code != NO_STATUS && code != 1006;
        return isRegistered || code >= 3000 && code <= 4999;
    }
}
