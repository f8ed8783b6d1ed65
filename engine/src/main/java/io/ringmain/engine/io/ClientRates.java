package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.protocol.Qos;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * How fast the clients of one agent may publish and subscribe: a token bucket each for messages, for bytes, and for
 * filters. A client that is beyond its rate isn't read until there are tokens again, so that TCP slows it down; or what
 * it publishes is refused, if that is wanted and it can be told.
 *
 * <p>A packet needs one token and takes what it costs, so that one that is larger than a bucket passes as well; what it
 * takes too much is waited for. What is refused for another reason costs the same: it is work as well. What a client owes
 * when it goes it still owes when it comes back, see {@link Debts}.
 */
final class ClientRates {
    private static final int FIRST_CAPACITY = 16;
    private static final int BOUNDED_READ_BYTES = 16 << 10;
    private static final int UNBOUNDED_READ_BYTES = 1 << 30;

    /** A client that has to wait does so for at least so long: to go on for each single message would cost a lot. */
    private static final long MIN_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** And for at most so long, to be looked at again: it may have gone meanwhile, or there may be another policy. */
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final IoAgent agent;
    private final IoLimits limits;
    private final PriorityQueue<Connection> held =
            new PriorityQueue<>(FIRST_CAPACITY, Comparator.comparingLong((Connection held) -> held.heldUntilNs));
    private final Debts debts;

    ClientRates(final IoAgent agent, final Debts debts) {
        this.agent = agent;
        this.limits = agent.limits();
        this.debts = debts;
    }

    /**
     * Whether a PUBLISH has to wait: then its connection is not read until it needn't.
     *
     * @param first byte of the packet.
     */
    boolean holdsPublish(final Connection connection, final int first) {
        if (!limits.boundsPublishing() || mayPublish(connection)) {
            return false;
        }
        // To 3.x there is no word for it.
        final boolean canRefuse = connection.isV5() || (first >> 1 & 3) == Qos.AT_MOST_ONCE;
        if (limits.publishRateRefuses() && canRefuse) {
            return false;
        }
        agent.count(CounterId.PUBLISHERS_DELAYED);
        hold(connection, Math.max(messageTokenNs(connection), byteTokenNs(connection)));
        return true;
    }

    /** Whether a PUBLISH that needn't wait is beyond the rate. */
    boolean refusesPublish(final Connection connection) {
        return limits.boundsPublishing() && limits.publishRateRefuses() && !mayPublish(connection);
    }

    private boolean mayPublish(final Connection connection) {
        final long nowNs = agent.nowNs();
        return nowNs >= messageTokenNs(connection) && nowNs >= byteTokenNs(connection);
    }

    private long messageTokenNs(final Connection connection) {
        return tokenNs(connection.publishFullAtNs, limits.publishRate(), limits.publishBurstNs());
    }

    private long byteTokenNs(final Connection connection) {
        return tokenNs(connection.publishBytesFullAtNs, limits.publishBytesPerSecond(), limits.publishBurstNs());
    }

    /** From when on there is a token. */
    private static long tokenNs(final long fullAtNs, final long perSecond, final long burstNs) {
        return perSecond == 0 ? 0 : TokenBucket.hasTokenAtNs(fullAtNs, perSecond, burstNs);
    }

    /** A PUBLISH of so many bytes went through, or was refused for another reason than its client's rate. */
    void published(final Connection connection, final int length) {
        if (limits.publishRate() > 0) {
            connection.publishFullAtNs =
                    TokenBucket.take(connection.publishFullAtNs, agent.nowNs(), 1, limits.publishRate());
        }
        if (limits.publishBytesPerSecond() > 0) {
            connection.publishBytesFullAtNs = TokenBucket.take(
                    connection.publishBytesFullAtNs, agent.nowNs(), length, limits.publishBytesPerSecond());
        }
    }

    /** As {@link #holdsPublish}, for a SUBSCRIBE or an UNSUBSCRIBE. */
    boolean holdsSubscribe(final Connection connection) {
        final long tokenNs = tokenNs(connection.subscribeFullAtNs, limits.subscribeRate(), MAX_WAIT_NS);
        if (agent.nowNs() >= tokenNs) {
            return false;
        }
        agent.count(CounterId.SUBSCRIBERS_DELAYED);
        hold(connection, tokenNs);
        return true;
    }

    /** A SUBSCRIBE or an UNSUBSCRIBE of so many filters went through. */
    void subscribed(final Connection connection, final int filters) {
        if (limits.subscribeRate() > 0) {
            connection.subscribeFullAtNs =
                    TokenBucket.take(connection.subscribeFullAtNs, agent.nowNs(), filters, limits.subscribeRate());
        }
    }

    /**
     * How much is read at once: what a client has to wait with is kept, and where many have to that must not be much; it
     * can wait in their kernels.
     */
    int maxReadBytes() {
        return limits.boundsPublishing() ? BOUNDED_READ_BYTES : UNBOUNDED_READ_BYTES;
    }

    private void hold(final Connection connection, final long untilNs) {
        final long nowNs = agent.nowNs();
        final long leastNs = nowNs + Math.min(MIN_WAIT_NS, Math.max(1, limits.publishBurstNs()));
        connection.heldUntilNs = Math.min(Math.max(untilNs, leastNs), nowNs + MAX_WAIT_NS);
        held.add(connection);
    }

    /** Goes on with those that have waited long enough. */
    int resume() {
        int count = 0;
        while (!held.isEmpty() && held.peek().heldUntilNs <= agent.nowNs()) {
            final Connection connection = held.poll();
            connection.heldUntilNs = 0;
            agent.retry(connection);
            count++;
        }
        return count;
    }

    /** When the next of those that wait goes on; {@link Long#MAX_VALUE} if none waits. */
    long nextResumeNs() {
        return held.isEmpty() ? Long.MAX_VALUE : held.peek().heldUntilNs;
    }

    /** A client has come: maybe it owes something. */
    void opened(final Connection connection) {
        if (limits.boundsPublishing()) {
            final long owedNs = debts.of(connection.access.identity().username(), connection.clientId);
            connection.publishFullAtNs = owedNs;
            connection.publishBytesFullAtNs = owedNs;
        }
    }

    /** A client goes. */
    void closed(final Connection connection) {
        final long owedNs = Math.max(connection.publishFullAtNs, connection.publishBytesFullAtNs);
        if (owedNs > agent.nowNs()) {
            debts.note(connection.access.identity().username(), connection.clientId, owedNs);
        }
    }
}
