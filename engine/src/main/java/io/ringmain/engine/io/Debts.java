package io.ringmain.engine.io;

import org.agrona.DirectBuffer;

/**
 * What clients that have gone still owe of their rate, as the time at which their buckets are full again. A user owes it
 * under whatever client id it comes back, to whichever agent; who has no user name owes it under its id. Bounded: who
 * would be out of debt first is forgotten first. Any thread; asked once when a client comes and once when it goes.
 */
final class Debts {
    private static final int DEBTORS = 1 << 14;
    private static final long FNV_BASIS = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01B3L;

    private final RateTable table;

    /** @param seed that nobody knows outside. */
    Debts(final long seed) {
        table = new RateTable(DEBTORS, seed);
    }

    /**
     * When the bucket is full again; the past, or 0, if it is.
     *
     * @param username null if there is none.
     */
    synchronized long of(final String username, final DirectBuffer clientId) {
        return table.fullAtNs(key(username, clientId));
    }

    /** Of those who owe under the same name, the one that owes most counts. */
    synchronized void note(final String username, final DirectBuffer clientId, final long fullAtNs) {
        final long key = key(username, clientId);
        table.fullAtNs(key, Math.max(table.fullAtNs(key), fullAtNs));
    }

    private static long key(final String username, final DirectBuffer clientId) {
        long hash = FNV_BASIS;
        if (username == null) {
            for (int i = 0; i < clientId.capacity(); i++) {
                hash = (hash ^ clientId.getByte(i)) * FNV_PRIME;
            }
            return hash;
        }
        for (int i = 0; i < username.length(); i++) {
            hash = (hash ^ username.charAt(i)) * FNV_PRIME;
        }
        // A user is nobody's client id.
        return ~hash;
    }
}
