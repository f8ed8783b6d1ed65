package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.util.Objects;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What an agent asks of connections before it knows who they are: that their address is not banned, that there are not
 * too many of them, that they don't come too fast, and that what is kept for them stays within its bound.
 */
final class Gate {
    private final IoAgent agent;
    private final Admission admission;
    private final IoLimits limits;
    private final Counters counters;

    /** The time of the cycle is from before it has waited for clients. */
    private final EpochNanoClock clock;

    Gate(final IoAgent agent, final IoContext context) {
        this.agent = agent;
        this.admission = context.admission;
        this.limits = agent.limits();
        this.counters = context.counters;
        this.clock = context.clock;
    }

    /**
     * Lets a connection in, or closes it, as cheaply as can be: before there is anything but the socket.
     *
     * @return null if it was closed.
     */
    Connection accept(final Channel socket, final ListenerConfig listener, final BufferPool pool) {
        final String address = listener.tellsAddress(socket) ? null : socket.address();
        final long key = AddressKey.of(address);
        final CounterId refused = bans().hasAddress(socket.inetAddress())
                ? CounterId.CONNECTIONS_REFUSED_BANNED
                : admission.enter(key, limits, clock.nanoTime());
        if (refused != null) {
            counters.increment(refused);
            socket.close();
            return null;
        }
        try {
            final Connection connection =
                    new Connection(listener.channel(socket), listener.name(), pool, agent.nowNs());
            connection.address = address;
            connection.addressKey = key;
            return connection;
        } catch (final RuntimeException ex) {
            counters.increment(CounterId.CONNECTIONS_CLOSED_EXCEPTION);
            agent.event("closing " + socket.peer() + " after an internal fault: " + ex);
            admission.leave(key, true);
            socket.close();
            return null;
        }
    }

    /**
     * A layer may have found out where a connection comes from that is half-open: it is counted there from now on.
     *
     * @return false if it was closed because of that.
     */
    boolean onRead(final Connection connection) {
        final String address = connection.channel.address();
        if (Objects.equals(address, connection.address)) {
            return true;
        }
        final long key = AddressKey.of(address);
        if (bans().hasAddress(connection.channel.inetAddress())) {
            agent.closeSilently(connection, CounterId.CONNECTIONS_REFUSED_BANNED, "its address is banned");
            return false;
        }
        final CounterId refused = admission.move(connection.addressKey, key, limits, clock.nanoTime());
        if (refused != null) {
            agent.closeSilently(connection, refused, "too many, or too many a second, from its address");
            return false;
        }
        connection.address = address;
        connection.addressKey = key;
        return true;
    }

    /** Counts what is kept for a connection that is half-open; closes it if that is too much, with all others'. */
    void hold(final Connection connection) {
        if (connection.state == ConnectionState.CLOSED) {
            return;
        }
        final int held = (connection.received == null ? 0 : connection.received.capacity())
                + (connection.authentication == null ? 0 : connection.authentication.heldBytes())
                + connection.channel.heldBytes();
        final int more = held - connection.heldBytes;
        if (more == 0) {
            return;
        }
        if (!admission.hold(more, limits.unauthenticatedBytes())) {
            agent.closeSilently(
                    connection,
                    CounterId.CONNECTIONS_CLOSED_UNAUTHENTICATED_BYTES,
                    "too many bytes are kept for clients before their CONNECT");
            return;
        }
        connection.heldBytes = held;
        counters.add(CounterId.UNAUTHENTICATED_BYTES, more);
    }

    private void release(final Connection connection) {
        if (connection.heldBytes != 0) {
            admission.hold(-connection.heldBytes, 0);
            counters.add(CounterId.UNAUTHENTICATED_BYTES, -connection.heldBytes);
            connection.heldBytes = 0;
        }
    }

    /** The CONNECT of a connection was let in. */
    void opened(final Connection connection) {
        connection.halfOpen = false;
        release(connection);
        admission.opened(connection.addressKey);
    }

    void leave(final Connection connection) {
        release(connection);
        admission.leave(connection.addressKey, connection.halfOpen);
    }

    private Bans bans() {
        return agent.policy().bans();
    }

    /** @param username null if there is none. */
    boolean isBanned(final Connection connection, final String username) {
        return bans() != Bans.NONE && bans().hasClient(connection.clientIdText(), username);
    }

    /** Whether a connection that was let in before wouldn't be now. */
    boolean isBannedNow(final Connection connection) {
        if (bans() == Bans.NONE) {
            return false;
        }
        final String username =
                connection.access == null ? null : connection.access.identity().username();
        // As IP has it: the text of an address may have a scope, as that of fe80::1%eth0.
        return bans().hasAddress(connection.channel.inetAddress()) || isBanned(connection, username);
    }
}
