package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Counts failed attempts by address, IPv6 by the first 64 bits: each failure is answered later than the one before, and
 * after some an address is refused for a while without being looked at. A success doesn't clear the count, or who has one
 * account could guess at others for ever. Any thread.
 */
final class GuessingGuard {
    private static final String LOCAL = "this machine";
    private static final int PREFIX_BYTES = 8;
    private static final int MAX_SHIFT = 20;

    /** There are enough failures already: nothing is to be told of this one. */
    static final long TOO_MANY = -1;

    /** So many of those that were quiet for longest are looked at for one that isn't locked out. */
    private static final int EVICTION_SEARCH = 64;

    /**
     * Bounds; times in nanoseconds.
     *
     * @param maxFailures within the window before an address is locked out; 0 for no lock-out.
     * @param delayNs before the first failure is answered; doubled with each one more.
     * @param addresses that are remembered.
     * @param countsLocal whether clients on this machine are counted as well, all of them together.
     */
    record Limits(
            int maxFailures,
            long windowNs,
            long lockoutNs,
            long delayNs,
            long maxDelayNs,
            int addresses,
            boolean countsLocal) {}

    private static final class Failures {
        private int count;
        private long windowStartNs;
        private boolean locked;
        private long lockedUntilNs;

        /** Until then the last failure would be answered, were it answered late. */
        private long delayedUntilNs;
    }

    private final Limits limits;
    private final LongSupplier clockNs;
    private final Counters counters;
    private final Consumer<String> eventLog;
    private final LinkedHashMap<String, Failures> byAddress = new LinkedHashMap<>(16, 0.75f, true);

    /** @param clockNs monotonic, nanoseconds. */
    GuessingGuard(
            final Limits limits, final LongSupplier clockNs, final Counters counters, final Consumer<String> eventLog) {
        this.limits = limits;
        this.clockNs = clockNs;
        this.counters = counters;
        this.eventLog = eventLog;
    }

    private boolean isCounted(final String address) {
        return address != null || limits.countsLocal();
    }

    /**
     * Whether nothing is to be looked at that comes from an address.
     *
     * @param address without the port; null for this machine.
     */
    boolean isLocked(final String address) {
        return isCounted(address) && isLockedKey(key(address));
    }

    private synchronized boolean isLockedKey(final String key) {
        final Failures failures = byAddress.get(key);
        return failures != null && isLocked(failures, clockNs.getAsLong());
    }

    private static boolean isLocked(final Failures failures, final long nowNs) {
        return failures.locked && failures.lockedUntilNs - nowNs > 0;
    }

    /**
     * Whether an address has failed so recently that it has to wait: for what can't answer late, and refuses instead.
     *
     * @param address without the port; null for this machine.
     */
    boolean isDelayed(final String address) {
        return isCounted(address) && isDelayedKey(key(address));
    }

    private synchronized boolean isDelayedKey(final String key) {
        final Failures failures = byAddress.get(key);
        return failures != null && failures.count > 0 && failures.delayedUntilNs - clockNs.getAsLong() > 0;
    }

    /** The verdict about who comes from an address that is locked out. */
    AuthVerdict lockedOut() {
        counters.increment(CounterId.AUTH_LOCKED_OUT);
        return AuthVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "");
    }

    /**
     * Notes a wrong name or proof. Of guesses that are looked at at the same time only as many are answered as are allowed.
     *
     * @return nanoseconds after which it is to be answered; {@link #TOO_MANY} if the address is locked out.
     */
    long failed(final String address) {
        if (!isCounted(address)) {
            return 0;
        }
        final String key = key(address);
        final int count = note(key);
        if (count == 0) {
            return TOO_MANY;
        }
        if (limits.maxFailures() > 0 && count == limits.maxFailures()) {
            eventLog.accept("locked out for " + TimeUnit.NANOSECONDS.toSeconds(limits.lockoutNs()) + " s: " + key
                    + ", after " + count + " failed attempts");
        }
        return delayNs(count);
    }

    private long delayNs(final int count) {
        return Math.min(limits.maxDelayNs(), limits.delayNs() << Math.min(MAX_SHIFT, count - 1));
    }

    /** Returns how many failures there are now; 0 if the address is locked out, for which they aren't counted. */
    private synchronized int note(final String key) {
        final long nowNs = clockNs.getAsLong();
        Failures failures = byAddress.get(key);
        if (failures == null) {
            makeRoom(nowNs);
            failures = new Failures();
            failures.windowStartNs = nowNs;
            byAddress.put(key, failures);
        } else if (isLocked(failures, nowNs)) {
            return 0;
        } else if (failures.locked || nowNs - failures.windowStartNs > limits.windowNs()) {
            failures.locked = false;
            failures.count = 0;
            failures.windowStartNs = nowNs;
        }
        failures.count++;
        failures.delayedUntilNs = nowNs + delayNs(failures.count);
        if (limits.maxFailures() > 0 && failures.count == limits.maxFailures()) {
            failures.locked = true;
            failures.lockedUntilNs = nowNs + limits.lockoutNs();
        }
        return failures.count;
    }

    /** Whoever was quiet for longest is forgotten; who is locked out only if all that were quiet are. */
    private void makeRoom(final long nowNs) {
        if (byAddress.size() < limits.addresses()) {
            return;
        }
        final Iterator<Map.Entry<String, Failures>> eldest =
                byAddress.entrySet().iterator();
        for (int i = 0; i < EVICTION_SEARCH && eldest.hasNext(); i++) {
            if (!isLocked(eldest.next().getValue(), nowNs)) {
                eldest.remove();
                return;
            }
        }
        byAddress.remove(byAddress.keySet().iterator().next());
    }

    /** Number of addresses that are remembered. */
    synchronized int size() {
        return byAddress.size();
    }

    private static String key(final String address) {
        if (address == null) {
            return LOCAL;
        }
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            final int zone = address.indexOf('%');
            final InetAddress parsed = InetAddress.getByName(zone < 0 ? address : address.substring(0, zone));
            return parsed instanceof Inet6Address
                    ? HexFormat.ofDelimiter(":").formatHex(Arrays.copyOf(parsed.getAddress(), PREFIX_BYTES)) + "/64"
                    : parsed.getHostAddress();
        } catch (final UnknownHostException ex) {
            return address;
        }
    }
}
