package io.ringmain.engine.auth;

import io.ringmain.protocol.ReasonCode;
import java.util.Set;

/**
 * What an authenticator says of a client. Immutable.
 *
 * @param kind whether it has decided, and how.
 * @param reasonCode of MQTT 5, at or above 0x80, if the client is refused; else 0.
 * @param reason for the operator, why it is refused; never shown to the client. Empty if it isn't.
 * @param username who the client was found to be; null if it has no name.
 * @param roles of the client, for whoever decides what it may do.
 * @param expiresAtMs epoch milliseconds at which the connection ends; {@link #NEVER} for no end.
 */
public record AuthVerdict(
        Kind kind, int reasonCode, String reason, String username, Set<String> roles, long expiresAtMs) {
    public static final long NEVER = Long.MAX_VALUE;

    /** What was decided. */
    public enum Kind {
        ACCEPTED,
        REFUSED,
        /** Such credentials are not for this authenticator: the next one is asked. Nobody's is a refusal. */
        PASSED
    }

    private static final AuthVerdict PASS = new AuthVerdict(Kind.PASSED, 0, "", null, Set.of(), NEVER);

    public AuthVerdict {
        roles = Set.copyOf(roles);
    }

    /** The client is let in, until it goes. */
    public static AuthVerdict accept(final String username) {
        return accept(username, Set.of(), NEVER);
    }

    public static AuthVerdict accept(final String username, final Set<String> roles, final long expiresAtMs) {
        return new AuthVerdict(Kind.ACCEPTED, ReasonCode.SUCCESS, "", username, roles, expiresAtMs);
    }

    /**
     * The client is kept out.
     *
     * @param reason for the operator.
     */
    public static AuthVerdict refuse(final int reasonCode, final String reason) {
        return new AuthVerdict(Kind.REFUSED, reasonCode, reason, null, Set.of(), NEVER);
    }

    /** Somebody else has to decide. */
    public static AuthVerdict pass() {
        return PASS;
    }

    public boolean isAccepted() {
        return kind == Kind.ACCEPTED;
    }
}
