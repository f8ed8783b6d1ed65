package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TakeoverGuardTest {
    private static final long START_NS = TimeUnit.DAYS.toNanos(20_000);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long BAN_NS = 300 * SECOND_NS;

    private final TakeoverGuard guard = new TakeoverGuard(3, BAN_NS);

    @Test
    void shouldBanAnIdThatIsTakenOverTooOften() {
        assertFalse(guard.onTakeover("loop", START_NS));
        assertFalse(guard.onTakeover("loop", START_NS + SECOND_NS));
        assertFalse(guard.isBanned("loop", START_NS + SECOND_NS));
        assertTrue(guard.onTakeover("loop", START_NS + 2 * SECOND_NS));
        assertTrue(guard.isBanned("loop", START_NS + 2 * SECOND_NS));
        assertTrue(guard.isBanned("loop", START_NS + BAN_NS));
        assertFalse(guard.isBanned("loop", START_NS + 2 * SECOND_NS + BAN_NS));
        assertFalse(guard.isBanned("other", START_NS + 2 * SECOND_NS));
    }

    @Test
    void shouldForgiveTakeoversThatAreRare() {
        for (int i = 0; i < 20; i++) {
            assertFalse(guard.onTakeover("rare", START_NS + i * 40 * SECOND_NS));
        }
    }

    @Test
    void shouldStartAgainAfterABan() {
        for (int i = 0; i < 3; i++) {
            guard.onTakeover("loop", START_NS);
        }
        assertFalse(guard.onTakeover("loop", START_NS + BAN_NS));
    }

    @Test
    void shouldHaveNoBoundIfToldSo() {
        final TakeoverGuard none = new TakeoverGuard(0, BAN_NS);
        for (int i = 0; i < 100; i++) {
            assertFalse(none.onTakeover("loop", START_NS));
        }
        assertTrue(none.isIdle());
    }

    @Test
    void shouldNotRememberMoreIdsThanItsBound() {
        for (int i = 0; i < 3; i++) {
            guard.onTakeover("first", START_NS);
        }
        for (int i = 0; i < 5000; i++) {
            guard.onTakeover("id-" + i, START_NS);
        }
        assertFalse(guard.isBanned("first", START_NS));
        assertEquals(false, guard.isIdle());
    }
}
