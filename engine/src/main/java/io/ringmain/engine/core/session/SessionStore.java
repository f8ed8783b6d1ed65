package io.ringmain.engine.core.session;

import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.DenseIds;
import io.ringmain.engine.core.state.HashedTable;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.protocol.TopicHash;
import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All sessions: by client id, by connection, and in the order of their dense ids, which is the order of everything that
 * is done to all of them.
 */
public final class SessionStore {
    private static final long FREE_ID_SALT = 0xF4EE_1D5AL;

    private final StateDigest digest;
    private final Deadlines<Session> deadlines;
    private final HashedTable<Session> byClientId = new HashedTable<>();
    private final Long2ObjectHashMap<Session> byConnection = new Long2ObjectHashMap<>();
    private final ArrayList<Session> byId = new ArrayList<>();
    private final IdentifierSets identifiers;
    private final DenseIds ids;
    private long staleEvents;

    public SessionStore(
            final StateDigest digest, final Deadlines<Session> deadlines, final IdentifierSets identifiers) {
        this.digest = digest;
        this.deadlines = deadlines;
        this.identifiers = identifiers;
        this.ids = new DenseIds(digest, FREE_ID_SALT);
    }

    public int count() {
        return byClientId.size();
    }

    public int connectedCount() {
        return byConnection.size();
    }

    /** One more than the largest id that was ever given. */
    public int idLimit() {
        return byId.size();
    }

    /** The session with this id, null if there is none. */
    public Session get(final int id) {
        return byId.get(id);
    }

    public DenseIds ids() {
        return ids;
    }

    public Session find(final DirectBuffer buffer, final int offset, final int length) {
        final int hash = TopicHash.of(buffer, offset, length);
        Session session;
        for (int i = byClientId.first(hash); (session = byClientId.at(i)) != null; i = byClientId.next(i)) {
            if (session.hash() == hash && KeyBytes.isSame(session.clientId(), buffer, offset, length)) {
                return session;
            }
        }
        return null;
    }

    /** The session that this connection speaks for, null if the core has given the connection up. */
    public Session ofConnection(final long connectionId) {
        return byConnection.get(connectionId);
    }

    /**
     * The session of the connection that an event comes from. Null when the core has given the connection up before:
     * its I/O agent didn't know yet, and the event means nothing any more.
     */
    public Session speaking(final long connectionId) {
        final Session session = byConnection.get(connectionId);
        if (session == null) {
            staleEvents++;
        }
        return session;
    }

    /** Number of events from connections that were given up; for people, no part of the state. */
    public long staleEvents() {
        return staleEvents;
    }

    /** Makes a session for a client id that has none. */
    public Session add(final DirectBuffer buffer, final int offset, final int length) {
        return insert(ids.take(), buffer, offset, length);
    }

    private Session insert(final int id, final DirectBuffer buffer, final int offset, final int length) {
        final byte[] clientId = new byte[length];
        buffer.getBytes(offset, clientId);
        final Session session =
                new Session(id, TopicHash.of(buffer, offset, length), new UnsafeBuffer(clientId), digest, identifiers);
        while (byId.size() <= id) {
            byId.add(null);
        }
        byId.set(id, session);
        byClientId.add(session);
        digest.add(session.headerHash());
        return session;
    }

    /** Makes a session of a snapshot. */
    public Session restore(final int id, final DirectBuffer buffer, final int offset, final int length) {
        ids.restore(id);
        return insert(id, buffer, offset, length);
    }

    /** Forgets a session that is not connected and has no subscriptions any more. */
    public void remove(final Session session) {
        digest.remove(session.headerHash());
        deadlines.cancel(session.expiry());
        deadlines.cancel(session.willDelay());
        session.inFlight().clear();
        session.pending().clear();
        session.inbound().clear();
        byClientId.remove(session);
        byId.set(session.id(), null);
        ids.giveBack(session.id());
    }

    /** The header is about to change. */
    public void beginChange(final Session session) {
        digest.remove(session.headerHash());
    }

    /** The header has changed. */
    public void endChange(final Session session) {
        digest.add(session.headerHash());
    }

    /** Gives the session a connection. Between {@link #beginChange} and {@link #endChange}. */
    public void connect(
            final Session session,
            final long connectionId,
            final int lane,
            final int protocolLevel,
            final int receiveMaximum,
            final int maximumPacketSize,
            final long expirySeconds,
            final Will will) {
        session.connectionId = connectionId;
        session.unreported = 0;
        session.lane = lane;
        session.protocolLevel = protocolLevel;
        session.receiveMaximum = receiveMaximum;
        session.maximumPacketSize = maximumPacketSize;
        session.expirySeconds = expirySeconds;
        session.will = will;
        if (connectionId != 0) {
            byConnection.put(connectionId, session);
        }
    }

    /** The session belongs to another user, or to one at last. Between {@link #beginChange} and {@link #endChange}. */
    public void owner(final Session session, final UnsafeBuffer user) {
        session.owner = user;
    }

    /** Takes the connection from the session. Between {@link #beginChange} and {@link #endChange}. */
    public void disconnect(final Session session) {
        byConnection.remove(session.connectionId);
        session.connectionId = 0;
        session.unreported = 0;
        session.inFlight().trim();
        session.pending().trim();
        session.inbound().trim();
    }

    /** Between {@link #beginChange} and {@link #endChange}. */
    public void expirySeconds(final Session session, final long seconds) {
        session.expirySeconds = seconds;
    }

    /** Between {@link #beginChange} and {@link #endChange}. */
    public void dropWill(final Session session) {
        session.will = null;
    }

    /** The number of stored QoS 0 messages that the client has not been known to take. */
    public void unreported(final Session session, final int count) {
        beginChange(session);
        session.unreported = count;
        endChange(session);
    }

    /** What sessions, their queues and the free ids add to the digest, computed anew. */
    public long digestFromScratch() {
        long sum = ids.contentHash();
        for (int id = 0; id < byId.size(); id++) {
            final Session session = byId.get(id);
            if (session != null) {
                sum += session.headerHash()
                        + session.inFlight().contentHash()
                        + session.pending().contentHash()
                        + session.inbound().contentHash();
            }
        }
        return sum;
    }
}
