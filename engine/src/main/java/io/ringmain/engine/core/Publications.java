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
    private final Connections connections;
    private final PublishEvent publish = new PublishEvent();
    private final AckBatchEvent acks = new AckBatchEvent();
    private final MessageRef message = new MessageRef();

    Publications(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final Routing routing,
            final Deliveries deliveries,
            final Connections connections) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.routing = routing;
        this.deliveries = deliveries;
        this.connections = connections;
    }

    void onPublish(final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        publish.wrap(buffer, offset);
        final Session session = sessions.speaking(publish.connectionId());
        if (session == null) {
            return;
        }
        if (publish.reasonCode() != ReasonCode.SUCCESS) {
            acknowledge(session, wasAccepted(session) ? ReasonCode.SUCCESS : publish.reasonCode());
        } else if (publish.isRetain() && !mayRetain(buffer)) {
            onRetainedFull(session, nowNs);
        } else if (publish.qos() < Qos.EXACTLY_ONCE) {
            acknowledge(session, accept(session, buffer, offset, position, nowNs));
        } else {
            onExactlyOnce(session, buffer, offset, position, nowNs);
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
     * One topic too many to retain. What can't be kept is not taken at all: an acknowledgement would promise it. MQTT
     * 3 can't say so, other than by closing the connection.
     */
    private void onRetainedFull(final Session session, final long nowNs) {
        if (wasAccepted(session)) {
            acknowledge(session, ReasonCode.SUCCESS);
            return;
        }
        output.onDrop(DropReason.QUEUE_FULL);
        if (publish.qos() > Qos.AT_MOST_ONCE && session.protocolLevel() < MQTT_5) {
            connections.close(session, ReasonCode.QUOTA_EXCEEDED, nowNs);
        } else {
            acknowledge(session, ReasonCode.QUOTA_EXCEEDED);
        }
    }

    private void onExactlyOnce(
            final Session session, final DirectBuffer buffer, final int offset, final long position, final long nowNs) {
        if (session.inbound().contains(publish.packetId())) {
            acknowledge(session, ReasonCode.SUCCESS);
        } else if (session.inbound().count() >= limits.receiveMaximum()) {
            connections.close(session, ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, nowNs);
        } else {
            session.inbound().add(publish.packetId());
            acknowledge(session, accept(session, buffer, offset, position, nowNs));
        }
    }

    /** Retains and routes the message; returns the reason code for its acknowledgement. */
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
        final int matched = routing.route(session, buffer, topic, topicLength, publish.qos(), publish.isRetain(), true);
        return matched > 0 ? ReasonCode.SUCCESS : ReasonCode.NO_MATCHING_SUBSCRIBERS;
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
