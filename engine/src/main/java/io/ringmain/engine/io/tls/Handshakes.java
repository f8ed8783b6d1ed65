package io.ringmain.engine.io.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hand-shakes of all listeners: how many are computed or wait for that, and the threads that do it. One that waits for
 * its client has no place here: clients that say nothing more would keep all others out. How many of those there may be,
 * in all and of one address, the bounds of half-open connections say. Any thread.
 */
public final class Handshakes {
    public static final int DEFAULT_LIMIT = 200;

    private static final int KEEP_ALIVE_S = 30;
    private static final int MAX_THREADS = 8;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final Executor executor;
    private volatile int limit = DEFAULT_LIMIT;

    public Handshakes() {
        this(newExecutor());
    }

    Handshakes(final Executor executor) {
        this.executor = executor;
    }

    private static Executor newExecutor() {
        final int threads =
                Math.max(1, Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors() / 2));
        final ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, KEEP_ALIVE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    final Thread thread = new Thread(task, "tls-handshake");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Where no hand-shake may begin any more: when so many are computed, or wait for that; those under way go on. */
    public void limit(final int handshakes) {
        limit = handshakes;
    }

    /** Hand-shakes that are computed now, or wait for that. */
    public int inFlight() {
        return inFlight.get();
    }

    /**
     * Has a step computed. Only the first of a hand-shake can be refused: what has begun is worth more than what hasn't,
     * and each connection has one step here at most.
     *
     * @param whenDone called when the agent has it back.
     * @return false if there are as many as there may be; nothing will be done.
     */
    boolean tryExecute(final Handshake step, final Runnable whenDone) {
        if (inFlight.incrementAndGet() > limit && !step.begun) {
            inFlight.decrementAndGet();
            return false;
        }
        step.begin(whenDone);
        executor.execute(() -> run(step));
        return true;
    }

    /** The place is free before anybody hears that the step is done. */
    private void run(final Handshake step) {
        try {
            step.compute();
        } finally {
            inFlight.decrementAndGet();
            step.end();
        }
    }
}
