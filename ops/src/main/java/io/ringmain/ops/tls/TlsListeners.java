package io.ringmain.ops.tls;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.ChannelLayer;
import io.ringmain.engine.io.tls.Handshakes;
import io.ringmain.engine.io.tls.TlsLayer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * TLS of all listeners of a running broker, and what it is replaced with. All or nothing: if the files of one listener
 * can't be used, all keep what they have. Any thread, one at a time.
 */
public final class TlsListeners {
    private final Handshakes handshakes = new Handshakes();
    private final Counters counters;
    private final Map<String, TlsLayer> layers = new TreeMap<>();
    private Map<String, LoadedTls> loaded;
    private Map<String, String> failedStamps = Map.of();

    public TlsListeners(final Counters counters, final Map<String, LoadedTls> loaded, final int maxHandshakes) {
        this.counters = counters;
        this.loaded = Map.copyOf(loaded);
        handshakes.limit(maxHandshakes);
        loaded.forEach((name, tls) -> layers.put(name, new TlsLayer(handshakes, counters, tls.settings())));
    }

    /** Null if the listener has no TLS. */
    public ChannelLayer layer(final String listener) {
        return layers.get(listener);
    }

    /**
     * From now on this holds for new connections; those that are there stay. What was read before this is called can't
     * fail any more, so that it can be the last step of a reload of everything. A listener that gets or loses TLS has to
     * wait for the next start.
     */
    public synchronized void replace(final Map<String, LoadedTls> newlyLoaded, final int maxHandshakes) {
        final Map<String, LoadedTls> known = new HashMap<>(newlyLoaded);
        known.keySet().retainAll(layers.keySet());
        final Map<String, LoadedTls> all = new HashMap<>(loaded);
        all.putAll(known);
        loaded = Map.copyOf(all);
        failedStamps = Map.of();
        handshakes.limit(maxHandshakes);
        loaded.forEach((name, tls) -> layers.get(name).reload(tls.settings()));
        counters.increment(CounterId.TLS_RELOADS);
    }

    /**
     * Reads the files again if one of them has changed since they were used, and says what came of it; the same failure
     * only once.
     *
     * @return whether they were replaced.
     */
    public synchronized boolean reloadChanged(final Consumer<String> log) {
        final Map<String, String> stamps = new HashMap<>();
        loaded.forEach((name, tls) -> stamps.put(name, LoadedTls.stampOf(tls.tls())));
        final boolean isUnchanged = loaded.entrySet().stream()
                .allMatch(entry -> entry.getValue().stamp().equals(stamps.get(entry.getKey())));
        if (isUnchanged || stamps.equals(failedStamps)) {
            return false;
        }
        final Map<String, LoadedTls> fresh = new HashMap<>();
        for (final Map.Entry<String, LoadedTls> entry : loaded.entrySet()) {
            try {
                final LoadedTls tls = LoadedTls.of(entry.getValue().tls());
                tls.warnings().forEach(log);
                fresh.put(entry.getKey(), tls);
            } catch (final TlsFileException ex) {
                failedStamps = stamps;
                counters.increment(CounterId.TLS_RELOADS_FAILED);
                log.accept("TLS files of listener " + entry.getKey() + " have changed and can't be used, the old ones"
                        + " stay: " + ex.getMessage());
                return false;
            }
        }
        loaded = Map.copyOf(fresh);
        failedStamps = Map.of();
        loaded.forEach((name, tls) -> layers.get(name).reload(tls.settings()));
        counters.increment(CounterId.TLS_RELOADS);
        log.accept("TLS files have changed: new connections get them, the others stay");
        return true;
    }

    /** Looks for changes every so many milliseconds, on a thread of its own that keeps no process alive. */
    public void watch(final long intervalMs, final Consumer<String> log) {
        if (layers.isEmpty() || intervalMs == 0) {
            return;
        }
        final Thread watcher = new Thread(() -> watchForEver(intervalMs, log), "tls-files");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void watchForEver(final long intervalMs, final Consumer<String> log) {
        try {
            while (true) {
                Thread.sleep(intervalMs);
                try {
                    reloadChanged(log);
                } catch (final RuntimeException ex) {
                    log.accept("TLS files can't be looked at: " + ex);
                }
            }
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
