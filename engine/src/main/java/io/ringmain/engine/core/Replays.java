package io.ringmain.engine.core;

import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.session.SessionStore;
import io.ringmain.engine.core.state.DenseIds;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.Invariant;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import io.ringmain.engine.core.topic.Replay;
import io.ringmain.engine.core.topic.Subscription;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.engine.event.ReplayBatchEvent;
import io.ringmain.protocol.Qos;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Time travel: gives a subscription to {@code $replay/place/filter} what was recorded, in order and as fast as the client
 * takes it, and then lets it go on live, without a gap and without anything twice.
 *
 * <p>The core can't read the log. It says where it wants to go on reading, and a {@link ReplayBatchEvent} brings what
 * was found there. So a replay, too, is made of events, and goes on after a restart where it was.
 */
final class Replays {
    private static final long FREE_ID_SALT = 0x4E9A_F4EEL;

    /** More is asked for when no more than this waits. */
    private static final int LOW_WATER = ReplayBatchEvent.MAX_COUNT / 2;

    /** A subscriber that joins and is further behind than this reads on instead. */
    private static final int MAX_JOINED = 1024;

    private final CoreLimits limits;
    private final CoreOutput output;
    private final SessionStore sessions;
    private final IdentifierSets identifierSets;
    private final Deliveries deliveries;
    private final StateDigest digest;
    private final Invariant invariant;
    private final DenseIds ids;
    private final ArrayList<Replay> byNumber = new ArrayList<>();
    private final ReplayBatchEvent batch = new ReplayBatchEvent();
    private final MessageRef message = new MessageRef();
    private final Identifiers identifiers = new Identifiers();
    private int count;

    Replays(
            final CoreLimits limits,
            final CoreOutput output,
            final SessionStore sessions,
            final IdentifierSets identifierSets,
            final Deliveries deliveries,
            final StateDigest digest,
            final Invariant invariant) {
        this.limits = limits;
        this.output = output;
        this.sessions = sessions;
        this.identifierSets = identifierSets;
        this.deliveries = deliveries;
        this.digest = digest;
        this.invariant = invariant;
        this.ids = new DenseIds(digest, FREE_ID_SALT);
    }

    /** Number of replays under way. */
    int count() {
        return count;
    }

    /** Whether there is room for one more beside so many that are about to begin. */
    boolean hasRoom(final int beginning) {
        return count + beginning < limits.replays();
    }

    /** Begins a replay, or begins it anew. There must be room. */
    void start(final Subscription subscription) {
        cancel(subscription);
        final Replay replay = insert(ids.take() + 1, subscription);
        ask(replay);
    }

    private Replay insert(final int number, final Subscription subscription) {
        final Replay replay = new Replay(number, subscription, digest, identifierSets);
        while (byNumber.size() < number) {
            byNumber.add(null);
        }
        byNumber.set(number - 1, replay);
        subscription.replay(replay);
        addInOrder(subscription.session().makeReplays(), replay);
        count++;
        return replay;
    }

    /** By number, so that a core loaded from a snapshot serves them in the same order. */
    private static void addInOrder(final List<Replay> replays, final Replay added) {
        int place = replays.size();
        while (place > 0 && replays.get(place - 1).number() > added.number()) {
            place--;
        }
        replays.add(place, added);
    }

    /** Makes a replay of a snapshot; its queues are to be filled. */
    Replay restore(
            final int number,
            final Subscription subscription,
            final long nextPosition,
            final long joinPosition,
            final long askedAt,
            final long deliveredPosition) {
        ids.restore(number - 1);
        final Replay replay = insert(number, subscription);
        replay.set(nextPosition, joinPosition, askedAt);
        replay.deliveredPosition(deliveredPosition);
        return replay;
    }

    DenseIds ids() {
        return ids;
    }

    int numberLimit() {
        return byNumber.size() + 1;
    }

    /** The replay with this number, null if there is none. */
    Replay get(final int number) {
        return number <= byNumber.size() ? byNumber.get(number - 1) : null;
    }

    private void ask(final Replay replay) {
        replay.set(replay.nextPosition(), replay.joinPosition(), invariant.position());
        final Subscription subscription = replay.subscription();
        final Session session = replay.session();
        output.onReplayWanted(
                session.lane(),
                session.connectionId(),
                replay.number(),
                replay.askedAt(),
                replay.nextPosition(),
                replay.joinPosition(),
                subscription.options(),
                subscription.filter());
    }

    /**
     * An answer from the log.
     *
     * @return the session whose connection must end, as the log can't be read on for it; null if all is well.
     */
    Session onBatch(final DirectBuffer buffer, final int offset) {
        batch.wrap(buffer, offset);
        final Session session = sessions.speaking(batch.connectionId());
        final Replay replay = get(batch.number());
        if (session == null || replay == null || replay.session() != session || replay.askedAt() != batch.askedAt()) {
            return null;
        }
        if (batch.isFailed()) {
            return session;
        }
        if (replay.found().isEmpty()) {
            replay.deliveredPosition(batch.from());
        }
        for (int i = 0; i < batch.count(); i++) {
            message.set(
                    batch.position(i),
                    batch.expiryDeadlineNs(i),
                    batch.messageLength(i),
                    batch.contentLength(i),
                    batch.propertiesLength(i));
            replay.found().add(message.flags(batch.deliveryFlags(i)));
        }
        final boolean joins = !replay.isJoining() && batch.isAtEnd();
        replay.set(
                Math.max(replay.nextPosition(), batch.reached()),
                joins ? invariant.position() : replay.joinPosition(),
                Replay.NOT_ASKED);
        advance(replay);
        return null;
    }

    /** A session has room. */
    void drain(final Session session) {
        for (int i = session.replays().size() - 1; i >= 0; i--) {
            advance(session.replays().get(i));
        }
    }

    private void advance(final Replay replay) {
        deliver(replay, replay.found());
        if (replay.isRead()) {
            if (replay.found().isEmpty()) {
                deliver(replay, replay.joined());
                if (replay.joined().isEmpty()) {
                    end(replay);
                }
            }
        } else {
            askIfLow(replay);
        }
    }

    private void askIfLow(final Replay replay) {
        if (replay.askedAt() == Replay.NOT_ASKED && replay.found().count() <= LOW_WATER) {
            ask(replay);
        }
    }

    private void deliver(final Replay replay, final PendingQueue queue) {
        final Subscription subscription = replay.subscription();
        final Session session = replay.session();
        while (!queue.isEmpty() && canTake(session, subscription.qos())) {
            queue.poll(message);
            if ((message.flags() & DeliveryFlags.WILL) == 0) {
                replay.deliveredPosition(message.position() + 1);
            }
            if (!message.isExpired(invariant.nowNs())) {
                message.flags(flags(subscription, message.flags()));
                deliveries.deliverPaced(session, message, identifiers.clear().add(subscription.identifier()));
            }
        }
    }

    private static int flags(final Subscription subscription, final int published) {
        final boolean retain = DeliveryFlags.isRetain(published) && subscription.isRetainAsPublished();
        return DeliveryFlags.of(Math.min(subscription.qos(), DeliveryFlags.qos(published)), retain, false);
    }

    private static boolean canTake(final Session session, final int qos) {
        return session.isPaced()
                && (qos == Qos.AT_MOST_ONCE || session.pending().isEmpty() && Deliveries.hasRoom(session));
    }

    /**
     * A message is being published that a subscription matches which isn't there yet. One that is in the log will be
     * found there, or is queued if its subscriber has come so far; one that isn't was never recorded.
     *
     * @param published the message with the QoS and the retain flag of its publication.
     */
    void onMatch(final Replay replay, final MessageRef published, final int qos, final boolean retain) {
        if (!replay.isJoining() || invariant.isTransient()) {
            return;
        }
        final boolean isWill = published.position() != invariant.position();
        message.copy(published)
                .identifiers(0)
                .flags(DeliveryFlags.of(qos, retain, false) | (isWill ? DeliveryFlags.WILL : 0));
        replay.joined().add(message);
        if (replay.joined().count() > MAX_JOINED) {
            readOn(replay);
        }
    }

    /** It is too far behind to keep what it misses: the log keeps it. */
    private void readOn(final Replay replay) {
        final long next = replay.found().isEmpty() ? nextUndelivered(replay) : replay.nextPosition();
        replay.joined().clear();
        replay.set(next, Replay.NOT_JOINING, replay.askedAt());
        askIfLow(replay);
    }

    private static long nextUndelivered(final Replay replay) {
        final boolean waits =
                !replay.found().isEmpty() || replay.isRead() && !replay.joined().isEmpty();
        return waits ? replay.deliveredPosition() : replay.nextPosition();
    }

    /** The session has lost its connection: it goes on from the first message that it wasn't given. */
    void onAway(final Session session) {
        for (int i = 0; i < session.replays().size(); i++) {
            final Replay replay = session.replays().get(i);
            final long next = nextUndelivered(replay);
            replay.found().clear();
            replay.joined().clear();
            replay.set(next, Replay.NOT_JOINING, Replay.NOT_ASKED);
        }
    }

    /** The session has a connection again. */
    void onConnected(final Session session) {
        for (int i = 0; i < session.replays().size(); i++) {
            ask(session.replays().get(i));
        }
    }

    /** The subscription ends, or has come to the present. */
    void cancel(final Subscription subscription) {
        if (subscription.replay() != null) {
            end(subscription.replay());
        }
    }

    void cancel(final Session session) {
        for (int i = session.replays().size() - 1; i >= 0; i--) {
            end(session.replays().get(i));
        }
    }

    private void end(final Replay replay) {
        replay.clear();
        replay.subscription().replay(null);
        replay.session().replays().remove(replay);
        byNumber.set(replay.number() - 1, null);
        ids.giveBack(replay.number() - 1);
        count--;
    }

    /** What replays add to the digest, computed anew. */
    long digestFromScratch() {
        long sum = ids.contentHash();
        for (int i = 0; i < byNumber.size(); i++) {
            sum += byNumber.get(i) == null ? 0 : byNumber.get(i).contentHash();
        }
        return sum;
    }
}
