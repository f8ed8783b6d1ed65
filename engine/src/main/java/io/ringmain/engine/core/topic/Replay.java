package io.ringmain.engine.core.topic;

import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.StateDigest;

/**
 * A subscription on its way through the log to the present.
 *
 * <pre>
 *               delivered     found          not looked at         joined
 *  log   ------------------|--------------|--------------------|------------->  now
 *                   deliveredPosition    next                 join
 * </pre>
 *
 * While it reads, what is published reaches it through the log, where it has still to be looked at. At the end of the
 * log it joins: from the join position on, what is published is queued behind what was found, and when both queues are
 * empty it is a subscription like any other.
 */
public final class Replay {
    /** {@link #nextPosition} before the place that the subscriber named has been found in the log. */
    public static final long UNRESOLVED = -1;

    /** {@link #joinPosition} while it reads. */
    public static final long NOT_JOINING = -1;

    /** {@link #askedAt} when no answer from the log is awaited. */
    public static final long NOT_ASKED = -1;

    private static final long SALT = 0x4E9A_11A7L;

    private final StateDigest digest;
    private final int number;
    private final Subscription subscription;
    private final PendingQueue found;
    private final PendingQueue joined;
    private long nextPosition = UNRESOLVED;
    private long joinPosition = NOT_JOINING;
    private long askedAt = NOT_ASKED;
    private long deliveredPosition = UNRESOLVED;

    /** @param number from 1 on, unlike that of any other replay that is under way. */
    public Replay(
            final int number,
            final Subscription subscription,
            final StateDigest digest,
            final IdentifierSets identifiers) {
        this.number = number;
        this.subscription = subscription;
        this.digest = digest;
        this.found = new PendingQueue(digest, identifiers, StateDigest.mix(SALT, number, 1));
        this.joined = new PendingQueue(digest, identifiers, StateDigest.mix(SALT, number, 2));
        digest.add(headerHash());
    }

    public int number() {
        return number;
    }

    public Subscription subscription() {
        return subscription;
    }

    public Session session() {
        return subscription.session();
    }

    /** Messages that were found in the log and not delivered yet. */
    public PendingQueue found() {
        return found;
    }

    /** Messages that were published since the join position. */
    public PendingQueue joined() {
        return joined;
    }

    /** Position from which on the log has not been looked at, {@link #UNRESOLVED} at first. */
    public long nextPosition() {
        return nextPosition;
    }

    /** Position from which on messages are queued as they are published, {@link #NOT_JOINING} before. */
    public long joinPosition() {
        return joinPosition;
    }

    public boolean isJoining() {
        return joinPosition != NOT_JOINING;
    }

    /** Whether all that was to be read from the log has been. */
    public boolean isRead() {
        return isJoining() && nextPosition >= joinPosition;
    }

    /** Position of the event at which an answer was asked for, {@link #NOT_ASKED} if none is awaited. */
    public long askedAt() {
        return askedAt;
    }

    /** Position before which there is nothing that has still to be delivered; a message behind it may have been. */
    public long deliveredPosition() {
        return deliveredPosition;
    }

    public void deliveredPosition(final long position) {
        digest.remove(headerHash());
        deliveredPosition = position;
        digest.add(headerHash());
    }

    public void set(final long newNextPosition, final long newJoinPosition, final long newAskedAt) {
        digest.remove(headerHash());
        nextPosition = newNextPosition;
        joinPosition = newJoinPosition;
        askedAt = newAskedAt;
        digest.add(headerHash());
    }

    /** It is over: nothing of it is in the digest any more. */
    public void clear() {
        found.clear();
        joined.clear();
        digest.remove(headerHash());
    }

    private long headerHash() {
        final long numbers = StateDigest.mix(SALT, number, session().salt());
        return StateDigest.mix(StateDigest.mix(numbers, nextPosition, joinPosition), askedAt, deliveredPosition);
    }

    /** What it adds to the digest, computed anew. */
    public long contentHash() {
        return headerHash() + found.contentHash() + joined.contentHash();
    }
}
