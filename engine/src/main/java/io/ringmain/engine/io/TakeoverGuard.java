package io.ringmain.engine.io;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Damps two clients with one id that take the session from each other for ever: an id that is taken over too often is
 * let in no more for a while. Knows the ids with takeovers of late, up to a bound. Confined to one I/O agent.
 *
 * <p>Looking an id up allocates nothing: a buffer is equal to another by its bytes. An id that goes on trying stays
 * known, so that nobody gets rid of a ban by taking over many other ids.
 */
final class TakeoverGuard {
    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_IDS = 4096;

    private final IoLimits limits;
    private final Map<UnsafeBuffer, History> histories = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<UnsafeBuffer, History> eldest) {
            return size() > MAX_IDS;
        }
    };

    private static final class History {
        long windowStartNs;
        int takeovers;
        long bannedUntilNs;
    }

    /** @param limits how many takeovers there may be in a minute, and for how long an id is let in no more. */
    TakeoverGuard(final IoLimits limits) {
        this.limits = limits;
    }

    /**
     * A connection was taken over.
     *
     * @param clientId kept; its bytes never change.
     * @return true if that was once too often, and a ban begins.
     */
    boolean onTakeover(final UnsafeBuffer clientId, final long nowNs) {
        if (limits.takeovers() == 0) {
            return false;
        }
        final History history = histories.computeIfAbsent(clientId, id -> new History());
        if (nowNs - history.windowStartNs > WINDOW_NS) {
            history.windowStartNs = nowNs;
            history.takeovers = 0;
        }
        if (++history.takeovers < limits.takeovers()) {
            return false;
        }
        history.takeovers = 0;
        history.bannedUntilNs = nowNs + limits.takeoverBanNs();
        return true;
    }

    /** How many ids are known. */
    int size() {
        return histories.size();
    }

    boolean isBanned(final UnsafeBuffer clientId, final long nowNs) {
        final History history = histories.get(clientId);
        return history != null && nowNs < history.bannedUntilNs;
    }
}
