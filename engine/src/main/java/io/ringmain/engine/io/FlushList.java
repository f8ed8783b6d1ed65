package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.io.IOException;
import java.util.ArrayList;

/**
 * The connections of one agent that have bytes to send. One write for each and cycle; a connection whose bytes wait for
 * a commit stays in the list, one whose socket is full leaves it until the socket reports room.
 */
final class FlushList {
    private final IoAgent agent;
    private final Counters counters;
    private ArrayList<Connection> current = new ArrayList<>();
    private ArrayList<Connection> spare = new ArrayList<>();
    private long flushedPosition = -1;
    private boolean added;
    private long bytesSent;

    FlushList(final IoAgent agent, final Counters counters) {
        this.agent = agent;
        this.counters = counters;
    }

    void add(final Connection connection) {
        added = true;
        if (!connection.flushScheduled && !connection.writeBlocked) {
            connection.flushScheduled = true;
            current.add(connection);
        }
    }

    /** Whether {@link #run} would try to write: what waits for a commit alone doesn't count until there is one. */
    boolean hasDue() {
        return !current.isEmpty() && (added || flushedPosition != agent.commitPosition());
    }

    int run() {
        if (!hasDue()) {
            return 0;
        }
        added = false;
        flushedPosition = agent.commitPosition();
        final ArrayList<Connection> due = current;
        current = spare;
        spare = due;
        int work = 0;
        for (int i = 0, size = due.size(); i < size; i++) {
            final Connection connection = due.get(i);
            connection.flushScheduled = false;
            work += flush(connection);
        }
        due.clear();
        if (bytesSent > 0) {
            counters.add(CounterId.BYTES_SENT, bytesSent);
            bytesSent = 0;
        }
        return work;
    }

    private int flush(final Connection connection) {
        if (connection.state == ConnectionState.CLOSED) {
            return 0;
        }
        try {
            return write(connection);
        } catch (final IOException ex) {
            agent.onLost(connection, ex);
            return 1;
        } catch (final RuntimeException ex) {
            agent.onException(connection, ex);
            return 1;
        }
    }

    private int write(final Connection connection) throws IOException {
        final int before = connection.outbound.unsentBytes();
        final int result = connection.outbound.write(connection.channel, agent.commitPosition());
        final int written = before - connection.outbound.unsentBytes();
        bytesSent += written;
        connection.writeBlocked = result == OutboundQueue.BLOCKED;
        if (connection.writeBlocked) {
            connection.blockedSinceNs = agent.nowNs();
        }
        if (result == OutboundQueue.GATED && !connection.flushScheduled) {
            connection.flushScheduled = true;
            current.add(connection);
        }
        if (connection.state == ConnectionState.CLOSING) {
            closeWhenDone(connection);
        } else {
            if (written > 0) {
                agent.throttle().onTaken(connection);
            }
            if (written > 0 && (connection.outbound.isDeferring() || connection.catalogReplies != null)) {
                agent.pump(connection);
            }
            agent.updateInterest(connection);
        }
        return written > 0 ? 1 : 0;
    }

    private void closeWhenDone(final Connection connection) {
        if (connection.outbound.isEmpty() && !connection.writeBlocked) {
            agent.close(connection);
        } else {
            connection.channel.interest(false, connection.writeBlocked);
        }
    }
}
