package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.BrokerStartedEvent;
import io.ringmain.engine.event.DisconnectEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.LimitsChangedEvent;
import io.ringmain.engine.event.NoteEvent;
import io.ringmain.engine.event.RecordsLostEvent;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The deterministic state machine of the broker: sessions, subscriptions, retained messages, wills, QoS state. The same
 * events in the same order give the same state and the same outputs, on any machine, at any time.
 *
 * <p>Confined to one thread. Knows no clock: time is the timestamp of the event.
 */
public final class BrokerCore {
    /** {@link #nextDeadlineNs()} when nothing waits for time to pass. */
    public static final long NO_DEADLINE = Deadlines.NONE;

    private final StateDigest digest = new StateDigest();
    private final CoreLimits limits;
    private final CoreOutput output;
    private final Invariant invariant = new Invariant();
    private final Deadlines<Session> deadlines = new Deadlines<>();
    private final IdentifierSets identifierSets = new IdentifierSets(digest);
    private final SessionStore sessions = new SessionStore(digest, deadlines, identifierSets);
    private final TopicIndex topics = new TopicIndex(digest, identifierSets);
    private final RetainedIndex retained = new RetainedIndex(digest);
    private final Deliveries deliveries;
    private final RetainedScans scans;
    private final Connections connections;
    private final Subscriptions subscriptions;
    private final Publications publications;
    private final Replays replays;
    private final LostRecords lostRecords;

    /** @param limits in force until an event sets others; not to be used otherwise from here on. */
    public BrokerCore(final CoreLimits limits, final CoreOutput output) {
        this.limits = limits;
        this.output = output;
        digest.add(limits.hash());
        final BackPressure backPressure = new BackPressure(limits, output);
        deliveries = new Deliveries(limits, output, sessions, identifierSets, backPressure, invariant);
        final SharedDeliveries shared =
                new SharedDeliveries(limits, output, topics, deliveries, backPressure, invariant);
        replays = new Replays(limits, output, sessions, identifierSets, deliveries, digest, invariant);
        final Routing routing =
                new Routing(limits, output, topics, retained, deliveries, shared, replays, backPressure);
        scans = new RetainedScans(limits, retained, deliveries, digest, invariant);
        connections = new Connections(
                limits,
                output,
                sessions,
                topics,
                scans,
                deadlines,
                routing,
                deliveries,
                shared,
                replays,
                backPressure,
                invariant);
        subscriptions = new Subscriptions(limits, output, sessions, topics, scans, shared, replays);
        publications = new Publications(limits, output, sessions, routing, deliveries, shared, connections, replays);
        lostRecords = new LostRecords(output, sessions, topics, retained, deadlines);
    }

    /**
     * Handles the next event.
     *
     * @param buffer with an event of the layouts in {@code io.ringmain.engine.event}, stamped with its position and
     *     timestamp; not kept after the call.
     * @param offset of the event's header.
     * @throws io.ringmain.engine.core.state.InvariantViolation when the state is not what it must be; it can't be used
     *     any more.
     */
    public void onEvent(final DirectBuffer buffer, final int offset) {
        final long position = EventHeader.position(buffer, offset);
        final long nowNs = EventHeader.timestampNs(buffer, offset);
        final boolean isTransient = EventHeader.isTransient(buffer, offset);
        final long digestBefore = digest.value();
        invariant.begin(position, nowNs, isTransient);
        invariant.that(EventHeader.version(buffer, offset) == EventHeader.VERSION, "an event of another version");
        dispatch(buffer, offset, position, nowNs);
        closeOverflowed(nowNs);
        if (deliveries.takeQueueRanEmpty()) {
            scans.wake();
        }
        invariant.that(!isTransient || digest.value() == digestBefore, "a transient event changed the state");
    }

    private void dispatch(final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        switch (EventHeader.type(buffer, offset)) {
            case EventType.PUBLISH -> publications.onPublish(buffer, offset, position, nowNs);
            case EventType.ACK_BATCH -> publications.onAcks(buffer, offset);
            case EventType.SUBSCRIBE -> subscriptions.onSubscribe(buffer, offset);
            case EventType.UNSUBSCRIBE -> subscriptions.onUnsubscribe(buffer, offset);
            case EventType.CONNECT -> connections.onConnect(buffer, offset, position, nowNs);
            case EventType.DISCONNECT -> onDisconnect(buffer, offset, nowNs);
            case EventType.CONNECTION_LOST ->
                connections.onConnectionLost(EventHeader.connectionId(buffer, offset), nowNs);
            case EventType.WILL_DENIED -> connections.onWillDenied(EventHeader.connectionId(buffer, offset));
            case EventType.DRAINED -> onDrained(EventHeader.connectionId(buffer, offset));
            case EventType.TICK -> onTick(nowNs);
            case EventType.REPLAY_BATCH -> onReplayBatch(buffer, offset, nowNs);
            case EventType.WILL_PUBLISHED, EventType.NOT_TAKEN -> output.onNoted(NoteEvent.cause(buffer, offset));
            case EventType.PADDING, EventType.SNAPSHOT_MARK -> {}
            case EventType.AUTH_FAILED, EventType.ADMIN, EventType.PUBLISH_HEADERS -> {}
            case EventType.RECORDS_LOST ->
                lostRecords.onLost(
                        RecordsLostEvent.fromPosition(buffer, offset), RecordsLostEvent.toPosition(buffer, offset));
            case EventType.LIMITS_CHANGED -> onLimitsChanged(buffer, offset);
            case EventType.BROKER_STARTED -> onBrokerStarted(buffer, offset, nowNs);
            default -> throw new IllegalStateException("event of type " + EventHeader.type(buffer, offset));
        }
    }

    /** Clients that were too slow for what came to them; not while a message is being routed. */
    private void closeOverflowed(final long nowNs) {
        Session session = deliveries.takeOverflowed();
        while (session != null) {
            if (session.isConnected()) {
                connections.close(session, ReasonCode.QUOTA_EXCEEDED, nowNs);
            }
            session = deliveries.takeOverflowed();
        }
    }

    private void onDrained(final long connectionId) {
        publications.onDrained(connectionId);
        scans.wake();
        scans.run();
    }

    private void onReplayBatch(final DirectBuffer buffer, final int offset, final long nowNs) {
        final Session unreadable = replays.onBatch(buffer, offset);
        if (unreadable != null) {
            connections.close(unreadable, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, nowNs);
        }
    }

    private void onDisconnect(final DirectBuffer buffer, final int offset, final long nowNs) {
        connections.onDisconnect(
                EventHeader.connectionId(buffer, offset),
                DisconnectEvent.reasonCode(buffer, offset),
                DisconnectEvent.hasSessionExpiry(buffer, offset),
                DisconnectEvent.sessionExpirySeconds(buffer, offset),
                nowNs);
    }

    private void onBrokerStarted(final DirectBuffer buffer, final int offset, final long nowNs) {
        digest.remove(limits.hash());
        for (int i = 0; i < BrokerStartedEvent.limitCount(buffer, offset); i++) {
            limits.set(i, BrokerStartedEvent.limit(buffer, offset, i));
        }
        digest.add(limits.hash());
        connections.onBrokerStarted(nowNs);
    }

    private void onLimitsChanged(final DirectBuffer buffer, final int offset) {
        digest.remove(limits.hash());
        for (int i = 0; i < LimitsChangedEvent.limitCount(buffer, offset); i++) {
            limits.set(i, LimitsChangedEvent.limit(buffer, offset, i));
        }
        digest.add(limits.hash());
    }

    private void onTick(final long nowNs) {
        connections.onTick(nowNs);
        scans.run();
    }

    /** Epoch time in nanoseconds of the next Tick that the core needs, {@link #NO_DEADLINE} for none. */
    public long nextDeadlineNs() {
        return scans.hasWork() ? invariant.nowNs() : deadlines.nextNs();
    }

    /** Digest of the whole state, kept up to date by every change: O(1). */
    public long digest() {
        return digest.value();
    }

    /** The digest computed anew from every element; equal to {@link #digest()}, or something was not accounted for. */
    public long digestFromScratch() {
        long sum = limits.hash()
                + identifierSets.digestFromScratch()
                + topics.digestFromScratch()
                + sessions.digestFromScratch()
                + retained.digestFromScratch()
                + scans.digestFromScratch()
                + replays.digestFromScratch();
        for (int id = 0; id < sessions.idLimit(); id++) {
            final Session session = sessions.get(id);
            sum += session == null ? 0 : TopicIndex.digestFromScratch(session);
        }
        return sum;
    }

    /** Hands out the positions of all messages that the state refers to, in no order; looks at all of it. */
    public void forEachReference(final LongConsumer positions) {
        LiveReferences.forEach(sessions, topics, retained, positions);
    }

    /** Shows sessions, subscriptions and retained messages; between two events. */
    public void describe(final StateVisitor visitor) {
        StateDescription.show(sessions, retained, visitor);
    }

    /** Shows the wills that the end of a connection would publish; between two events. */
    public void forEachLiveWill(final LiveWillVisitor visitor) {
        for (int id = 0; id < sessions.idLimit(); id++) {
            final Session session = sessions.get(id);
            if (session != null && session.isConnected() && session.will() != null) {
                visitor.onWill(
                        session.clientId(),
                        session.owner(),
                        session.connectionId(),
                        session.will().topic());
            }
        }
    }

    /** Writes the whole state, section by section; between two events. */
    public void takeSnapshot(final SnapshotSink sink) {
        snapshot().write(sink, digest.value());
    }

    /**
     * Takes the state from a snapshot into a core that has seen no event.
     *
     * @throws IllegalArgumentException when the snapshot is of another version, or its state doesn't have its digest.
     */
    public SnapshotSink loadSnapshot() {
        return snapshot().reader(this::digest);
    }

    private CoreSnapshot snapshot() {
        return new CoreSnapshot(
                limits, identifierSets, sessions, topics, retained, scans, replays, deadlines, invariant, digest);
    }

    /** Position of the last logged event that was applied, -1 before the first. */
    public long position() {
        return invariant.position();
    }

    /** Timestamp of the last event, epoch nanoseconds; the next one must not be before it. */
    public long timestampNs() {
        return invariant.nowNs();
    }

    public int sessionCount() {
        return sessions.count();
    }

    /** Number of shared subscriptions, each counted once. */
    public int sharedSubscriptionCount() {
        return topics.groupCount();
    }

    public int subscriptionCount() {
        return topics.count();
    }

    public int retainedCount() {
        return retained.count();
    }

    /** Number of wildcard subscriptions that still have to be given retained messages. */
    public int retainedScanCount() {
        return scans.count();
    }

    /** Number of subscriptions that are on their way through the log. */
    public int replayCount() {
        return replays.count();
    }

    /** Number of sessions that have a connection. */
    public int connectedCount() {
        return sessions.connectedCount();
    }

    /** Number of sessions that were ended because their time was up; for people, no part of the state. */
    public long expiredSessions() {
        return connections.expiredSessions();
    }

    /** Number of events that came from connections which the core had given up before. */
    public long staleEvents() {
        return sessions.staleEvents();
    }

    public boolean hasSession(final String clientId) {
        return find(clientId) != null;
    }

    public boolean isConnected(final String clientId) {
        final Session session = find(clientId);
        return session != null && session.isConnected();
    }

    /** Number of messages that wait for the client, without those in flight; 0 without a session. */
    public int pendingCount(final String clientId) {
        final Session session = find(clientId);
        return session == null ? 0 : session.pending().count();
    }

    /** Number of messages in flight to the client; 0 without a session. */
    public int inFlightCount(final String clientId) {
        final Session session = find(clientId);
        return session == null ? 0 : session.inFlight().count();
    }

    /** Number of QoS 2 messages of the client that are not released; 0 without a session. */
    public int inboundCount(final String clientId) {
        final Session session = find(clientId);
        return session == null ? 0 : session.inbound().count();
    }

    private Session find(final String clientId) {
        final byte[] bytes = clientId.getBytes(StandardCharsets.UTF_8);
        return sessions.find(new UnsafeBuffer(bytes), 0, bytes.length);
    }
}
