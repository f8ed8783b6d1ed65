package io.ringmain.engine.core;

import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.Deadlines;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import java.util.ArrayList;

/**
 * Messages on their way to one session: into its window if there is room, else into its queue, and from the queue into
 * the window when acknowledgements make room. A message with QoS 1 or 2 never overtakes another.
 */
final class Deliveries {
    private static final int PUBREL = 6;

    private static final int LONG_SHARE = CoreLimits.LONG_SHARE;

    /** A queue that grows by one message at a time has its publishers held back one after the other. */
    private static final int MESSAGES_BETWEEN_SIGNALS = 64;

    /** What must have gone of that before the publishers go on: little, so that the queue doesn't run empty. */
    private static final int CAUGHT_UP_SHARE = 32;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final SessionStore sessions;
    private final IdentifierSets identifierSets;
    private final Invariant invariant;
    private final MessageRef message = new MessageRef();
    private final Identifiers stored = new Identifiers();
    private final ArrayList<Session> overflowed = new ArrayList<>();
    private boolean queueRanEmpty;
    private long publisherId;

    Deliveries(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final IdentifierSets identifierSets,
            final Invariant invariant) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.identifierSets = identifierSets;
        this.invariant = invariant;
    }

    /** Who sent the messages that are delivered from here on: a connection that may be held back, or none. */
    void publisher(final long connectionId) {
        publisherId = connectionId;
    }

    /**
     * Gives a message to a session.
     *
     * @param delivery with the flags for this session.
     * @param identifiers of the session's subscriptions that match.
     * @param live whether it is the message of the event being handled.
     * @return false if a bound of ours is the reason why the session won't get it.
     */
    boolean deliver(
            final Session session, final MessageRef delivery, final Identifiers identifiers, final boolean live) {
        if (delivery.qos() == Qos.AT_MOST_ONCE) {
            if (session.isConnected() && fits(session, delivery, identifiers)) {
                send(session, delivery, identifiers, 0, delivery.flags(), live);
            }
            return true;
        }
        if (session.pending().isEmpty() && hasRoom(session)) {
            return !fits(session, delivery, identifiers)
                    || begin(session, delivery, identifiers, InFlightWindow.NO_GROUP, live);
        }
        if (!hold(delivery, identifiers) || !queue(session, session.pending(), delivery)) {
            return false;
        }
        if (live && session.isConnected() && mayHoldBack(session)) {
            output.onBehind(session.lane(), session.connectionId(), publisherId);
        }
        return true;
    }

    /** Who publishes to itself is not held back: it could not acknowledge what it gets. */
    private boolean mayHoldBack(final Session session) {
        final PendingQueue pending = session.pending();
        final boolean isDue = pending.bytes() > limits.queuedBytes() / LONG_SHARE
                || (pending.count() - limits.queuedMessages() / LONG_SHARE) % MESSAGES_BETWEEN_SIGNALS == 1;
        return isDue && publisherId != EventHeader.NO_CONNECTION && publisherId != session.connectionId();
    }

    /** Whether so little waits that those who are held back may go on. */
    private boolean isShort(final PendingQueue pending) {
        final int messages = limits.queuedMessages() / LONG_SHARE;
        final long bytes = limits.queuedBytes() / LONG_SHARE;
        return pending.count() <= messages - messages / CAUGHT_UP_SHARE
                && pending.bytes() <= bytes - bytes / CAUGHT_UP_SHARE;
    }

    /**
     * As {@link #deliver}, for a message from the log of which there may be many more. With QoS 0 no acknowledgement
     * says when the client has taken it, so now and then its I/O agent is asked to report.
     */
    boolean deliverPaced(final Session session, final MessageRef delivery, final Identifiers identifiers) {
        if (delivery.qos() > Qos.AT_MOST_ONCE) {
            return deliver(session, delivery, identifiers, false);
        }
        if (session.isConnected() && fits(session, delivery, identifiers)) {
            sessions.unreported(session, session.unreported() + 1);
            final int report = session.isPaced() ? 0 : DeliveryFlags.REPORT;
            send(session, delivery, identifiers, 0, delivery.flags() | report, false);
        }
        return true;
    }

    /** Whether a message with QoS 1 or 2 could go to the client now. */
    static boolean hasRoom(final Session session) {
        return session.isConnected() && session.inFlight().hasRoom(session.receiveMaximum());
    }

    /** Whether the client takes a packet of this length. */
    static boolean isSmallEnough(final Session session, final MessageRef delivery, final Identifiers identifiers) {
        return delivery.packetLength(session.protocolLevel(), identifiers.wireLength()) <= session.maximumPacketSize();
    }

    private boolean fits(final Session session, final MessageRef delivery, final Identifiers identifiers) {
        if (isSmallEnough(session, delivery, identifiers)) {
            return true;
        }
        output.onDrop(DropReason.PACKET_TOO_LARGE);
        return false;
    }

    /**
     * Gives a message with QoS 1 or 2 a packet id and sends it; there must be room, and it must fit.
     *
     * @param group of the shared subscription that it comes through.
     */
    boolean begin(
            final Session session,
            final MessageRef delivery,
            final Identifiers identifiers,
            final int group,
            final boolean live) {
        if (!hold(delivery, identifiers)) {
            return false;
        }
        final int packetId = session.inFlight().add(delivery, group);
        identifierSets.release(delivery.identifiers());
        send(session, delivery, identifiers, packetId, delivery.flags(), live);
        checkWindow(session);
        return true;
    }

    /** Puts the identifiers into the reference. One hold on them is the caller's. */
    private boolean hold(final MessageRef delivery, final Identifiers identifiers) {
        final int number = identifierSets.hold(identifiers);
        if (number == IdentifierSets.FULL) {
            output.onDrop(DropReason.queueFull(limits.overflow()));
            return false;
        }
        delivery.identifiers(number);
        return true;
    }

    void send(
            final Session session,
            final MessageRef delivery,
            final Identifiers identifiers,
            final int packetId,
            final int flags,
            final boolean live) {
        if (live) {
            output.onDeliverLive(session.lane(), session.connectionId(), packetId, flags, identifiers);
        } else {
            output.onDeliverStored(
                    session.lane(),
                    session.connectionId(),
                    packetId,
                    flags,
                    identifiers,
                    delivery.position(),
                    delivery.length(),
                    delivery.expiryDeadlineNs());
        }
    }

    /**
     * Puts a message into a queue, within its bounds. The caller's hold on the identifiers ends here.
     *
     * @param session whose queue it is, null for that of a group.
     * @return false if the message was dropped.
     */
    boolean queue(final Session session, final PendingQueue pending, final MessageRef delivery) {
        final boolean queued = mayQueue(session, pending, delivery);
        if (queued) {
            if (limits.queuedSeconds() > 0) {
                pending.noteAge(invariant.nowNs(), Deadlines.after(0, limits.queuedSeconds()));
            }
            pending.add(delivery);
        }
        identifierSets.release(delivery.identifiers());
        return queued;
    }

    private boolean mayQueue(final Session session, final PendingQueue pending, final MessageRef delivery) {
        dropOverdue(pending);
        if (delivery.length() > limits.queuedBytes()) {
            output.onDrop(DropReason.queueFull(limits.overflow()));
            return false;
        }
        while (!pending.isEmpty()
                && (pending.count() >= limits.queuedMessages()
                        || pending.bytes() + delivery.length() > limits.queuedBytes())) {
            output.onDrop(DropReason.queueFull(limits.overflow()));
            if (limits.overflow() != CoreLimits.DROP_OLDEST) {
                if (limits.overflow() == CoreLimits.DISCONNECT && session != null && session.isConnected()) {
                    overflowed.add(session);
                }
                return false;
            }
            dropHead(pending);
        }
        return true;
    }

    /** Drops what has waited too long. */
    void dropOverdue(final PendingQueue pending) {
        if (limits.queuedSeconds() == 0) {
            return;
        }
        final long maxAgeNs = Deadlines.after(0, limits.queuedSeconds());
        while (pending.isHeadOverdue(invariant.nowNs(), maxAgeNs)) {
            output.onDrop(DropReason.QUEUE_AGE);
            dropHead(pending);
        }
    }

    private void dropHead(final PendingQueue pending) {
        identifierSets.release(pending.poll(message).identifiers());
    }

    /** A connected session whose queue was full, to be disconnected; null when there is none left. */
    Session takeOverflowed() {
        return overflowed.isEmpty() ? null : overflowed.remove(overflowed.size() - 1);
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
        final boolean wasShort = isShort(pending);
        dropOverdue(pending);
        while (!pending.isEmpty() && inFlight.hasRoom(session.receiveMaximum())) {
            sendQueued(session, pending.poll(message));
            queueRanEmpty |= pending.isEmpty();
        }
        if (!wasShort && isShort(pending)) {
            output.onCaughtUp(session.lane(), session.connectionId());
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
        inFlight.get(sequence, message);
        identifierSets.get(message.identifiers(), stored);
        if (!fits(session, message, stored)) {
            inFlight.remove(sequence);
            return;
        }
        send(session, message, stored, packetId, message.flags() | DeliveryFlags.DUP, false);
    }

    private void sendQueued(final Session session, final MessageRef queued) {
        identifierSets.get(queued.identifiers(), stored);
        if (queued.isExpired(invariant.nowNs())) {
            output.onDrop(DropReason.EXPIRED);
        } else if (fits(session, queued, stored)) {
            final int packetId = session.inFlight().add(queued);
            send(session, queued, stored, packetId, queued.flags(), false);
        }
        identifierSets.release(queued.identifiers());
    }

    private void checkWindow(final Session session) {
        invariant.that(
                session.inFlight().sentCount() <= session.receiveMaximum(),
                "more messages in flight than the receive maximum");
    }
}
