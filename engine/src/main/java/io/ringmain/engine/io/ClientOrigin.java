package io.ringmain.engine.io;

import io.ringmain.engine.event.Origin;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes the {@link Origin} of a client: what goes behind each of its events. */
final class ClientOrigin {
    /** The name in the client's certificate, until there are listeners that ask for one. */
    static final UnsafeBuffer NO_CERTIFICATE = new UnsafeBuffer(new byte[0]);

    private ClientOrigin() {}

    static UnsafeBuffer of(final Connection connection, final DirectBuffer clientId, final DirectBuffer username) {
        return of(connection, clientId, username, utf8(connection.listener), utf8(connection.channel.peer()));
    }

    static UnsafeBuffer of(
            final Connection connection,
            final DirectBuffer clientId,
            final DirectBuffer username,
            final DirectBuffer listener,
            final DirectBuffer peer) {
        final UnsafeBuffer origin = new UnsafeBuffer(
                new byte
                        [Origin.length(clientId.capacity()
                                + username.capacity()
                                + NO_CERTIFICATE.capacity()
                                + listener.capacity()
                                + peer.capacity())]);
        Origin.write(origin, 0, connection.version.level(), clientId, username, NO_CERTIFICATE, listener, peer);
        return origin;
    }

    static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
