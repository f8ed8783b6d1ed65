package io.ringmain.engine;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What will be so, soon. */
final class Eventually {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private Eventually() {}

    static void holds(final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("it didn't come to that");
            }
            Thread.onSpinWait();
        }
    }
}
