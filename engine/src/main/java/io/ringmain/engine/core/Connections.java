package io.ringmain.engine.core;

import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.session.Will;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.Timer;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.ConnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.protocol.ReasonCode;
import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Beginning and end of connections and of sessions: takeover, resumption, wills, expiry. */
final class Connections {
    /** Sessions and subscriptions that one event may end because their time is up. */
    private static final int ENDS_PER_EVENT = 4096;

    private static final UnsafeBuffer NO_USER = new UnsafeBuffer(new byte[0]);

    private final CoreLimits limits;
    private final CoreOutput output;
    private final SessionStore sessions;
    private final TopicIndex topics;
    private final RetainedScans scans;
    private final Deadlines<Session> deadlines;
    private final Routing routing;
    private final Deliveries deliveries;
    private final SharedDeliveries shared;
    private final Replays replays;
    private final BackPressure backPressure;
    private final Invariant invariant;
    private final ConnectEvent connect = new ConnectEvent();
    private final ArrayList<Session> ended = new ArrayList<>();
    private long expiredSessions;

    Connections(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final TopicIndex topics,
            final RetainedScans scans,
            final Deadlines<Session> deadlines,
            final Routing routing,
            final Deliveries deliveries,
            final SharedDeliveries shared,
            final Replays replays,
            final BackPressure backPressure,
            final Invariant invariant) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.topics = topics;
        this.scans = scans;
        this.deadlines = deadlines;
        this.routing = routing;
        this.deliveries = deliveries;
        this.shared = shared;
        this.replays = replays;
        this.backPressure = backPressure;
        this.invariant = invariant;
    }

    /** Number of sessions whose time was up; no part of the state. */
    long expiredSessions() {
        return expiredSessions;
    }

    void onConnect(final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        connect.wrap(buffer, offset);
        Session session = sessions.find(buffer, connect.clientIdOffset(), connect.clientIdLength());
        if (session != null && isRefused(session, buffer, nowNs)) {
            output.onConnack(connect.lane(), connect.connectionId(), ReasonCode.NOT_AUTHORIZED, false);
            return;
        }
        if (session != null && session.isConnected()) {
            output.onDisconnect(session.lane(), session.connectionId(), ReasonCode.SESSION_TAKEN_OVER);
            session = end(session, true, nowNs);
        }
        if (session != null) {
            session = settle(session, nowNs);
        }
        final boolean sessionPresent = session != null;
        if (session == null) {
            session = sessions.add(buffer, connect.clientIdOffset(), connect.clientIdLength());
        }
        attach(session, buffer, offset, position);
        output.onConnack(session.lane(), session.connectionId(), ReasonCode.SUCCESS, sessionPresent);
        if (sessionPresent) {
            deliveries.resume(session);
            shared.takeOver(session);
            replays.onConnected(session);
        }
    }

    /** Whether the session is that of another user, who is there or may come back. */
    private boolean isRefused(final Session session, final DirectBuffer buffer, final long nowNs) {
        return limits.takeoverByOtherUser() == CoreLimits.REFUSE
                && session.owner() != null
                && !isOwner(session, buffer)
                && !isDue(session.expiryDeadlineNs(), nowNs);
    }

    private boolean isOwner(final Session session, final DirectBuffer buffer) {
        return session.owner() != null
                && KeyBytes.isSame(session.owner(), buffer, connect.usernameOffset(), connect.usernameLength());
    }

    /**
     * What a new connection means for the session that its client id has: it is over, or it goes on, and a will that
     * isn't due yet is forgotten. A deadline counts from its moment on, also when no Tick came in between.
     *
     * @return the session, null if it is over.
     */
    private Session settle(final Session session, final long nowNs) {
        if (connect.isCleanStart() || isDue(session.expiryDeadlineNs(), nowNs)) {
            discard(session, nowNs);
            return null;
        }
        if (isDue(session.willDeadlineNs(), nowNs)) {
            publishWill(session, nowNs);
        }
        return session;
    }

    private static boolean isDue(final long deadlineNs, final long nowNs) {
        return deadlineNs != Session.NOT_WAITING && deadlineNs <= nowNs;
    }

    private void attach(final Session session, final DirectBuffer buffer, final int offset, final long position) {
        final long connectionId = connect.connectionId();
        invariant.that(connectionId != EventHeader.NO_CONNECTION, "a connection needs an id");
        invariant.that(sessions.ofConnection(connectionId) == null, "a connection can't be opened twice");
        sessions.beginChange(session);
        deadlines.cancel(session.expiry());
        deadlines.cancel(session.willDelay());
        sessions.connect(
                session,
                connectionId,
                connect.lane(),
                connect.protocolLevel(),
                Math.max(1, Math.min(connect.receiveMaximum(), limits.receiveMaximum())),
                connect.maximumPacketSize(),
                connect.sessionExpirySeconds(),
                connect.hasWill() ? will(buffer, EventHeader.length(buffer, offset), position) : null);
        if (limits.takeoverByOtherUser() == CoreLimits.NO_OWNERS) {
            sessions.owner(session, null);
        } else if (!isOwner(session, buffer)) {
            sessions.owner(session, user(buffer));
        }
        sessions.endChange(session);
        shared.onConnected(session);
    }

    private UnsafeBuffer user(final DirectBuffer buffer) {
        if (connect.usernameLength() == 0) {
            return NO_USER;
        }
        final byte[] user = new byte[connect.usernameLength()];
        buffer.getBytes(connect.usernameOffset(), user);
        return new UnsafeBuffer(user);
    }

    private Will will(final DirectBuffer buffer, final int length, final long position) {
        final byte[] topic = new byte[connect.willTopicLength()];
        buffer.getBytes(connect.willTopicOffset(), topic);
        return new Will(
                new UnsafeBuffer(topic),
                position,
                length,
                connect.willPayloadLength(),
                connect.willPropertiesLength(),
                connect.willQos(),
                connect.isWillRetain(),
                connect.willDelaySeconds(),
                connect.willHasExpiry() ? connect.willExpirySeconds() : -1);
    }

    /** The client said goodbye, and may have changed its mind about how long the session is to be kept. */
    void onDisconnect(
            final long connectionId,
            final int reasonCode,
            final boolean hasExpiry,
            final long expirySeconds,
            final long nowNs) {
        final Session session = sessions.speaking(connectionId);
        if (session == null) {
            return;
        }
        if (hasExpiry) {
            sessions.beginChange(session);
            sessions.expirySeconds(session, expirySeconds);
            sessions.endChange(session);
        }
        end(session, reasonCode != ReasonCode.SUCCESS, nowNs);
    }

    void onConnectionLost(final long connectionId, final long nowNs) {
        final Session session = sessions.speaking(connectionId);
        if (session != null) {
            end(session, true, nowNs);
        }
    }

    /** The client may not publish its will any more. */
    void onWillDenied(final long connectionId) {
        final Session session = sessions.speaking(connectionId);
        if (session != null) {
            sessions.beginChange(session);
            sessions.dropWill(session);
            sessions.endChange(session);
        }
    }

    /** The broker ends a connection for cause. */
    void close(final Session session, final int reasonCode, final long nowNs) {
        output.onDisconnect(session.lane(), session.connectionId(), reasonCode);
        end(session, true, nowNs);
    }

    /**
     * A new run of the broker: the connections of the run before are gone. All of them, before the first will is
     * published, so that none goes to a connection that isn't there.
     */
    void onBrokerStarted(final long nowNs) {
        for (int id = 0; id < sessions.idLimit(); id++) {
            final Session session = sessions.get(id);
            if (session != null && session.isConnected()) {
                detach(session, true);
                ended.add(session);
            }
        }
        for (int i = 0; i < ended.size(); i++) {
            finish(ended.get(i), nowNs);
        }
        ended.clear();
    }

    /**
     * Ends the connection of a session.
     *
     * @return the session, null if it ended with its connection.
     */
    private Session end(final Session session, final boolean publishWill, final long nowNs) {
        detach(session, publishWill);
        return finish(session, nowNs);
    }

    private void detach(final Session session, final boolean keepWill) {
        sessions.beginChange(session);
        sessions.disconnect(session);
        if (!keepWill) {
            sessions.dropWill(session);
        }
        sessions.endChange(session);
        backPressure.onAway(session);
        shared.onAway(session);
        replays.onAway(session);
    }

    /** What the end of its connection means for a session. */
    private Session finish(final Session session, final long nowNs) {
        shared.handBack(session);
        if (session.expirySeconds() == 0) {
            discard(session, nowNs);
            return null;
        }
        if (session.will() != null) {
            endWithWill(session, nowNs);
        }
        if (session.expirySeconds() != ConnectEvent.NEVER) {
            sessions.beginChange(session);
            deadlines.set(session.makeExpiry(), Deadlines.after(nowNs, session.expirySeconds()));
            sessions.endChange(session);
        }
        return session;
    }

    /** Publishes the will, or starts its delay; it never outlives the session. */
    private void endWithWill(final Session session, final long nowNs) {
        if (session.will().delaySeconds() == 0) {
            publishWill(session, nowNs);
            return;
        }
        sessions.beginChange(session);
        deadlines.set(
                session.makeWillDelay(), Deadlines.after(nowNs, session.will().delaySeconds()));
        sessions.endChange(session);
    }

    private void publishWill(final Session session, final long nowNs) {
        output.onWillPublished(
                invariant.position(), session.will().position(), session.will().topic(), session.clientId());
        routing.publishWill(session, nowNs);
        sessions.beginChange(session);
        deadlines.cancel(session.willDelay());
        sessions.dropWill(session);
        sessions.endChange(session);
    }

    /** Ends a session that is not connected. */
    private void discard(final Session session, final long nowNs) {
        if (session.will() != null) {
            publishWill(session, nowNs);
        }
        scans.cancel(session);
        replays.cancel(session);
        for (int i = session.subscriptions().size() - 1; i >= 0; i--) {
            topics.remove(session.subscriptions().get(i));
        }
        shared.onEnd(session);
        sessions.remove(session);
    }

    /** Does what was to be done by now, a bounded number of it. */
    void onTick(final long nowNs) {
        int ends = 0;
        while (ends < ENDS_PER_EVENT && deadlines.nextNs() <= nowNs) {
            final Timer<Session> timer = deadlines.first();
            final Session session = timer.owner();
            ends++;
            if (timer == session.willDelay()) {
                publishWill(session, nowNs);
            } else {
                expiredSessions++;
                ends += session.subscriptions().size();
                discard(session, nowNs);
            }
        }
    }
}
