package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WillTest {
    private final CoreRig rig = new CoreRig();
    private long willPosition;

    @BeforeEach
    void connectAWatcher() {
        rig.connectClean(1, "watcher");
        rig.subscribe(1, 1, "will/#", 1);
    }

    private void connectWithWill(final long delaySeconds, final int expirySeconds) {
        rig.connect(2, "a", new CoreRig.Will("will/a", "gone", 1, false, delaySeconds), CoreRig.CLEAN, expirySeconds);
        willPosition = rig.position();
    }

    private List<String> will(final int packetId) {
        return List.of("1 stored " + packetId + " q1 @" + willPosition);
    }

    @Test
    void shouldPublishTheWillOfALostConnection() {
        connectWithWill(0, 0);
        assertEquals(will(1), rig.lose(2));
        rig.connectClean(3, "a");
        assertEquals(List.of(), rig.lose(3));
    }

    @Test
    void shouldDropTheWillAtANormalDisconnect() {
        connectWithWill(0, CoreRig.NEVER);
        assertEquals(List.of(), rig.disconnect(2, 0));
    }

    @Test
    void shouldPublishTheWillWhenDisconnectAsksForIt() {
        connectWithWill(0, CoreRig.NEVER);
        assertEquals(will(1), rig.disconnect(2, 4));
    }

    @Test
    void shouldNotPublishAWillThatWasDenied() {
        connectWithWill(0, CoreRig.NEVER);
        assertEquals(List.of(), rig.denyWill(2));
        assertEquals(List.of(), rig.lose(2));
        connectWithWill(10, CoreRig.NEVER);
        rig.denyWill(2);
        assertEquals(List.of("2 disconnect 0x8e", "3 connack 0 present"), rig.connectKept(3, "a"));
        rig.passSeconds(100);
        assertEquals(List.of(), rig.tick());
        // Of a connection that has gone, it is too late.
        rig.connect(4, "a", new CoreRig.Will("will/a", "gone", 1, false, 10), 0, CoreRig.NEVER);
        willPosition = rig.position();
        rig.lose(4);
        assertEquals(List.of(), rig.denyWill(4));
        rig.passSeconds(10);
        assertEquals(will(1), rig.tick());
        assertEquals(rig.core.digestFromScratch(), rig.core.digest());
    }

    @Test
    void shouldDelayTheWill() {
        connectWithWill(10, CoreRig.NEVER);
        assertEquals(List.of(), rig.lose(2));
        rig.passSeconds(9);
        assertEquals(List.of(), rig.tick());
        rig.passSeconds(1);
        assertEquals(will(1), rig.tick());
        rig.passSeconds(100);
        assertEquals(List.of(), rig.tick());
    }

    @Test
    void shouldPublishADelayedWillWhenTheSessionEndsBefore() {
        connectWithWill(100, 10);
        rig.lose(2);
        rig.passSeconds(10);
        assertEquals(will(1), rig.tick());
    }

    @Test
    void shouldForgetADelayedWillWhenTheClientComesBack() {
        connectWithWill(10, CoreRig.NEVER);
        rig.lose(2);
        rig.passSeconds(9);
        assertEquals(List.of("3 connack 0 present"), rig.connectKept(3, "a"));
        rig.passSeconds(2);
        assertEquals(List.of(), rig.tick());
        assertEquals(List.of(), rig.lose(3));
    }

    @Test
    void shouldPublishAWillThatWasDueWhenTheClientComesBackBeforeTheTick() {
        connectWithWill(10, CoreRig.NEVER);
        rig.lose(2);
        rig.passSeconds(10);
        assertEquals(will(1).get(0), rig.connectKept(3, "a").get(0));
    }

    @Test
    void shouldPublishAnUndelayedWillAtTakeover() {
        connectWithWill(0, CoreRig.NEVER);
        assertEquals(List.of("2 disconnect 0x8e", will(1).get(0), "3 connack 0 present"), rig.connectKept(3, "a"));
    }

    @Test
    void shouldForgetADelayedWillAtTakeover() {
        connectWithWill(10, CoreRig.NEVER);
        assertEquals(List.of("2 disconnect 0x8e", "3 connack 0 present"), rig.connectKept(3, "a"));
        rig.passSeconds(11);
        assertEquals(List.of(), rig.tick());
    }

    @Test
    void shouldPublishADelayedWillWhenCleanStartEndsTheSession() {
        connectWithWill(10, CoreRig.NEVER);
        assertEquals(List.of("2 disconnect 0x8e", will(1).get(0), "3 connack 0"), rig.connectClean(3, "a"));
    }

    @Test
    void shouldPublishTheWillsOfARunThatWasCutOff() {
        rig.connectKept(3, "kept");
        rig.subscribe(3, 1, "will/a", 2);
        connectWithWill(0, 0);
        assertEquals(List.of(), rig.start());
        assertEquals(List.of("4 connack 0 present", "4 stored 1 q1 @" + willPosition), rig.connectKept(4, "kept"));
    }

    @Test
    void shouldRetainAWill() {
        rig.connect(2, "a", new CoreRig.Will("will/a", "gone", 1, true, 0), CoreRig.CLEAN, 0);
        final long position = rig.position();
        rig.lose(2);
        rig.connectClean(3, "late");
        assertEquals(List.of("3 suback 1 0x1", "3 stored 1 q1 retain @" + position), rig.subscribe(3, 1, "will/a", 1));
    }

    @Test
    void shouldClearWhatIsRetainedWithAnEmptyWill() {
        rig.retain(1, 1, 1, "will/a", "here");
        rig.connect(2, "a", new CoreRig.Will("will/a", "", 1, true, 0), CoreRig.CLEAN, 0);
        rig.lose(2);
        assertEquals(0, rig.core.retainedCount());
    }
}
