package io.ringmain.engine.io.tls;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hand-shakes of all listeners: how many there are at a time, and the threads that compute them. A connection has at
 * most one step of its hand-shake in the queue, so the bound of one bounds the other. Any thread.
 */
public final class Handshakes {
    public static final int DEFAULT_LIMIT = 200;

    private static final int KEEP_ALIVE_S = 30;
    private static final int MAX_THREADS = 8;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final ThreadPoolExecutor executor;
    private volatile int limit = DEFAULT_LIMIT;

    public Handshakes() {
        final int threads =
                Math.max(1, Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors() / 2));
        executor = new ThreadPoolExecutor(
                threads, threads, KEEP_ALIVE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    final Thread thread = new Thread(task, "tls-handshake");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Most hand-shakes at a time, counted from the first record of the client; those under way go on. */
    public void limit(final int handshakes) {
        limit = handshakes;
    }

    public int inFlight() {
        return inFlight.get();
    }

    /** False when there are as many as there may be; else {@link #end} has to follow. */
    boolean tryBegin() {
        if (inFlight.incrementAndGet() <= limit) {
            return true;
        }
        inFlight.decrementAndGet();
        return false;
    }

    void end() {
        inFlight.decrementAndGet();
    }

    void execute(final Runnable step) {
        executor.execute(step);
    }
}
