package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerPoolTest {
    private final Counters counters = new Counters();
    private final GuessingGuard guard = new GuessingGuard(
            new GuessingGuard.Limits(1, Long.MAX_VALUE, Long.MAX_VALUE / 4, 0, 0, 16, true),
            System::nanoTime,
            counters,
            line -> {});

    @Test
    void shouldRefuseWhoFindsTheQueueFull() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool("test", 1, 2, guard, counters)) {
            final CountDownLatch started = new CountDownLatch(1);
            final CountDownLatch go = new CountDownLatch(1);
            final CompletableFuture<AuthVerdict> running = pool.submit(client("a", "x"), () -> {
                started.countDown();
                await(go);
                return AuthVerdict.accept("a");
            });
            started.await();
            final CompletableFuture<AuthVerdict> first = pool.submit(client("b", "x"), AuthVerdict::pass);
            final CompletableFuture<AuthVerdict> second = pool.submit(client("c", "x"), AuthVerdict::pass);
            assertEquals(
                    0x97,
                    pool.submit(client("d", "x"), AuthVerdict::pass).join().reasonCode());
            assertEquals(1, counters.get(CounterId.AUTH_QUEUE_FULL));
            go.countDown();
            assertTrue(running.join().isAccepted());
            assertEquals(AuthVerdict.Kind.PASSED, first.join().kind());
            assertEquals(AuthVerdict.Kind.PASSED, second.join().kind());
        }
    }

    @Test
    void shouldNotWorkForWhoWasLockedOutWhileItWaited() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool("test", 1, 100, guard, counters)) {
            final AtomicInteger worked = new AtomicInteger();
            final CountDownLatch go = new CountDownLatch(1);
            final CompletableFuture<AuthVerdict> first = pool.submit(client("a", "x"), () -> {
                await(go);
                guard.failed("192.0.2.7");
                return AuthVerdict.refuse(0x86, "");
            });
            CompletableFuture<AuthVerdict> last = first;
            for (int i = 0; i < 50; i++) {
                last = pool.submit(client("a", "y"), () -> {
                    worked.incrementAndGet();
                    return AuthVerdict.accept("a");
                });
            }
            go.countDown();
            assertEquals(0x97, last.join().reasonCode());
            assertEquals(0, worked.get());
            assertEquals(50, counters.get(CounterId.AUTH_LOCKED_OUT));
        }
    }

    private static void await(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
