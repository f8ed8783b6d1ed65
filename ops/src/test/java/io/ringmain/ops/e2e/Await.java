package io.ringmain.ops.e2e;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must come to be, generously. */
final class Await {
    private static final long DEFAULT_MS = 20_000;

    private Await() {}

    static void until(final BooleanSupplier condition) {
        until(DEFAULT_MS, condition, () -> "it did not come to be");
    }

    static void until(final long timeoutMs, final BooleanSupplier condition, final Supplier<String> otherwise) {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError(otherwise.get());
            }
            try {
                Thread.sleep(5);
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new AssertionError(ex);
            }
        }
    }
}
