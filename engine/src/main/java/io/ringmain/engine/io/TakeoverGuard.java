package io.ringmain.engine.io;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Damps two clients with one id that take the session from each other for ever: an id that is taken over too often is
 * let in no more for a while. Knows the ids with takeovers of late, up to a bound. Confined to one I/O agent.
 */
final class TakeoverGuard {
    private static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAX_IDS = 4096;

    private final int maxTakeovers;
    private final long banNs;
    private final Map<String, History> histories = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, History> eldest) {
            return size() > MAX_IDS;
        }
    };

    private static final class History {
        long windowStartNs;
        int takeovers;
        long bannedUntilNs;
    }

    /** @param maxTakeovers in a minute, 0 for no bound. */
    TakeoverGuard(final int maxTakeovers, final long banNs) {
        this.maxTakeovers = maxTakeovers;
        this.banNs = banNs;
    }

    /** A connection was taken over. Returns true if that was once too often, and a ban begins. */
    boolean onTakeover(final String clientId, final long nowNs) {
        if (maxTakeovers == 0) {
            return false;
        }
        final History history = histories.computeIfAbsent(clientId, id -> new History());
        if (nowNs - history.windowStartNs > WINDOW_NS) {
            history.windowStartNs = nowNs;
            history.takeovers = 0;
        }
        if (++history.takeovers < maxTakeovers) {
            return false;
        }
        history.takeovers = 0;
        history.bannedUntilNs = nowNs + banNs;
        return true;
    }

    /** Whether anybody is watched at all: false for all that never saw a takeover. */
    boolean isIdle() {
        return histories.isEmpty();
    }

    boolean isBanned(final String clientId, final long nowNs) {
        final History history = histories.get(clientId);
        return history != null && nowNs < history.bannedUntilNs;
    }
}
