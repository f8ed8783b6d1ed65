package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections there are, in all and of each address, how many of them have not got past their CONNECT, how many
 * bytes are kept for those, and how fast new ones come. An address is an {@link AddressKey}; of those that are LOCAL no
 * bound per address holds, nor a rate. One agent accepts for all and finds out addresses, so only one thread enters and
 * moves; any thread may do the rest.
 */
final class Admission {
    private static final int RATED_ADDRESSES = 1 << 14;
    private static final long BURST_NS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger halfOpen = new AtomicInteger();
    private final AtomicLong heldBytes = new AtomicLong();
    private final ConcurrentHashMap<Long, Counts> byAddress = new ConcurrentHashMap<>();
    private final RateTable rates;
    private long rateFullAtNs;

    private record Counts(int open, int halfOpen) {
        static final Counts NONE = new Counts(0, 0);

        Counts add(final int moreOpen, final int moreHalfOpen) {
            final Counts sum = new Counts(open + moreOpen, halfOpen + moreHalfOpen);
            return sum.open == 0 ? null : sum;
        }
    }

    /** @param seed that nobody knows outside. */
    Admission(final long seed) {
        rates = new RateTable(RATED_ADDRESSES, seed);
    }

    /**
     * Takes in a connection that is half-open, unless that is one too many.
     *
     * @return null if it was taken in, else the counter of the bound that keeps it out.
     */
    CounterId enter(final long address, final IoLimits limits, final long nowNs) {
        if (open.get() >= limits.maxConnections()) {
            return CounterId.CONNECTIONS_REFUSED_LIMIT;
        }
        if (halfOpen.get() >= limits.maxHalfOpen()) {
            return CounterId.CONNECTIONS_REFUSED_HALF_OPEN;
        }
        final CounterId refused = address == AddressKey.LOCAL ? null : refusal(address, limits, nowNs);
        if (refused == null) {
            open.incrementAndGet();
            halfOpen.incrementAndGet();
            change(address, 1, 1);
        }
        return refused;
    }

    /**
     * A connection that is half-open turns out to come from another address.
     *
     * @return null if that is as well, else the counter of the bound that keeps it out; it has still to leave, from where
     *     it was.
     */
    CounterId move(final long from, final long to, final IoLimits limits, final long nowNs) {
        final CounterId refused = to == AddressKey.LOCAL || to == from ? null : refusal(to, limits, nowNs);
        if (refused == null) {
            change(to, 1, 1);
            change(from, -1, -1);
        }
        return refused;
    }

    private CounterId refusal(final long address, final IoLimits limits, final long nowNs) {
        final Counts counts = byAddress.getOrDefault(address, Counts.NONE);
        if (counts.open >= limits.maxConnectionsPerAddress()) {
            return CounterId.CONNECTIONS_REFUSED_ADDRESS;
        }
        if (counts.halfOpen >= limits.maxHalfOpenPerAddress()) {
            return CounterId.CONNECTIONS_REFUSED_HALF_OPEN;
        }
        final long addressFullAtNs = rates.fullAtNs(address);
        if (!TokenBucket.hasToken(addressFullAtNs, nowNs, limits.acceptsPerSecondPerAddress(), BURST_NS)) {
            return CounterId.CONNECTIONS_REFUSED_ADDRESS_RATE;
        }
        // The address first: one that comes too often must not use up what there is for all.
        if (!TokenBucket.hasToken(rateFullAtNs, nowNs, limits.acceptsPerSecond(), BURST_NS)) {
            return CounterId.CONNECTIONS_REFUSED_RATE;
        }
        rates.fullAtNs(address, TokenBucket.take(addressFullAtNs, nowNs, 1, limits.acceptsPerSecondPerAddress()));
        rateFullAtNs = TokenBucket.take(rateFullAtNs, nowNs, 1, limits.acceptsPerSecond());
        return null;
    }

    /** A connection is not half-open any more. */
    void opened(final long address) {
        halfOpen.decrementAndGet();
        change(address, 0, -1);
    }

    void leave(final long address, final boolean isHalfOpen) {
        open.decrementAndGet();
        halfOpen.addAndGet(isHalfOpen ? -1 : 0);
        change(address, -1, isHalfOpen ? -1 : 0);
    }

    private void change(final long address, final int moreOpen, final int moreHalfOpen) {
        if (address != AddressKey.LOCAL) {
            byAddress.compute(
                    address, (key, counts) -> (counts == null ? Counts.NONE : counts).add(moreOpen, moreHalfOpen));
        }
    }

    /**
     * More bytes, or fewer, are kept for a connection that is half-open.
     *
     * @return false if there would be too many then, in all; nothing has changed.
     */
    boolean hold(final int moreBytes, final long maxBytes) {
        if (heldBytes.addAndGet(moreBytes) > maxBytes && moreBytes > 0) {
            heldBytes.addAndGet(-moreBytes);
            return false;
        }
        return true;
    }

    long heldBytes() {
        return heldBytes.get();
    }

    int openCount() {
        return open.get();
    }

    int halfOpenCount() {
        return halfOpen.get();
    }

    /** Number of addresses that have connections. */
    int addressCount() {
        return byAddress.size();
    }
}
