package io.ringmain.ops.client;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;

/** The broker refused the CONNECT. */
public final class ConnectRefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final String[] V3_CODES = {
        "accepted",
        "unacceptable protocol version",
        "identifier rejected",
        "server unavailable",
        "bad user name or password",
        "not authorised"
    };

    private final int reasonCode;

    ConnectRefusedException(final ProtocolVersion version, final int reasonCode) {
        super("Connection error: Connection Refused: " + text(version, reasonCode));
        this.reasonCode = reasonCode;
    }

    private static String text(final ProtocolVersion version, final int code) {
        if (version == ProtocolVersion.V5) {
            return ReasonCode.name(code);
        }
        return code < V3_CODES.length ? V3_CODES[code] : "unknown reason";
    }

    /** Reason code of MQTT 5, or return code of 3.x. */
    public int reasonCode() {
        return reasonCode;
    }
}
