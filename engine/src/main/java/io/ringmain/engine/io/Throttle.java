package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import org.agrona.collections.LongHashSet;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Back-pressure of subscribers on those who publish to them: while a subscriber is behind, its publishers are not read,
 * so that TCP slows them down and nothing has to be dropped. It is behind when more bytes wait for its socket than may,
 * or more messages with QoS 1 and 2 in the core than a quarter of what may. After a time the subscriber is left behind: its
 * publishers go on, and what it can't take is dropped until it has caught up.
 *
 * <p>Publisher and subscriber may belong to different agents; one tells the other through a queue. Where the core finds that
 * a queue is long it pauses the publisher through the same queue, past the lanes, and tells the subscriber's agent behind
 * that, through its lane: that agent takes the pause over, to end it later, or ends it at once. So an end always comes behind
 * its pause, and what a publisher may still add is bounded by {@link HoldBack}. Everything else is confined to the agent of
 * the connection.
 */
final class Throttle {
    private static final int SIGNALS_CHUNK = 64;

    /** So many times what may be on its way is kept for all subscribers together. */
    private static final int KEPT_SHARES = 4;

    private final IoAgent agent;
    private final IoLimits limits;
    private final long onTheWayBytes;

    /** Ids of publishers: to be paused, or negative, to be resumed. Of one subscriber in this order. */
    private final MpscUnboundedArrayQueue<Long> signals = new MpscUnboundedArrayQueue<>(SIGNALS_CHUNK);

    private Throttle[] peers = {this};
    private long keptBytes;

    /** @param onTheWayBytes what may be in ring and lane when a publisher is paused. */
    Throttle(final IoAgent agent, final IoLimits limits, final long onTheWayBytes) {
        this.agent = agent;
        this.limits = limits;
        this.onTheWayBytes = onTheWayBytes;
    }

    void peers(final IoAgent[] agents) {
        peers = new Throttle[agents.length];
        for (int i = 0; i < agents.length; i++) {
            peers[i] = agents[i].throttle();
        }
    }

    /**
     * Whether a message for a subscriber that is behind is kept: then its publisher is not read until the subscriber has
     * caught up.
     *
     * @param publisherId connection that published, 0 if it was none.
     * @param length of the packet in bytes.
     */
    boolean keeps(final Connection subscriber, final long publisherId, final int length) {
        if (publisherId == 0
                || subscriber.leftBehind
                || limits.slowConsumerWaitNs() == 0
                || waitingBytes(subscriber) + length > limits.outboundBytes() + onTheWayBytes
                || keptBytes + length > KEPT_SHARES * onTheWayBytes) {
            return false;
        }
        keptBytes += length;
        subscriber.keptBytes += length;
        if (holdBack(subscriber, publisherId)) {
            signal(publisherId, publisherId);
        }
        return true;
    }

    /**
     * Pauses a publisher for a subscriber whose agent is told next, see {@link #onQueue}. The core's thread, whether that
     * runs the agents or not.
     */
    void pause(final long publisherId) {
        owner(publisherId).post(publisherId);
    }

    /**
     * What the core says of the queue with QoS 1 and 2 of a subscriber.
     *
     * @param publisherId connection that has added to it when it was long already, and that is {@link #pause paused} for
     *     it; 0 if it is short again.
     */
    void onQueue(final Connection subscriber, final long publisherId) {
        subscriber.queueIsBehind = publisherId != 0;
        if (publisherId == 0) {
            onTaken(subscriber);
        } else if (subscriber.leftBehind || limits.slowConsumerWaitNs() == 0 || !holdBack(subscriber, publisherId)) {
            endPause(publisherId);
        }
    }

    /**
     * Ends a pause of the core's that is for nobody.
     *
     * @param publisherId 0 if there is none.
     */
    void endPause(final long publisherId) {
        if (publisherId != 0) {
            signal(publisherId, -publisherId);
        }
    }

    /** Whether the publisher wasn't held back for the subscriber already. */
    private boolean holdBack(final Connection subscriber, final long publisherId) {
        if (subscriber.throttled == null) {
            subscriber.throttled = new LongHashSet();
        }
        if (subscriber.throttled.isEmpty()) {
            subscriber.behindSinceNs = agent.nowNs();
        }
        final boolean isNew = subscriber.throttled.add(publisherId);
        if (isNew) {
            agent.count(CounterId.PUBLISHERS_PAUSED);
        }
        return isNew;
    }

    /** A subscriber has taken bytes, or the acknowledgements of messages have come. */
    void onTaken(final Connection subscriber) {
        if ((subscriber.throttled != null || subscriber.leftBehind)
                && !subscriber.queueIsBehind
                && waitingBytes(subscriber) <= limits.outboundBytes() / 2) {
            subscriber.leftBehind = false;
            release(subscriber);
        }
    }

    private static long waitingBytes(final Connection subscriber) {
        return (long) subscriber.outbound.unsentBytes() + subscriber.outbound.deferredBytes();
    }

    /** Gives up on a subscriber that has been behind for too long. */
    void check(final Connection subscriber, final long nowNs) {
        if (subscriber.throttled != null && nowNs - subscriber.behindSinceNs > limits.slowConsumerWaitNs()) {
            subscriber.leftBehind = true;
            release(subscriber);
        }
    }

    /** Lets all publishers go on that wait for a subscriber. */
    void release(final Connection subscriber) {
        if (subscriber.throttled != null) {
            final LongHashSet.LongIterator publishers = subscriber.throttled.iterator();
            while (publishers.hasNext()) {
                final long publisherId = publishers.nextValue();
                signal(publisherId, -publisherId);
            }
            subscriber.throttled = null;
            keptBytes -= subscriber.keptBytes;
            subscriber.keptBytes = 0;
        }
    }

    private void signal(final long publisherId, final long signal) {
        final Throttle owner = owner(publisherId);
        if (owner == this) {
            // The pause that this is the end of may still be among them.
            takeSignals();
            obey(signal);
        } else {
            owner.post(signal);
        }
    }

    private Throttle owner(final long publisherId) {
        return peers[(int) (publisherId % peers.length)];
    }

    private void post(final long signal) {
        signals.offer(signal);
        agent.wakeup();
    }

    /** Does what other agents, and the core, have asked for. */
    int takeSignals() {
        int count = 0;
        for (Long signal = signals.poll(); signal != null; signal = signals.poll()) {
            obey(signal);
            count++;
        }
        return count;
    }

    private void obey(final long signal) {
        final Connection publisher = agent.connection(Math.abs(signal));
        if (publisher == null) {
            return;
        }
        publisher.pauses += signal > 0 ? 1 : -1;
        publisher.lastReadNs = agent.nowNs();
        if (publisher.pauses == 0 && publisher.restWaits) {
            publisher.restWaits = false;
            agent.retries().add(publisher);
        }
        agent.updateInterest(publisher);
    }
}
