package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there are, in all and of each address, and how many of them have not got past their CONNECT. An
 * address is a text, null for loopback, which no bound per address holds for. One agent accepts for all, so only one
 * thread enters; any thread may do the rest.
 */
final class Admission {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger halfOpen = new AtomicInteger();
    private final ConcurrentHashMap<String, Counts> byAddress = new ConcurrentHashMap<>();

    private record Counts(int open, int halfOpen) {
        static final Counts NONE = new Counts(0, 0);

        Counts add(final int moreOpen, final int moreHalfOpen) {
            final Counts sum = new Counts(open + moreOpen, halfOpen + moreHalfOpen);
            return sum.open == 0 ? null : sum;
        }
    }

    /**
     * Takes in a connection that is half-open, unless that is one too many.
     *
     * @return null if it was taken in, else the counter of the bound that keeps it out.
     */
    CounterId enter(final String address, final IoLimits limits) {
        if (open.get() >= limits.maxConnections()) {
            return CounterId.CONNECTIONS_REFUSED_LIMIT;
        }
        if (halfOpen.get() >= limits.maxHalfOpen()) {
            return CounterId.CONNECTIONS_REFUSED_HALF_OPEN;
        }
        if (address != null) {
            final Counts counts = byAddress.getOrDefault(address, Counts.NONE);
            if (counts.open >= limits.maxConnectionsPerAddress()) {
                return CounterId.CONNECTIONS_REFUSED_ADDRESS;
            }
            if (counts.halfOpen >= limits.maxHalfOpenPerAddress()) {
                return CounterId.CONNECTIONS_REFUSED_HALF_OPEN;
            }
        }
        change(address, 1, 1);
        return null;
    }

    /** A connection is not half-open any more. */
    void opened(final String address) {
        change(address, 0, -1);
    }

    void leave(final String address, final boolean isHalfOpen) {
        change(address, -1, isHalfOpen ? -1 : 0);
    }

    private void change(final String address, final int moreOpen, final int moreHalfOpen) {
        open.addAndGet(moreOpen);
        halfOpen.addAndGet(moreHalfOpen);
        if (address != null) {
            byAddress.compute(
                    address, (key, counts) -> (counts == null ? Counts.NONE : counts).add(moreOpen, moreHalfOpen));
        }
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
