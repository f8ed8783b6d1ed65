package io.ringmain.engine.core;

import io.ringmain.engine.core.session.PendingQueue;
import io.ringmain.engine.core.session.Session;
import io.ringmain.engine.core.topic.ShareGroup;
import io.ringmain.engine.core.topic.Subscription;
import java.util.List;

/**
 * Back-pressure of queues on those who publish to them: who adds to a queue that is long already is named to the I/O
 * agent of a connected session, the queue's holder, which doesn't read that publisher until it hears that the queue is
 * short again. The holder of a session's own queue is the session; that of a group's queue is one of its members, as
 * the agent knows connections and no groups. Who can make a queue shorter is never held back for it.
 *
 * <p>All of this is about connections. It is no part of the state, and ends with the connection of the holder, whose
 * agent then lets everybody go on by itself.
 */
final class BackPressure {
    /** A queue that grows by one message at a time has its publishers held back one after the other. */
    private static final int MESSAGES_BETWEEN_SIGNALS = 64;

    /** What must have gone of that before the publishers go on: little, so that the queue doesn't run empty. */
    private static final int CAUGHT_UP_SHARE = 32;

    private final CoreLimits limits;
    private final CoreOutput output;
    private Session publisher;

    BackPressure(final CoreLimits limits, final CoreOutput output) {
        this.limits = limits;
        this.output = output;
    }

    /** Who sent the message that is routed from here on; null for one that can't be held back. */
    void publisher(final Session session) {
        publisher = session;
    }

    /** The message that is being routed waits for this session now. */
    void onQueued(final Session session) {
        if (session.isConnected() && session != publisher && isDue(session.pending())) {
            holdBack(session.pending(), session);
        }
    }

    /** The message that is being routed waits for the members of this group now. */
    void onQueued(final ShareGroup group) {
        if (group.connectedCount() > 0 && isDue(group.waiting()) && !isMember(publisher, group)) {
            final Session holder = group.waiting().holder();
            holdBack(
                    group.waiting(), holder != null ? holder : group.lastTaker().session());
        }
    }

    /** The first message above a quarter names its publisher, then every sixty-fourth; where bytes are, each does. */
    private boolean isDue(final PendingQueue queue) {
        final int excess = queue.count() - limits.queuedMessages() / CoreLimits.LONG_SHARE;
        final boolean hasManyBytes = queue.bytes() > limits.queuedBytes() / CoreLimits.LONG_SHARE;
        return publisher != null
                && (hasManyBytes || excess > 0 && (queue.holder() == null || excess % MESSAGES_BETWEEN_SIGNALS == 1));
    }

    private static boolean isMember(final Session session, final ShareGroup group) {
        final List<Subscription> shared = session.shared();
        for (int i = 0; i < shared.size(); i++) {
            if (shared.get(i).group() == group) {
                return true;
            }
        }
        return false;
    }

    private void holdBack(final PendingQueue queue, final Session holder) {
        queue.holder(holder);
        output.onBehind(holder.lane(), holder.connectionId(), publisher.connectionId());
    }

    /** Something has left a queue. */
    void onTaken(final PendingQueue queue) {
        if (queue.holder() != null && isShort(queue)) {
            release(queue);
        }
    }

    /** Whether so little waits that those who are held back may go on. */
    private boolean isShort(final PendingQueue queue) {
        final int messages = limits.queuedMessages() / CoreLimits.LONG_SHARE;
        final long bytes = limits.queuedBytes() / CoreLimits.LONG_SHARE;
        return queue.count() <= messages - messages / CAUGHT_UP_SHARE
                && queue.bytes() <= bytes - bytes / CAUGHT_UP_SHARE;
    }

    /** The agent knows of one reason only: it hears nothing while the holder has another queue to answer for. */
    private void release(final PendingQueue queue) {
        final Session holder = queue.holder();
        queue.holder(null);
        if (!isHolder(holder)) {
            output.onCaughtUp(holder.lane(), holder.connectionId());
        }
    }

    private static boolean isHolder(final Session session) {
        boolean isHolder = session.pending().holder() != null;
        for (int i = 0; i < session.shared().size(); i++) {
            isHolder |= session.shared().get(i).group().waiting().holder() == session;
        }
        return isHolder;
    }

    /** A session leaves a group; if that is long still, the next message for it names another holder. */
    void onUnsubscribe(final Session session, final ShareGroup group) {
        if (group.waiting().holder() == session) {
            release(group.waiting());
        }
    }

    /** A session has lost its connection, and its agent has let all publishers go on. */
    void onAway(final Session session) {
        session.pending().holder(null);
        for (int i = 0; i < session.shared().size(); i++) {
            final PendingQueue waiting = session.shared().get(i).group().waiting();
            if (waiting.holder() == session) {
                waiting.holder(null);
            }
        }
    }
}
