package io.ringmain.engine.io;

import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.DrainedEvent;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.SlotRing;
import java.util.ArrayDeque;
import org.agrona.collections.LongArrayList;

/**
 * What could not be done because a ring was full, to be tried again in the next cycle: packets that have been read,
 * connections whose end must be told to the core, and reads from the log.
 */
final class RetryList {
    private final IoAgent agent;
    private final SlotRing ring;
    private final int lane;
    private final ArrayDeque<Connection> backPressured = new ArrayDeque<>();
    private final ArrayDeque<Connection> pumps = new ArrayDeque<>();
    private final LongArrayList drainedIds = new LongArrayList();
    private final LongArrayList lostIds = new LongArrayList();
    private final LongArrayList lostReasons = new LongArrayList();

    RetryList(final IoAgent agent, final int lane) {
        this.agent = agent;
        this.ring = agent.ring();
        this.lane = lane;
    }

    boolean isEmpty() {
        return backPressured.isEmpty() && pumps.isEmpty() && lostIds.isEmpty() && drainedIds.isEmpty();
    }

    /** A connection with bytes that the ring had no room for. */
    void add(final Connection connection) {
        backPressured.add(connection);
    }

    /** A connection that wants something read from the log. */
    void addPump(final Connection connection) {
        pumps.add(connection);
    }

    /** The core must learn that this connection has ended. */
    void lost(final long connectionId, final int reasonCode) {
        if (!lostIds.isEmpty() || !tryEnd(EventType.CONNECTION_LOST, connectionId, reasonCode, 0, 0)) {
            lostIds.addLong(connectionId);
            lostReasons.addLong(reasonCode);
        }
    }

    /** The core asked to be told that this connection has been given what it was to get. */
    void drained(final long connectionId) {
        if (!drainedIds.isEmpty() || !tryDrained(connectionId)) {
            drainedIds.addLong(connectionId);
        }
    }

    private boolean tryDrained(final long connectionId) {
        final long sequence = agent.claim(DrainedEvent.LENGTH);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        DrainedEvent.write(ring.buffer(), ring.offset(sequence), lane, connectionId);
        ring.commit(sequence, DrainedEvent.LENGTH);
        return true;
    }

    boolean tryDisconnect(
            final Connection connection, final int reasonCode, final boolean hasExpiry, final long expirySeconds) {
        final int flags = hasExpiry ? DisconnectEvent.HAS_SESSION_EXPIRY : 0;
        return tryEnd(EventType.DISCONNECT, connection.id, reasonCode, flags, expirySeconds);
    }

    private boolean tryEnd(
            final int type, final long connectionId, final int reasonCode, final int flags, final long expirySeconds) {
        final long sequence = agent.claim(DisconnectEvent.LENGTH);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        DisconnectEvent.write(
                ring.buffer(), ring.offset(sequence), type, lane, connectionId, reasonCode, flags, expirySeconds);
        ring.commit(sequence, DisconnectEvent.LENGTH);
        return true;
    }

    int run() {
        if (isEmpty()) {
            return 0;
        }
        int done = 0;
        while (done < lostIds.size()
                && tryEnd(EventType.CONNECTION_LOST, lostIds.getLong(done), (int) lostReasons.getLong(done), 0, 0)) {
            done++;
        }
        for (int i = 0; i < done; i++) {
            lostIds.removeAt(0);
            lostReasons.removeAt(0);
        }
        int work = done;
        while (!drainedIds.isEmpty() && tryDrained(drainedIds.getLong(0))) {
            drainedIds.removeAt(0);
            work++;
        }
        for (int i = backPressured.size(); i > 0; i--) {
            final Connection connection = backPressured.poll();
            agent.retry(connection);
            work += connection.backPressured ? 0 : 1;
        }
        for (int i = pumps.size(); i > 0; i--) {
            final Connection connection = pumps.poll();
            if (connection.isOpen()) {
                agent.pump(connection);
                work++;
            }
        }
        return work;
    }
}
