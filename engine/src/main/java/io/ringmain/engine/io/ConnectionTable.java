package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.protocol.ReasonCode;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The connections of one agent, and the rounds that look after them: connect timeout, keep alive, stalled writes, the
 * end of what lets them in. Each
 * connection is looked at about four times a second, a few in each duty cycle; there is no timer for each of them.
 */
final class ConnectionTable {
    private static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final IoAgent agent;
    private final IoLimits limits;
    private final ArrayList<Connection> connections = new ArrayList<>();
    private int next;
    private long lastNs;

    ConnectionTable(final IoAgent agent, final IoLimits limits) {
        this.agent = agent;
        this.limits = limits;
    }

    void add(final Connection connection) {
        connection.tableIndex = connections.size();
        connections.add(connection);
    }

    void remove(final Connection connection) {
        final int index = connection.tableIndex;
        if (index < 0) {
            return;
        }
        final Connection last = connections.remove(connections.size() - 1);
        if (last != connection) {
            connections.set(index, last);
            last.tableIndex = index;
        }
        connection.tableIndex = -1;
    }

    boolean isEmpty() {
        return connections.isEmpty();
    }

    /** Calls the action for every connection; the action may remove any. */
    void forEach(final Consumer<Connection> action) {
        new ArrayList<>(connections).forEach(action);
    }

    void makeRound(final long nowNs) {
        final int size = connections.size();
        if (size == 0) {
            return;
        }
        final long elapsedNs = Math.min(ROUND_NS, nowNs - lastNs);
        final int due = (int) (size * elapsedNs / ROUND_NS);
        if (due == 0) {
            return;
        }
        lastNs = nowNs;
        for (int i = 0; i < due && !connections.isEmpty(); i++) {
            next = next < connections.size() ? next : 0;
            check(connections.get(next++), nowNs);
        }
    }

    private void check(final Connection connection, final long nowNs) {
        if (connection.state == ConnectionState.AWAITING_CONNECT) {
            if (nowNs - connection.openedNs > limits.connectTimeoutNs()) {
                agent.closeSilently(
                        connection, CounterId.CONNECTIONS_CLOSED_TIMEOUT, "no complete CONNECT in the time for it");
            }
        } else if (agent.closeTimedOut(connection)) {
            agent.close(connection);
        } else if (connection.state == ConnectionState.OPEN) {
            checkOpen(connection, nowNs);
        }
    }

    private void checkOpen(final Connection connection, final long nowNs) {
        agent.throttle().check(connection, nowNs);
        if (nowNs >= connection.expiresAtNs) {
            agent.closeWithReason(connection, ReasonCode.MAXIMUM_CONNECT_TIME, CounterId.CONNECTIONS_CLOSED_EXPIRED);
            return;
        }
        if (!connection.isReading(agent.outboundBytes())) {
            // What it has sent meanwhile waits unread on our account.
            connection.lastReadNs = nowNs;
        }
        final long silentNs = nowNs - connection.lastReadNs;
        if (connection.writeBlocked && nowNs - connection.blockedSinceNs > limits.stallTimeoutNs()) {
            agent.closeSilently(connection, CounterId.CONNECTIONS_CLOSED_STALLED, "it has taken no byte for too long");
        } else if (connection.keepAliveNs > 0 && silentNs > connection.keepAliveNs + connection.keepAliveNs / 2) {
            agent.closeWithReason(connection, ReasonCode.KEEP_ALIVE_TIMEOUT, CounterId.CONNECTIONS_CLOSED_KEEP_ALIVE);
        }
    }
}
