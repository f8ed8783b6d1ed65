package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TakeoverGuardTest {
    private static final long START_NS = TimeUnit.DAYS.toNanos(20_000);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long BAN_NS = 300 * SECOND_NS;

    private final TakeoverGuard guard =
            new TakeoverGuard(new IoLimits().takeovers(3).takeoverBanNs(BAN_NS));

    /** Another buffer each time, as each connection has one of its own. */
    private static UnsafeBuffer id(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldBanAnIdThatIsTakenOverTooOften() {
        assertFalse(guard.onTakeover(id("loop"), START_NS));
        assertFalse(guard.onTakeover(id("loop"), START_NS + SECOND_NS));
        assertFalse(guard.isBanned(id("loop"), START_NS + SECOND_NS));
        assertTrue(guard.onTakeover(id("loop"), START_NS + 2 * SECOND_NS));
        assertTrue(guard.isBanned(id("loop"), START_NS + 2 * SECOND_NS));
        assertTrue(guard.isBanned(id("loop"), START_NS + BAN_NS));
        assertFalse(guard.isBanned(id("loop"), START_NS + 2 * SECOND_NS + BAN_NS));
        assertFalse(guard.isBanned(id("other"), START_NS + 2 * SECOND_NS));
    }

    @Test
    void shouldForgiveTakeoversThatAreRare() {
        for (int i = 0; i < 20; i++) {
            assertFalse(guard.onTakeover(id("rare"), START_NS + i * 40 * SECOND_NS));
        }
    }

    @Test
    void shouldStartAgainAfterABan() {
        for (int i = 0; i < 3; i++) {
            guard.onTakeover(id("loop"), START_NS);
        }
        assertFalse(guard.onTakeover(id("loop"), START_NS + BAN_NS));
    }

    @Test
    void shouldHaveNoBoundIfToldSo() {
        final TakeoverGuard none = new TakeoverGuard(new IoLimits().takeovers(0));
        for (int i = 0; i < 100; i++) {
            assertFalse(none.onTakeover(id("loop"), START_NS));
        }
        assertEquals(0, none.size());
    }

    @Test
    void shouldNotRememberMoreIdsThanItsBound() {
        for (int i = 0; i < 3; i++) {
            guard.onTakeover(id("first"), START_NS);
        }
        for (int i = 0; i < 5000; i++) {
            guard.onTakeover(id("id-" + i), START_NS);
        }
        assertFalse(guard.isBanned(id("first"), START_NS));
        assertTrue(guard.size() < 5000);
    }

    @Test
    void shouldRememberAnIdThatGoesOnTryingWhateverOthersDo() {
        for (int i = 0; i < 3; i++) {
            guard.onTakeover(id("loop"), START_NS);
        }
        for (int i = 0; i < 10_000; i++) {
            guard.onTakeover(id("id-" + i), START_NS);
            assertTrue(guard.isBanned(id("loop"), START_NS));
        }
    }
}
