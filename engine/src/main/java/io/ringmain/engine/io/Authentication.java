package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.protocol.ReasonCode;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Enhanced authentication of one connection: at its CONNECT, which is kept until the exchange has succeeded, and again
 * later.
 */
final class Authentication {
    private static final byte[] NO_DATA = {};

    private EnhancedAuthenticator authenticator;
    private UnsafeBuffer connect;
    private AuthExchange exchange;
    private AuthExchange.Answer success;

    /** @param connect the whole CONNECT packet, kept. */
    Authentication(final EnhancedAuthenticator authenticator, final UnsafeBuffer connect) {
        this.authenticator = authenticator;
        this.connect = connect;
    }

    String method() {
        return authenticator.method();
    }

    /** The CONNECT that waits for the exchange; null when it has been sequenced. */
    UnsafeBuffer connect() {
        return connect;
    }

    int heldBytes() {
        return connect == null ? 0 : connect.capacity();
    }

    void connectSequenced() {
        connect = null;
    }

    /** Another policy may have another one for the same method, with other users. */
    void authenticator(final EnhancedAuthenticator newAuthenticator) {
        authenticator = newAuthenticator;
    }

    void begin(final Connection connection) {
        exchange = authenticator.begin(connection.credentials(null, null));
    }

    /** Whether the client is expected to go on. */
    boolean isRunning() {
        return exchange != null;
    }

    /**
     * Hands a step of the client to the exchange; any outcome but "go on" ends it. Who is authenticated again and turns
     * out to be somebody else is refused: what the session holds belongs to the one before.
     */
    AuthExchange.Answer step(final byte[] data) {
        final AuthExchange.Answer answer = exchange.onData(data);
        if (answer.reasonCode() == ReasonCode.CONTINUE_AUTHENTICATION) {
            return answer;
        }
        exchange = null;
        if (answer.reasonCode() == ReasonCode.SUCCESS) {
            if (success != null && !Objects.equals(success.username(), answer.username())) {
                return AuthExchange.Answer.refuse(ReasonCode.NOT_AUTHORIZED);
            }
            success = answer;
        }
        return answer;
    }

    /** Who the client was found to be. */
    AuthVerdict verdict() {
        return AuthVerdict.accept(success.username(), success.roles(), success.expiresAtMs());
    }

    /** What goes with the message of success. */
    byte[] lastData() {
        return success == null ? NO_DATA : success.data();
    }
}
