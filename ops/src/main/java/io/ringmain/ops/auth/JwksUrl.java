package io.ringmain.ops.auth;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A set of keys that is fetched again and again, in the background: a token waits for nothing. When that fails, the last
 * set that was good stays.
 */
final class JwksUrl implements Supplier<JwtKeys>, AutoCloseable {
    /** A token with a key that nobody knows has the set fetched at once, but not more often than this. */
    private static final long MIN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final HttpExchange http;
    private final URI url;
    private final Consumer<String> eventLog;
    private final ScheduledFuture<?> refreshes;
    private final AtomicLong lastNs = new AtomicLong(System.nanoTime() - MIN_INTERVAL_NS);
    /** One at a time: of two the older answer might come last, and what failed would be said twice. */
    private final AtomicBoolean fetching = new AtomicBoolean();

    private volatile JwtKeys keys = JwtKeys.NONE;
    /** Of whoever fetches. */
    private boolean failed;

    /**
     * Fetches it for the first time, and waits for that.
     *
     * @param refreshNs between two rounds, nanoseconds.
     * @param timeoutNs how long the first may take, nanoseconds.
     */
    JwksUrl(
            final HttpExchange http,
            final URI url,
            final ScheduledExecutorService timer,
            final long refreshNs,
            final long timeoutNs,
            final Consumer<String> eventLog) {
        this.http = http;
        this.url = url;
        this.eventLog = eventLog;
        try {
            fetch().get(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException ex) {
            // It was said, or will be; the next round tries again.
        }
        this.refreshes = timer.scheduleWithFixedDelay(this::fetch, refreshNs, refreshNs, TimeUnit.NANOSECONDS);
    }

    /** Completed when the answer was taken; at once when another fetch is under way. */
    private CompletableFuture<Void> fetch() {
        if (!fetching.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        lastNs.set(System.nanoTime());
        final HttpRequest request =
                HttpRequest.newBuilder(url).header("Accept", "application/json").build();
        return http.send(request).handle((response, failure) -> {
            try {
                if (failure != null) {
                    onFailure(failure.getClass().getName());
                } else {
                    onResponse(response);
                }
            } finally {
                fetching.set(false);
            }
            return null;
        });
    }

    private void onResponse(final HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            onFailure("status " + response.statusCode());
            return;
        }
        try {
            keys = JwtKeys.jwks(new String(response.body(), StandardCharsets.UTF_8));
            if (failed) {
                eventLog.accept("keys of " + url + " are back");
            }
            failed = false;
        } catch (final IllegalArgumentException ex) {
            onFailure(ex.getMessage());
        }
    }

    private void onFailure(final String why) {
        if (!failed) {
            eventLog.accept("keys of " + url + " can't be had: " + why
                    + (keys.size() == 0 ? "; no token is taken" : "; the last ones stay"));
        }
        failed = true;
    }

    /** Fetches it soon, unless that was done just now. Any thread. */
    void refreshSoon() {
        final long last = lastNs.get();
        final long nowNs = System.nanoTime();
        if (nowNs - last >= MIN_INTERVAL_NS && lastNs.compareAndSet(last, nowNs)) {
            fetch();
        }
    }

    @Override
    public JwtKeys get() {
        return keys;
    }

    @Override
    public void close() {
        refreshes.cancel(false);
    }
}
