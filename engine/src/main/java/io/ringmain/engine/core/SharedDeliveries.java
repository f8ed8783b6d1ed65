package io.ringmain.engine.core;

import io.ringmain.engine.core.session.InFlightWindow;
import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.core.topic.TopicIndex;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.protocol.Qos;
import java.util.ArrayList;

/**
 * Messages of shared subscriptions. Each goes to one member that is connected and has room; when there is none, it waits
 * in the group, not with a member, so that whoever has room first takes it. What a member has not acknowledged when it
 * goes away goes back to the group if somebody else is there; only a QoS 2 message stays with the member that it was
 * begun with (MQTT 5, section 4.8.2).
 */
final class SharedDeliveries {
    private final CoreLimits limits;
    private final CoreOutput output;
    private final TopicIndex topics;
    private final Deliveries deliveries;
    private final BackPressure backPressure;
    private final Invariant invariant;
    private final MessageRef message = new MessageRef();
    private final MessageRef delivery = new MessageRef();
    private final Identifiers identifiers = new Identifiers();
    private final ArrayList<ShareGroup> touched = new ArrayList<>();

    SharedDeliveries(
            final CoreLimits limits,
            final CoreOutput output,
            final TopicIndex topics,
            final Deliveries deliveries,
            final BackPressure backPressure,
            final Invariant invariant) {
        this.limits = limits;
        this.output = output;
        this.topics = topics;
        this.deliveries = deliveries;
        this.backPressure = backPressure;
        this.invariant = invariant;
    }

    /**
     * Gives a message to a group.
     *
     * @param published the message with the QoS and the retain flag of its publication.
     * @param publisher null for the broker itself.
     * @param live whether it is the message of the event being handled.
     * @return false if a bound of ours is the reason why no member will get it.
     */
    boolean deliver(final ShareGroup group, final MessageRef published, final Session publisher, final boolean live) {
        if (published.qos() == Qos.AT_MOST_ONCE || group.waiting().isEmpty()) {
            final Subscription member = pick(group, published, publisher);
            if (member != null) {
                return give(member, published, live);
            }
        }
        return published.qos() == Qos.AT_MOST_ONCE || await(group, published, live);
    }

    private boolean await(final ShareGroup group, final MessageRef published, final boolean live) {
        delivery.copy(published).identifiers(0);
        final boolean queued = deliveries.queue(null, group.waiting(), delivery);
        if (queued && live) {
            backPressure.onQueued(group);
        }
        return queued;
    }

    /** The member whose turn it is among those who could take the message now, null if there is none. */
    private Subscription pick(final ShareGroup group, final MessageRef published, final Session publisher) {
        final int connected = group.connectedCount();
        if (connected == 0) {
            return null;
        }
        final int start = start(group, published, publisher, connected);
        Subscription best = null;
        for (int i = 0; i < connected; i++) {
            final Subscription member = group.member((start + i) % connected);
            if (canTake(member, published)) {
                if (limits.sharedStrategy() != CoreLimits.LEAST_IN_FLIGHT) {
                    return member;
                }
                if (best == null || inFlight(member) < inFlight(best)) {
                    best = member;
                }
            }
        }
        return best;
    }

    private int start(
            final ShareGroup group, final MessageRef published, final Session publisher, final int connected) {
        final long number;
        if (limits.sharedStrategy() == CoreLimits.STICKY) {
            number = publisher == null
                    ? 0
                    : StateDigest.hash(
                            publisher.clientId(), 0, publisher.clientId().capacity());
        } else if (published.qos() == Qos.AT_MOST_ONCE) {
            number = group.nextTransientTurn();
        } else {
            number = group.nextTurn();
        }
        return (int) Math.floorMod(number, (long) connected);
    }

    private static int inFlight(final Subscription member) {
        return member.session().inFlight().sentCount();
    }

    private static int effectiveQos(final Subscription member, final MessageRef published) {
        return Math.min(member.qos(), published.qos());
    }

    private static boolean canTake(final Subscription member, final MessageRef published) {
        final Session session = member.session();
        return effectiveQos(member, published) == Qos.AT_MOST_ONCE && session.isPaced()
                || session.pending().isEmpty() && Deliveries.hasRoom(session);
    }

    /** Gives a message to a member that can take it. */
    private boolean give(final Subscription member, final MessageRef published, final boolean live) {
        final Session session = member.session();
        final boolean retain = DeliveryFlags.isRetain(published.flags()) && member.isRetainAsPublished();
        final int qos = effectiveQos(member, published);
        delivery.copy(published).flags(DeliveryFlags.of(qos, retain, false));
        identifiers.clear().add(member.identifier());
        if (qos > Qos.AT_MOST_ONCE || !live) {
            member.group().lastTaker(member);
        }
        if (qos == Qos.AT_MOST_ONCE) {
            return live
                    ? deliveries.deliver(session, delivery, identifiers, true)
                    : deliveries.deliverPaced(session, delivery, identifiers);
        }
        if (!Deliveries.isSmallEnough(session, delivery, identifiers)) {
            output.onDrop(DropReason.PACKET_TOO_LARGE);
            return true;
        }
        return deliveries.begin(session, delivery, identifiers, member.group().number(), live);
    }

    /** A session has room: it gets what waits in its groups, the oldest message first. */
    void drain(final Session session) {
        if (session.shared().isEmpty()) {
            return;
        }
        Subscription next = oldestWaiting(session);
        while (next != null && session.pending().isEmpty() && Deliveries.hasRoom(session) && session.isPaced()) {
            giveFirst(next.group(), next);
            next = oldestWaiting(session);
        }
    }

    private Subscription oldestWaiting(final Session session) {
        Subscription oldest = null;
        long oldestPosition = Long.MAX_VALUE;
        for (int i = 0; i < session.shared().size(); i++) {
            final Subscription candidate = session.shared().get(i);
            final PendingQueue waiting = candidate.group().waiting();
            deliveries.dropOverdue(waiting);
            if (!waiting.isEmpty()) {
                final long position =
                        waiting.get(waiting.headSequence(), message).position();
                final boolean isFirst = position < oldestPosition
                        || position == oldestPosition
                                && candidate.group().number() < oldest.group().number();
                oldest = isFirst ? candidate : oldest;
                oldestPosition = Math.min(position, oldestPosition);
            }
        }
        return oldest;
    }

    private void giveFirst(final ShareGroup group, final Subscription member) {
        group.waiting().poll(message);
        if (message.isExpired(invariant.nowNs())) {
            output.onDrop(DropReason.EXPIRED);
        } else {
            give(member, message, false);
        }
        backPressure.onTaken(group.waiting());
    }

    /** The session has lost its connection; its messages are still with it. */
    void onAway(final Session session) {
        for (int i = 0; i < session.shared().size(); i++) {
            final Subscription member = session.shared().get(i);
            member.group().onAway(member);
        }
    }

    /** What a session that is away has not acknowledged goes to others, where there are others. */
    void handBack(final Session session) {
        final InFlightWindow inFlight = session.inFlight();
        final long first = inFlight.firstSequence();
        for (long sequence = inFlight.nextSequence() - 1; sequence >= first; sequence--) {
            if (mayMove(inFlight, sequence)) {
                final ShareGroup group = topics.group(inFlight.group(sequence));
                if (group.connectedCount() > 0) {
                    moveToGroup(inFlight, sequence, group);
                } else {
                    group.addHeldAway(1);
                }
            }
        }
        spreadTouched();
    }

    /** Whether this is a message of a group that another member may get instead. */
    private boolean mayMove(final InFlightWindow inFlight, final long sequence) {
        return mayMove(inFlight, sequence, message);
    }

    /** As {@link #mayMove(InFlightWindow, long)}; reads the message into a carrier. */
    static boolean mayMove(final InFlightWindow inFlight, final long sequence, final MessageRef into) {
        return inFlight.state(sequence) == InFlightWindow.PUBLISHED
                && inFlight.group(sequence) != InFlightWindow.NO_GROUP
                && inFlight.get(sequence, into).qos() == Qos.AT_LEAST_ONCE;
    }

    /** Moves the message that {@link #mayMove} has read. */
    private void moveToGroup(final InFlightWindow inFlight, final long sequence, final ShareGroup group) {
        inFlight.remove(sequence);
        group.waiting().addFirst(message.identifiers(0));
        if (!touched.contains(group)) {
            touched.add(group);
        }
    }

    private void spreadTouched() {
        for (int i = 0; i < touched.size(); i++) {
            spread(touched.get(i));
        }
        touched.clear();
    }

    /** Gives what waits in a group to its members, as far as they have room. */
    private void spread(final ShareGroup group) {
        final PendingQueue waiting = group.waiting();
        while (!waiting.isEmpty()) {
            final Subscription member = pick(group, waiting.get(waiting.headSequence(), message), null);
            if (member == null) {
                return;
            }
            giveFirst(group, member);
        }
    }

    /** The session has a connection again; what it has in flight stays with it. */
    void onConnected(final Session session) {
        for (int i = 0; i < session.shared().size(); i++) {
            final Subscription member = session.shared().get(i);
            member.group().onConnected(member);
        }
        final InFlightWindow inFlight = session.inFlight();
        for (long sequence = inFlight.firstSequence(); sequence < inFlight.nextSequence(); sequence++) {
            if (mayMove(inFlight, sequence)) {
                topics.group(inFlight.group(sequence)).addHeldAway(-1);
            }
        }
    }

    /** A connected session is there for its groups: it takes over what members have that are away, and what waits. */
    void takeOver(final Session session) {
        for (int i = 0; i < session.shared().size(); i++) {
            takeOver(session.shared().get(i).group());
        }
        touched.clear();
        drain(session);
    }

    private void takeOver(final ShareGroup group) {
        for (int place = group.connectedCount(); place < group.memberCount() && group.heldAway() > 0; place++) {
            final InFlightWindow inFlight = group.member(place).session().inFlight();
            final long first = inFlight.firstSequence();
            for (long sequence = inFlight.nextSequence() - 1; sequence >= first; sequence--) {
                if (inFlight.group(sequence) == group.number() && mayMove(inFlight, sequence)) {
                    moveToGroup(inFlight, sequence, group);
                    group.addHeldAway(-1);
                }
            }
        }
    }

    /** The session unsubscribes: what it has in flight is its own from here on. */
    void onUnsubscribe(final Subscription subscription) {
        backPressure.onUnsubscribe(subscription.session(), subscription.group());
        final InFlightWindow inFlight = subscription.session().inFlight();
        final int number = subscription.group().number();
        for (long sequence = inFlight.firstSequence(); sequence < inFlight.nextSequence(); sequence++) {
            if (inFlight.state(sequence) != 0 && inFlight.group(sequence) == number) {
                inFlight.leaveGroup(sequence);
            }
        }
    }

    /** The session, which is away, ends, and has left its groups: those that are still there get its messages. */
    void onEnd(final Session session) {
        final InFlightWindow inFlight = session.inFlight();
        final long first = inFlight.firstSequence();
        for (long sequence = inFlight.nextSequence() - 1; sequence >= first; sequence--) {
            if (mayMove(inFlight, sequence)) {
                final ShareGroup group = topics.group(inFlight.group(sequence));
                if (group != null) {
                    moveToGroup(inFlight, sequence, group);
                    group.addHeldAway(-1);
                }
            }
        }
        spreadTouched();
    }
}
