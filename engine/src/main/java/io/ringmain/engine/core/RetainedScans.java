package io.ringmain.engine.core;

import io.ringmain.engine.core.retain.RetainedIndex;
import io.ringmain.engine.core.retain.RetainedMessage;
import io.ringmain.engine.core.retain.RetainedScan;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.KeyBytes;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.TopicFilter;
import java.util.ArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives new subscriptions the retained messages that match. A filter without wildcards takes one look-up; one with
 * wildcards goes over all topics, a slice with each event, in turn with the others.
 */
final class RetainedScans {
    private static final long TURN_SALT = 0x7A12_0FF5L;

    /** Topics looked at for each message that a slice may deliver. */
    private static final int LOOKS_PER_DELIVERY = 16;

    private final CoreLimits limits;
    private final RetainedIndex retained;
    private final Deliveries deliveries;
    private final StateDigest digest;
    private final Invariant invariant;
    private final ArrayList<RetainedScan> scans = new ArrayList<>();
    private final MessageRef message = new MessageRef();
    private final Identifiers identifiers = new Identifiers();
    private int deliveriesLeft;
    private int looksLeft;
    private int cursor;
    private int waiting;

    RetainedScans(
            final CoreLimits limits,
            final RetainedIndex retained,
            final Deliveries deliveries,
            final StateDigest digest,
            final Invariant invariant) {
        this.limits = limits;
        this.retained = retained;
        this.deliveries = deliveries;
        this.digest = digest;
        this.invariant = invariant;
    }

    /** Whether a slice can be done now. */
    boolean hasWork() {
        return waiting < scans.size();
    }

    /** A session that a scan may have waited for has room. */
    void wake() {
        turn(cursor, 0);
    }

    /** Whose turn it is, and how many before it were found to wait, one behind the other. */
    private void turn(final int newCursor, final int newWaiting) {
        digest.remove(turnHash());
        cursor = newCursor;
        waiting = newWaiting;
        digest.add(turnHash());
    }

    private long turnHash() {
        return cursor == 0 && waiting == 0 ? 0 : StateDigest.mix(TURN_SALT, cursor, waiting);
    }

    int cursor() {
        return cursor;
    }

    int waiting() {
        return waiting;
    }

    /** As in a snapshot, behind its scans. */
    void restoreTurn(final int newCursor, final int newWaiting) {
        turn(newCursor, newWaiting);
    }

    int count() {
        return scans.size();
    }

    RetainedScan get(final int index) {
        return scans.get(index);
    }

    /** A subscription that wants what is retained now. */
    void start(final Subscription subscription) {
        final Session session = subscription.session();
        final UnsafeBuffer filter = subscription.filter();
        if (TopicFilter.hasWildcard(filter, 0, filter.capacity())) {
            cancel(session, filter);
            append(new RetainedScan(
                    session, filter, subscription.qos(), subscription.identifier(), 0, retained.nextSequence()));
            return;
        }
        final RetainedMessage found = retained.find(filter, 0, filter.capacity());
        if (found != null) {
            deliver(session, found, subscription.qos(), subscription.identifier());
        }
    }

    private void append(final RetainedScan scan) {
        scan.number(scans.isEmpty() ? 0 : scans.get(scans.size() - 1).number() + 1);
        restore(scan);
        turn(cursor, 0);
    }

    /** Puts a scan of a snapshot behind those restored before. */
    void restore(final RetainedScan scan) {
        scans.add(scan);
        digest.add(scan.contentHash());
    }

    /** Goes on with the scans in turn, within the bound of one event. */
    void run() {
        deliveriesLeft = limits.retainedPerSlice();
        looksLeft = deliveriesLeft * LOOKS_PER_DELIVERY;
        while (hasWork() && looksLeft > 0) {
            final int place = cursor < scans.size() ? cursor : 0;
            if (waitsForRoom(scans.get(place))) {
                looksLeft--;
                turn(place + 1, waiting + 1);
            } else if (deliveriesLeft > 0) {
                turn(place, 0);
                advance(place);
            } else {
                return;
            }
        }
    }

    private boolean isWithinSlice() {
        return deliveriesLeft > 0 && looksLeft > 0;
    }

    /** What is retained comes to a slow subscriber as fast as it takes it; its queue is for live messages. */
    private static boolean waitsForRoom(final RetainedScan scan) {
        final Session session = scan.session();
        return !session.isPaced()
                || scan.qos() > Qos.AT_MOST_ONCE && !session.pending().isEmpty();
    }

    /** Takes a scan as far as it gets; if that isn't its end, the others are next. */
    private void advance(final int index) {
        final RetainedScan scan = scans.remove(index);
        digest.remove(scan.contentHash());
        int place = retained.nextPlace(scan.nextSequence());
        while (hasMore(scan, place) && isWithinSlice() && !waitsForRoom(scan)) {
            final RetainedMessage candidate = retained.at(place);
            scan.nextSequence(candidate.sequence() + 1);
            looksLeft--;
            if (matches(scan.filter(), candidate.topic())) {
                deliver(scan.session(), candidate, scan.qos(), scan.identifier());
                deliveriesLeft--;
            }
            place = retained.nextPlaceFrom(place + 1);
        }
        if (hasMore(scan, place)) {
            append(scan);
        }
    }

    private boolean hasMore(final RetainedScan scan, final int place) {
        return place < retained.places() && retained.at(place).sequence() < scan.endSequence();
    }

    private static boolean matches(final UnsafeBuffer filter, final UnsafeBuffer topic) {
        return TopicFilter.matches(filter, 0, filter.capacity(), topic, 0, topic.capacity());
    }

    private void deliver(final Session session, final RetainedMessage found, final int qos, final int identifier) {
        found.get(message);
        if (message.isExpired(invariant.nowNs())) {
            retained.remove(found);
            return;
        }
        message.flags(DeliveryFlags.of(Math.min(qos, message.qos()), true, false));
        deliveries.deliverPaced(session, message, identifiers.clear().add(identifier));
    }

    /** The session ends, or has unsubscribed from this filter. */
    void cancel(final Session session, final UnsafeBuffer filter) {
        for (int i = scans.size() - 1; i >= 0; i--) {
            final RetainedScan scan = scans.get(i);
            if (scan.session() == session
                    && (filter == null || KeyBytes.isSame(scan.filter(), filter, 0, filter.capacity()))) {
                digest.remove(scan.contentHash());
                scans.remove(i);
                turn(i < cursor ? cursor - 1 : cursor, 0);
            }
        }
    }

    void cancel(final Session session) {
        cancel(session, null);
    }

    /** What the scans add to the digest, computed anew. */
    long digestFromScratch() {
        long sum = turnHash();
        for (int i = 0; i < scans.size(); i++) {
            sum += scans.get(i).contentHash();
        }
        return sum;
    }
}
