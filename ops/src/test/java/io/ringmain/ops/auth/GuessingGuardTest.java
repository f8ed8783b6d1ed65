package io.ringmain.ops.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.Counters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuessingGuardTest {
    private final List<String> events = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 5;

    private GuessingGuard guard(final int maxFailures, final int addresses, final boolean countsLocal) {
        return new GuessingGuard(
                new GuessingGuard.Limits(maxFailures, 1000, 5000, 10, 70, addresses, countsLocal),
                () -> nowNs,
                new Counters(),
                events::add);
    }

    @Test
    void shouldAnswerEachFailureLaterThanTheOneBefore() {
        final GuessingGuard guard = guard(0, 16, true);
        assertEquals(10, guard.failed("192.0.2.1"));
        assertEquals(20, guard.failed("192.0.2.1"));
        assertEquals(40, guard.failed("192.0.2.1"));
        assertEquals(70, guard.failed("192.0.2.1"));
        assertEquals(70, guard.failed("192.0.2.1"));
        assertEquals(10, guard.failed("192.0.2.2"));
        nowNs += 1001;
        assertEquals(10, guard.failed("192.0.2.1"));
    }

    @Test
    void shouldSayThatAnAddressHasToWaitForAsLongAsAnAnswerWouldBeLate() {
        final GuessingGuard guard = guard(0, 16, true);
        assertFalse(guard.isDelayed("10.0.0.1"));
        guard.failed("10.0.0.1");
        nowNs += 9;
        assertTrue(guard.isDelayed("10.0.0.1"));
        assertFalse(guard.isDelayed("10.0.0.2"));
        nowNs += 1;
        assertFalse(guard.isDelayed("10.0.0.1"));
        guard.failed("10.0.0.1");
        nowNs += 19;
        assertTrue(guard.isDelayed("10.0.0.1"));
    }

    @Test
    void shouldLockOutForAWhile() {
        final GuessingGuard guard = guard(3, 16, true);
        guard.failed("192.0.2.1");
        guard.failed("192.0.2.1");
        assertFalse(guard.isLocked("192.0.2.1"));
        guard.failed("192.0.2.1");
        assertTrue(guard.isLocked("192.0.2.1"));
        assertFalse(guard.isLocked("192.0.2.2"));
        assertEquals(GuessingGuard.TOO_MANY, guard.failed("192.0.2.1"), "nothing is told of a fourth");
        assertEquals(1, events.size(), "said once: " + events);
        nowNs += 4999;
        assertTrue(guard.isLocked("192.0.2.1"));
        nowNs += 1;
        assertFalse(guard.isLocked("192.0.2.1"));
        assertEquals(10, guard.failed("192.0.2.1"), "begins anew");
        assertFalse(guard.isLocked("192.0.2.1"));
    }

    @Test
    void shouldTakeAnIpv6NetworkForOneAddress() {
        final GuessingGuard guard = guard(2, 16, true);
        guard.failed("2001:db8:1:2::1");
        guard.failed("2001:db8:1:2:ffff:1:2:3%eth0");
        assertTrue(guard.isLocked("2001:db8:1:2:8000::"));
        assertFalse(guard.isLocked("2001:db8:1:3::1"));
    }

    @Test
    void shouldCountThisMachineUnlessToldOtherwise() {
        final GuessingGuard guard = guard(1, 16, true);
        guard.failed(null);
        assertTrue(guard.isLocked(null));
        final GuessingGuard trusting = guard(1, 16, false);
        assertEquals(0, trusting.failed(null));
        assertFalse(trusting.isLocked(null));
    }

    @Test
    void shouldKeepWhoIsLockedOutWhenManyOthersFail() {
        final GuessingGuard guard = guard(2, 16, true);
        guard.failed("192.0.2.1");
        guard.failed("192.0.2.1");
        for (int i = 0; i < 1000; i++) {
            guard.failed("198.51.100." + i);
        }
        assertTrue(guard.isLocked("192.0.2.1"));
        assertEquals(16, guard.size());
        for (int i = 0; i < 1000; i++) {
            guard.failed("203.0.113." + i);
            guard.failed("203.0.113." + i);
        }
        assertEquals(16, guard.size(), "there is an end to that as well");
    }
}
