package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.DrainedEvent;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.WillDeniedEvent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ReasonCode;
import java.util.ArrayDeque;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

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
    private final DeniedDeliveries denied;

    /** One order for both: a will that is denied must not be published by the end of its connection. */
    private final ArrayDeque<Lost> lost = new ArrayDeque<>();

    private record Lost(int type, long connectionId, int reasonCode, UnsafeBuffer origin) {}

    RetryList(final IoAgent agent, final int lane) {
        this.agent = agent;
        this.ring = agent.ring();
        this.lane = lane;
        this.denied = new DeniedDeliveries(agent, lane);
    }

    boolean isEmpty() {
        return backPressured.isEmpty() && pumps.isEmpty() && lost.isEmpty() && drainedIds.isEmpty() && denied.isEmpty();
    }

    /** Whether the core has still to learn of ends, or of wills that are denied: nothing that ends a connection may pass them. */
    boolean hasUntold() {
        return !lost.isEmpty();
    }

    DeniedDeliveries denied() {
        return denied;
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
    void lost(final Connection connection, final int reasonCode) {
        tell(new Lost(EventType.CONNECTION_LOST, connection.id, reasonCode, connection.origin));
    }

    /**
     * A will that its client may not publish any more is dropped now, whatever ends the connection later: another
     * connection with its id, the core, or the end of this process.
     */
    void checkWill(final Connection connection) {
        final UnsafeBuffer topic = connection.willTopic;
        if (topic != null && !connection.access.permissions().mayPublish(topic, 0, topic.capacity())) {
            dropWill(connection);
        }
    }

    /** Nobody is told that the client has gone. */
    void dropWill(final Connection connection) {
        if (connection.knownToCore && connection.willTopic != null) {
            connection.willTopic = null;
            agent.count(CounterId.DROPPED_WILL_ACL);
            tell(new Lost(EventType.WILL_DENIED, connection.id, ReasonCode.NOT_AUTHORIZED, connection.origin));
        }
    }

    private void tell(final Lost news) {
        if (!lost.isEmpty() || !tryTell(news)) {
            lost.add(news);
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
        return !hasUntold()
                && tryEnd(EventType.DISCONNECT, connection.id, connection.origin, reasonCode, flags, expirySeconds);
    }

    private boolean tryEnd(
            final int type,
            final long connectionId,
            final UnsafeBuffer origin,
            final int reasonCode,
            final int flags,
            final long expirySeconds) {
        final int length = DisconnectEvent.LENGTH + origin.capacity();
        final long sequence = agent.claim(length);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        DisconnectEvent.write(
                ring.buffer(), ring.offset(sequence), type, lane, connectionId, reasonCode, flags, expirySeconds);
        Origin.append(ring.buffer(), ring.offset(sequence), origin);
        ring.commit(sequence, length);
        return true;
    }

    private boolean tryTell(final Lost news) {
        return news.type == EventType.WILL_DENIED
                ? tryDenyWill(news)
                : tryEnd(news.type, news.connectionId, news.origin, news.reasonCode, 0, 0);
    }

    private boolean tryDenyWill(final Lost news) {
        final int length = WillDeniedEvent.LENGTH + news.origin.capacity();
        final long sequence = agent.claim(length);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        WillDeniedEvent.write(ring.buffer(), ring.offset(sequence), lane, news.connectionId);
        Origin.append(ring.buffer(), ring.offset(sequence), news.origin);
        ring.commit(sequence, length);
        return true;
    }

    int run() {
        if (isEmpty()) {
            return 0;
        }
        int work = denied.run();
        while (!lost.isEmpty() && tryTell(lost.peek())) {
            lost.poll();
            work++;
        }
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
