package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.protocol.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Enhanced authentication of one connection: at its CONNECT, which is kept until the exchange has succeeded, and again
 * later.
 */
final class Authentication {
    private static final byte[] NO_DATA = {};

    private final EnhancedAuthenticator authenticator;
    private UnsafeBuffer connect;
    private AuthExchange exchange;
    private String username;
    private byte[] lastData = NO_DATA;

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

    void begin(final Connection connection) {
        exchange = authenticator.begin(connection.listener, connection.channel.peer(), connection.clientIdText());
    }

    /** Whether the client is expected to go on. */
    boolean isRunning() {
        return exchange != null;
    }

    /** Hands a step of the client to the exchange; any outcome but "go on" ends it. */
    AuthExchange.Answer step(final byte[] data) {
        final AuthExchange.Answer answer = exchange.onData(data);
        if (answer.username() != null) {
            username = answer.username();
            lastData = answer.data();
        }
        if (answer.reasonCode() != ReasonCode.CONTINUE_AUTHENTICATION) {
            exchange = null;
        }
        return answer;
    }

    /** Who the client was found to be. */
    String username() {
        return username;
    }

    /** What goes with the message of success. */
    byte[] lastData() {
        return lastData;
    }
}
