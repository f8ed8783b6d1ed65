package io.ringmain.engine.core;

import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/** PUBLISH from clients, and the acknowledgements in both directions. */
final class Publications {
    private static final int PUBACK = 4;
    private static final int PUBREC = 5;
    private static final int PUBREL = 6;
    private static final int PUBCOMP = 7;
    private static final int TOPIC_LENGTH_PREFIX = 2;
    private static final int MQTT_5 = 5;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final SessionStore sessions;
    private final Routing routing;
    private final Deliveries deliveries;
    private final SharedDeliveries shared;
    private final Connections connections;
    private final Replays replays;
    private final PublishEvent publish = new PublishEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final MessageRef message = new MessageRef();

    Publications(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final Routing routing,
            final Deliveries deliveries,
            final SharedDeliveries shared,
            final Connections connections,
            final Replays replays) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.routing = routing;
        this.deliveries = deliveries;
        this.shared = shared;
        this.connections = connections;
        this.replays = replays;
    }

    void onPublish(final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        publish.wrap(buffer, offset);
        if (publish.connectionId() == EventHeader.NO_CONNECTION) {
            accept(null, buffer, offset, position, nowNs);
            return;
        }
        final Session session = sessions.speaking(publish.connectionId());
        if (session == null) {
            notTaken(buffer, offset, position, ReasonCode.SESSION_TAKEN_OVER);
            return;
        }
        if (publish.reasonCode() != ReasonCode.SUCCESS) {
            acknowledge(session, wasAccepted(session) ? ReasonCode.SUCCESS : publish.reasonCode());
        } else if (publish.isRetain() && !mayRetain(buffer)) {
            notTaken(buffer, offset, position, ReasonCode.QUOTA_EXCEEDED);
            onRetainedFull(session, nowNs);
        } else if (publish.qos() < Qos.EXACTLY_ONCE) {
            answer(session, accept(session, buffer, offset, position, nowNs), nowNs);
        } else {
            onExactlyOnce(session, buffer, offset, position, nowNs);
        }
    }

    /** The log has a message that nobody gets; its readers are to know. */
    private void notTaken(final DirectBuffer buffer, final int offset, final long position, final int reasonCode) {
        if (!EventHeader.isTransient(buffer, offset)) {
            output.onNotTaken(position, reasonCode);
        }
    }

    /** A message that comes again, and is refused this time, is still the one that was accepted the first time. */
    private boolean wasAccepted(final Session session) {
        return publish.qos() == Qos.EXACTLY_ONCE && session.inbound().contains(publish.packetId());
    }

    private boolean mayRetain(final DirectBuffer buffer) {
        return routing.mayRetain(buffer, publish.topicOffset(), publish.topicLength(), publish.payloadLength());
    }

    /**
     * One topic too many to retain. What can't be kept is not taken at all: an acknowledgement would promise it.
     */
    private void onRetainedFull(final Session session, final long nowNs) {
        if (wasAccepted(session)) {
            acknowledge(session, ReasonCode.SUCCESS);
            return;
        }
        output.onDrop(DropReason.RETAINED_FULL);
        answer(session, ReasonCode.QUOTA_EXCEEDED, nowNs);
    }

    /** Acknowledges; but MQTT 3 can't say that a message was not taken, other than by closing the connection. */
    private void answer(final Session session, final int reasonCode, final long nowNs) {
        final boolean isMute = publish.qos() > Qos.AT_MOST_ONCE && session.protocolLevel() < MQTT_5;
        if (isMute && ReasonCode.isError(reasonCode)) {
            connections.close(session, reasonCode, nowNs);
        } else {
            acknowledge(session, reasonCode);
        }
    }

    private void onExactlyOnce(
            final Session session, final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        if (session.inbound().contains(publish.packetId())) {
            notTaken(buffer, offset, position, ReasonCode.PACKET_ID_IN_USE);
            acknowledge(session, ReasonCode.SUCCESS);
        } else if (session.inbound().count() >= limits.receiveMaximum()) {
            notTaken(buffer, offset, position, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
            connections.close(session, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, nowNs);
        } else {
            final int reasonCode = accept(session, buffer, offset, position, nowNs);
            if (!ReasonCode.isError(reasonCode)) {
                session.inbound().add(publish.packetId());
            }
            answer(session, reasonCode, nowNs);
        }
    }

    /**
     * Retains and routes the message; returns the reason code for its acknowledgement. One that our bounds keep from
     * every subscriber is refused, unless it was retained.
     */
    private int accept(
            final Session session, final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        final int topic = publish.topicOffset();
        final int topicLength = publish.topicLength();
        final long deadline = publish.hasExpiry() ? Deadlines.after(nowNs, publish.expirySeconds()) : 0;
        routing.message()
                .set(
                        position,
                        deadline,
                        EventHeader.length(buffer, offset),
                        TOPIC_LENGTH_PREFIX + topicLength + publish.payloadLength(),
                        publish.propertiesLength());
        if (publish.isRetain()) {
            routing.retain(buffer, topic, topicLength, publish.payloadLength(), publish.qos());
        }
        final int reasonCode = routing.route(
                session, buffer, topic, topicLength, publish.topicHash(), publish.qos(), publish.isRetain(), true);
        if (!ReasonCode.isError(reasonCode)) {
            return reasonCode;
        }
        if (publish.isRetain()) {
            return ReasonCode.SUCCESS;
        }
        notTaken(buffer, offset, position, reasonCode);
        return reasonCode;
    }

    private void acknowledge(final Session session, final int reasonCode) {
        if (publish.qos() > Qos.AT_MOST_ONCE) {
            final int type = publish.qos() == Qos.AT_LEAST_ONCE ? PUBACK : PUBREC;
            output.onAck(session.lane(), session.connectionId(), type, publish.packetId(), reasonCode);
        }
    }

    void onAcks(final DirectBuffer buffer, final int offset) {
        acks.wrap(buffer, offset);
        final Session session = sessions.speaking(acks.connectionId());
        if (session == null) {
            return;
        }
        for (int i = 0, count = acks.count(); i < count; i++) {
            onAck(session, acks.packetType(i), acks.packetId(i), acks.reasonCode(i));
        }
        deliveries.drain(session);
        shared.drain(session);
        replays.drain(session);
    }

    /** The client has taken the messages with QoS 0 that came from the log. */
    void onDrained(final long connectionId) {
        final Session session = sessions.speaking(connectionId);
        if (session != null) {
            sessions.unreported(session, 0);
            shared.drain(session);
            replays.drain(session);
        }
    }

    private void onAck(final Session session, final int packetType, final int packetId, final int reasonCode) {
        switch (packetType) {
            case PUBACK -> onPuback(session, packetId);
            case PUBREC -> onPubrec(session, packetId, reasonCode);
            case PUBREL -> onPubrel(session, packetId);
            case PUBCOMP -> onPubcomp(session, packetId);
            default -> throw new IllegalStateException("acknowledgement of type " + packetType);
        }
    }

    private void onPuback(final Session session, final int packetId) {
        final InFlightWindow inFlight = session.inFlight();
        final long sequence = inFlight.find(packetId);
        if (sequence != InFlightWindow.NOT_FOUND
                && inFlight.get(sequence, message).qos() == Qos.AT_LEAST_ONCE) {
            inFlight.remove(sequence);
        }
    }

    private void onPubrec(final Session session, final int packetId, final int reasonCode) {
        final InFlightWindow inFlight = session.inFlight();
        final long sequence = inFlight.find(packetId);
        final boolean known = sequence != InFlightWindow.NOT_FOUND
                && inFlight.get(sequence, message).qos() == Qos.EXACTLY_ONCE;
        if (ReasonCode.isError(reasonCode)) {
            if (known) {
                inFlight.remove(sequence);
            }
            return;
        }
        if (known && inFlight.state(sequence) == InFlightWindow.PUBLISHED) {
            inFlight.release(sequence);
        }
        final int answer = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_ID_NOT_FOUND;
        output.onAck(session.lane(), session.connectionId(), PUBREL, packetId, answer);
    }

    private void onPubrel(final Session session, final int packetId) {
        final boolean known = session.inbound().remove(packetId);
        final int answer = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_ID_NOT_FOUND;
        output.onAck(session.lane(), session.connectionId(), PUBCOMP, packetId, answer);
    }

    private void onPubcomp(final Session session, final int packetId) {
        final InFlightWindow inFlight = session.inFlight();
        final long sequence = inFlight.find(packetId);
        if (sequence != InFlightWindow.NOT_FOUND && inFlight.state(sequence) == InFlightWindow.RELEASED) {
            inFlight.remove(sequence);
        }
    }
}
