package io.ringmain.engine.io;

import io.ringmain.engine.auth.ClientCertificate;
import io.ringmain.engine.event.Origin;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes the {@link Origin} of a client: what goes behind each of its events. */
final class ClientOrigin {
    static final UnsafeBuffer NONE = new UnsafeBuffer(new byte[0]);

    private ClientOrigin() {}

    static UnsafeBuffer of(final Connection connection, final DirectBuffer clientId, final DirectBuffer username) {
        return of(
                connection,
                clientId,
                username,
                certificate(connection),
                utf8(connection.listener),
                utf8(connection.channel.peer()));
    }

    static UnsafeBuffer of(
            final Connection connection,
            final DirectBuffer clientId,
            final DirectBuffer username,
            final DirectBuffer certificate,
            final DirectBuffer listener,
            final DirectBuffer peer) {
        final UnsafeBuffer origin = new UnsafeBuffer(
                new byte
                        [Origin.length(clientId.capacity()
                                + username.capacity()
                                + certificate.capacity()
                                + listener.capacity()
                                + peer.capacity())]);
        Origin.write(origin, 0, connection.version.level(), clientId, username, certificate, listener, peer);
        return origin;
    }

    /** The name in the client's certificate, empty if it has shown none. */
    static UnsafeBuffer certificate(final Connection connection) {
        final ClientCertificate certificate = connection.channel.certificate();
        return certificate == null ? NONE : utf8(certificate.name());
    }

    static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
