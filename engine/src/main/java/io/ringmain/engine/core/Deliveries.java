package io.ringmain.engine.core;

import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;

/**
 * Messages on their way to one session: into its window if there is room, else into its queue, and from the queue into
 * the window when acknowledgements make room. A message with QoS 1 or 2 never overtakes another.
 */
final class Deliveries {
    private static final int PUBREL = 6;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final Invariant invariant;
    private final MessageRef message = new MessageRef();
    private boolean queueRanEmpty;

    Deliveries(final CoreLimits limits, final CoreOutput output, final Invariant invariant) {
        this.limits = limits;
        this.output = output;
        this.invariant = invariant;
    }

    /**
     * Gives a message to a session.
     *
     * @param delivery with the flags for this session.
     * @param live whether it is the message of the event being handled.
     */
    void deliver(final Session session, final MessageRef delivery, final boolean live) {
        if (delivery.qos() == Qos.AT_MOST_ONCE) {
            if (session.isConnected() && fits(session, delivery)) {
                send(session, delivery, 0, delivery.flags(), live);
            }
        } else if (session.isConnected()
                && session.pending().isEmpty()
                && session.inFlight().hasRoom(session.receiveMaximum())) {
            if (fits(session, delivery)) {
                send(session, delivery, session.inFlight().add(delivery), delivery.flags(), live);
                checkWindow(session);
            }
        } else {
            queue(session, delivery);
        }
    }

    private boolean fits(final Session session, final MessageRef delivery) {
        if (delivery.packetLength(session.protocolLevel()) <= session.maximumPacketSize()) {
            return true;
        }
        output.onDrop(DropReason.PACKET_TOO_LARGE);
        return false;
    }

    private void send(
            final Session session, final MessageRef delivery, final int packetId, final int flags, final boolean live) {
        if (live) {
            output.onDeliverLive(session.lane(), session.connectionId(), packetId, flags);
        } else {
            output.onDeliverStored(
                    session.lane(),
                    session.connectionId(),
                    packetId,
                    flags,
                    delivery.position(),
                    delivery.length(),
                    delivery.expiryDeadlineNs());
        }
    }

    private void queue(final Session session, final MessageRef delivery) {
        final PendingQueue pending = session.pending();
        if (delivery.length() > limits.queuedBytes()) {
            output.onDrop(DropReason.QUEUE_FULL);
            return;
        }
        while (!pending.isEmpty()
                && (pending.count() >= limits.queuedMessages()
                        || pending.bytes() + delivery.length() > limits.queuedBytes())) {
            output.onDrop(DropReason.QUEUE_FULL);
            if (limits.overflow() != CoreLimits.DROP_OLDEST) {
                return;
            }
            pending.poll(message);
        }
        pending.add(delivery);
    }

    /** A new connection: what was in flight is sent again, then what waits, as far as the window allows. */
    void resume(final Session session) {
        session.inFlight().startResend();
        drain(session);
    }

    /** Sends what the window of a session has room for. */
    void drain(final Session session) {
        final InFlightWindow inFlight = session.inFlight();
        while (inFlight.hasResend(session.receiveMaximum())) {
            sendAgain(session, inFlight.nextResend());
        }
        final PendingQueue pending = session.pending();
        while (!pending.isEmpty() && inFlight.hasRoom(session.receiveMaximum())) {
            sendQueued(session, pending.poll(message));
            queueRanEmpty |= pending.isEmpty();
        }
        checkWindow(session);
    }

    /** Whether a queue ran empty since this was asked last. */
    boolean takeQueueRanEmpty() {
        final boolean taken = queueRanEmpty;
        queueRanEmpty = false;
        return taken;
    }

    private void sendAgain(final Session session, final long sequence) {
        final InFlightWindow inFlight = session.inFlight();
        final int packetId = InFlightWindow.packetId(sequence);
        if (inFlight.state(sequence) == InFlightWindow.RELEASED) {
            output.onAck(session.lane(), session.connectionId(), PUBREL, packetId, ReasonCode.SUCCESS);
            return;
        }
        if (!fits(session, inFlight.get(sequence, message))) {
            inFlight.remove(sequence);
            return;
        }
        send(session, message, packetId, message.flags() | DeliveryFlags.DUP, false);
    }

    private void sendQueued(final Session session, final MessageRef queued) {
        if (queued.isExpired(invariant.nowNs())) {
            output.onDrop(DropReason.EXPIRED);
        } else if (fits(session, queued)) {
            send(session, queued, session.inFlight().add(queued), queued.flags(), false);
        }
    }

    private void checkWindow(final Session session) {
        invariant.that(
                session.inFlight().sentCount() <= session.receiveMaximum(),
                "more messages in flight than the receive maximum");
    }
}
