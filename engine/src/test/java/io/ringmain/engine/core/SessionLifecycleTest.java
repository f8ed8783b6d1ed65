package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.core.state.InvariantViolation;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionLifecycleTest {
    private final CoreRig rig = new CoreRig();

    @Test
    void shouldSayThatNoSessionIsPresentAtFirst() {
        assertEquals(List.of("1 connack 0"), rig.connectKept(1, "a"));
    }

    @Test
    void shouldResumeAKeptSession() {
        rig.connectKept(1, "a");
        rig.lose(1);
        assertEquals(List.of("2 connack 0 present"), rig.connectKept(2, "a"));
    }

    @Test
    void shouldEndASessionWithoutExpiryWithItsConnection() {
        rig.connectClean(1, "a");
        rig.subscribe(1, 1, "t", 1);
        rig.lose(1);
        assertEquals(0, rig.core.sessionCount());
        assertEquals(0, rig.core.subscriptionCount());
        assertEquals(List.of("2 connack 0"), rig.connectKept(2, "a"));
    }

    @Test
    void shouldTakeOverTheOldConnection() {
        rig.connectKept(1, "a");
        assertEquals(List.of("1 disconnect 0x8e", "2 connack 0 present"), rig.connectKept(2, "a"));
    }

    @Test
    void shouldEndASessionWithoutExpiryWhenItsConnectionIsTakenOver() {
        rig.connectClean(1, "a");
        assertEquals(List.of("1 disconnect 0x8e", "2 connack 0"), rig.connectKept(2, "a"));
    }

    @Test
    void shouldIgnoreWhatComesFromAConnectionThatWasTakenOver() {
        rig.connectKept(1, "a");
        rig.connectKept(2, "a");
        final long digest = rig.core.digest();
        assertEquals(List.of(), rig.lose(1));
        assertEquals(List.of(), rig.disconnect(1, 0));
        assertEquals(List.of(), rig.subscribe(1, 1, "t", 1));
        assertEquals(List.of(), rig.unsubscribe(1, 2, "t"));
        assertEquals(List.of(), rig.publish(1, 1, 3, "t", "x"));
        assertEquals(List.of(), rig.ack(1, CoreRig.PUBREL, 4));
        assertEquals(digest, rig.core.digest());
        assertEquals(6, rig.core.staleEvents());
        assertTrue(rig.core.isConnected("a"));
    }

    @Test
    void shouldDiscardTheSessionAtCleanStart() {
        rig.connectKept(1, "a");
        rig.subscribe(1, 1, "t", 1);
        rig.lose(1);
        assertEquals(List.of("2 connack 0"), rig.connect(2, "a", null, CoreRig.CLEAN, CoreRig.NEVER));
        assertEquals(0, rig.core.subscriptionCount());
    }

    @Test
    void shouldEndASessionWhenItsExpiryHasPassed() {
        rig.connect(1, "a", null, CoreRig.CLEAN, 60);
        rig.lose(1);
        assertEquals(rig.nowNs() + 60_000_000_000L, rig.core.nextDeadlineNs());
        rig.passSeconds(59);
        rig.tick();
        assertTrue(rig.core.hasSession("a"));
        rig.passSeconds(1);
        rig.tick();
        assertFalse(rig.core.hasSession("a"));
        assertEquals(BrokerCore.NO_DEADLINE, rig.core.nextDeadlineNs());
    }

    @Test
    void shouldNotResumeASessionThatExpiredBeforeItsTick() {
        rig.connect(1, "a", null, CoreRig.CLEAN, 60);
        rig.lose(1);
        rig.passSeconds(60);
        assertEquals(List.of("2 connack 0"), rig.connectKept(2, "a"));
    }

    @Test
    void shouldForgetTheExpiryWhenTheClientComesBack() {
        rig.connect(1, "a", null, CoreRig.CLEAN, 60);
        rig.lose(1);
        rig.passSeconds(59);
        rig.connect(2, "a", null, 0, 60);
        assertEquals(BrokerCore.NO_DEADLINE, rig.core.nextDeadlineNs());
    }

    @Test
    void shouldLetDisconnectChangeTheExpiry() {
        rig.connect(1, "a", null, CoreRig.CLEAN, 60);
        rig.disconnectWithExpiry(1, 10);
        assertEquals(rig.nowNs() + 10_000_000_000L, rig.core.nextDeadlineNs());
        rig.connect(2, "a", null, 0, 60);
        rig.disconnectWithExpiry(2, 0);
        assertFalse(rig.core.hasSession("a"));
    }

    @Test
    void shouldKeepASessionThatNeverExpires() {
        rig.connectKept(1, "a");
        rig.lose(1);
        assertEquals(BrokerCore.NO_DEADLINE, rig.core.nextDeadlineNs());
    }

    @Test
    void shouldEndAllConnectionsWhenTheBrokerStartsAgain() {
        rig.connectKept(1, "kept");
        rig.connect(2, "expiring", null, CoreRig.CLEAN, 60);
        rig.connectClean(3, "gone");
        rig.passSeconds(100);
        assertEquals(List.of(), rig.start());
        assertFalse(rig.core.isConnected("kept"));
        assertFalse(rig.core.hasSession("gone"));
        assertEquals(rig.nowNs() + 60_000_000_000L, rig.core.nextDeadlineNs());
        assertEquals(List.of("1 connack 0 present"), rig.connectKept(1, "kept"));
    }

    @Test
    void shouldExpireABoundedNumberOfSessionsWithOneTick() {
        for (int i = 0; i < 5000; i++) {
            rig.connect(i + 1, "c" + i, null, CoreRig.CLEAN, 1);
            rig.lose(i + 1);
        }
        rig.passSeconds(1);
        rig.tick();
        assertTrue(rig.core.sessionCount() > 0);
        assertTrue(rig.core.nextDeadlineNs() <= rig.nowNs());
        rig.tick();
        assertEquals(0, rig.core.sessionCount());
    }

    @Test
    void shouldHaltWhenAConnectionIsOpenedTwice() {
        rig.connectKept(1, "a");
        assertThrows(InvariantViolation.class, () -> rig.connectKept(1, "b"));
    }

    @Test
    void shouldHaltWhenTimeGoesBack() {
        rig.connectKept(1, "a");
        rig.passNanos(-1);
        final InvariantViolation violation = assertThrows(InvariantViolation.class, rig::tick);
        assertTrue(violation.getMessage().contains("at position "), violation.getMessage());
    }
}
