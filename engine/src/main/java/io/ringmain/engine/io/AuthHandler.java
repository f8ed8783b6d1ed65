package io.ringmain.engine.io;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AuthDecoder;
import io.ringmain.protocol.mqtt.AuthEncoder;
import io.ringmain.protocol.mqtt.Properties;
import io.ringmain.protocol.mqtt.PropertyId;
import org.agrona.concurrent.UnsafeBuffer;

/** AUTH packets: the steps of enhanced authentication, before the CONNACK and again on an open connection. */
final class AuthHandler {
    private final IoAgent agent;
    private final AuthFailures failures;
    private final AuthDecoder decoder = new AuthDecoder();
    private final AuthEncoder encoder = new AuthEncoder();

    AuthHandler(final IoAgent agent, final AuthFailures failures) {
        this.agent = agent;
        this.failures = failures;
    }

    /** The authenticator for the method of a CONNECT, null if there is none. */
    EnhancedAuthenticator find(final UnsafeBuffer buffer, final Properties properties) {
        return find(method(buffer, properties));
    }

    private EnhancedAuthenticator find(final String method) {
        for (final EnhancedAuthenticator candidate : agent.policy().enhancedAuthenticators()) {
            if (candidate.method().equals(method)) {
                return candidate;
            }
        }
        return null;
    }

    private static String method(final UnsafeBuffer buffer, final Properties properties) {
        return buffer.getStringWithoutLengthUtf8(
                properties.bytesOffset(PropertyId.AUTHENTICATION_METHOD),
                properties.bytesLength(PropertyId.AUTHENTICATION_METHOD));
    }

    private static byte[] data(final UnsafeBuffer buffer, final Properties properties) {
        final byte[] data = new byte[properties.bytesLength(PropertyId.AUTHENTICATION_DATA)];
        if (data.length > 0) {
            buffer.getBytes(properties.bytesOffset(PropertyId.AUTHENTICATION_DATA), data);
        }
        return data;
    }

    /**
     * Starts the exchange of a connection with what its CONNECT says.
     *
     * @return true if the client is authenticated at once; otherwise it was answered.
     */
    boolean begin(final Connection connection, final UnsafeBuffer buffer, final Properties properties) {
        agent.count(CounterId.AUTH_EXCHANGES_STARTED);
        connection.authentication.begin(connection);
        return isAuthenticated(connection, data(buffer, properties));
    }

    /** Takes a step of an exchange before the CONNACK. Returns true if the client is authenticated now. */
    private boolean isAuthenticated(final Connection connection, final byte[] data) {
        final AuthExchange.Answer answer = connection.authentication.step(data);
        if (answer.reasonCode() == ReasonCode.CONTINUE_AUTHENTICATION) {
            send(connection, answer);
        } else if (answer.reasonCode() != ReasonCode.SUCCESS) {
            agent.count(CounterId.AUTH_EXCHANGES_FAILED);
            final UnsafeBuffer connect = connection.authentication.connect();
            failures.refused(connection, connect, 0, connect.capacity(), answer.reasonCode());
            agent.refuse(connection, answer.reasonCode());
        }
        return answer.reasonCode() == ReasonCode.SUCCESS;
    }

    /**
     * An AUTH packet of the client.
     *
     * @param connects sequences the CONNECT that has waited.
     */
    boolean onAuth(
            final Connection connection,
            final UnsafeBuffer buffer,
            final int offset,
            final int length,
            final ConnectHandler connects) {
        final int fault = fault(connection, buffer, offset, length);
        final boolean beforeConnack = connection.state == ConnectionState.AWAITING_CONNECT;
        if (fault != ReasonCode.SUCCESS) {
            if (beforeConnack) {
                agent.refuse(connection, fault);
            } else {
                agent.closeForFault(connection, fault);
            }
        } else if (!beforeConnack) {
            authenticateAgain(connection, data(buffer, decoder.properties()));
        } else if (!connection.authentication.isRunning()
                || isAuthenticated(connection, data(buffer, decoder.properties()))) {
            return connects.onAuthenticated(connection);
        }
        return InboundHandler.HANDLED;
    }

    /** What is wrong with an AUTH packet at this point, success if nothing is. */
    private int fault(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final int fault = decoder.wrap(buffer, offset, length, connection.version);
        if (fault != ReasonCode.SUCCESS) {
            return fault;
        }
        final Authentication authentication = connection.authentication;
        if (authentication == null || !authentication.method().equals(method(buffer, decoder.properties()))) {
            return ReasonCode.PROTOCOL_ERROR;
        }
        if (agent.userPropertyLimit().isPassed(decoder.properties())) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        final boolean beforeConnack = connection.state == ConnectionState.AWAITING_CONNECT;
        final boolean expected = decoder.reasonCode() == ReasonCode.RE_AUTHENTICATE
                ? !beforeConnack && !authentication.isRunning()
                : decoder.reasonCode() == ReasonCode.CONTINUE_AUTHENTICATION
                        && (beforeConnack || authentication.isRunning());
        return expected ? ReasonCode.SUCCESS : ReasonCode.PROTOCOL_ERROR;
    }

    private void authenticateAgain(final Connection connection, final byte[] data) {
        final Authentication authentication = connection.authentication;
        if (!authentication.isRunning()) {
            final EnhancedAuthenticator now = find(authentication.method());
            if (now == null) {
                refuseAgain(connection, ReasonCode.BAD_AUTHENTICATION_METHOD);
                return;
            }
            agent.count(CounterId.AUTH_EXCHANGES_STARTED);
            authentication.authenticator(now);
            authentication.begin(connection);
        }
        final AuthExchange.Answer answer = authentication.step(data);
        if (ReasonCode.isError(answer.reasonCode())) {
            refuseAgain(connection, answer.reasonCode());
            return;
        }
        if (answer.reasonCode() == ReasonCode.SUCCESS) {
            connection.expireAt(answer.expiresAtMs());
        }
        send(connection, answer);
    }

    private void refuseAgain(final Connection connection, final int reasonCode) {
        agent.count(CounterId.AUTH_EXCHANGES_FAILED);
        failures.refusedAgain(connection, reasonCode);
        agent.closeWithReason(connection, reasonCode, CounterId.CONNECTIONS_CLOSED_AUTHENTICATION);
    }

    private void send(final Connection connection, final AuthExchange.Answer answer) {
        final UnsafeBuffer packet =
                agent.scratch(AuthEncoder.maxLength(connection.authentication.method(), answer.data().length));
        final int length = encoder.wrap(packet, 0, answer.reasonCode())
                .method(connection.authentication.method())
                .data(answer.data())
                .finish();
        agent.enqueueControl(connection, packet, length, 0);
    }
}
