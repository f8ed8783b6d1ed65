package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A few threads for what takes too long for an I/O agent, and a bounded queue before them. Who finds the queue full is
 * refused; who waits in it while its address is locked out costs nothing any more.
 */
final class WorkerPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor executor;
    private final GuessingGuard guard;
    private final Counters counters;

    /**
     * @param name of the threads.
     * @param threads at most; they end when there is nothing to do for a while.
     * @param queued tasks that wait at most.
     */
    WorkerPool(
            final String name,
            final int threads,
            final int queued,
            final GuessingGuard guard,
            final Counters counters) {
        this.guard = guard;
        this.counters = counters;
        final AtomicInteger number = new AtomicInteger();
        this.executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queued), task -> {
                    final Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has a verdict found by a thread of the pool; refuses at once if it has too much to do. Any thread. */
    CompletableFuture<AuthVerdict> submit(final Credentials credentials, final Supplier<AuthVerdict> task) {
        try {
            return CompletableFuture.supplyAsync(
                    () -> guard.isLocked(credentials.address()) ? guard.lockedOut() : task.get(), executor);
        } catch (final RejectedExecutionException ex) {
            counters.increment(CounterId.AUTH_QUEUE_FULL);
            return CompletableFuture.completedFuture(
                    AuthVerdict.refuse(ReasonCode.QUOTA_EXCEEDED, "too many clients wait for their verdict"));
        }
    }

    /** What waits is still done; nothing more is taken. */
    @Override
    public void close() {
        executor.shutdown();
    }
}
