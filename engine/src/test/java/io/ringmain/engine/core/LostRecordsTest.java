package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of messages whose records the log has lost; connection 1 publishes. */
class LostRecordsTest {
    private final CoreRig rig = new CoreRig();

    @AfterEach
    void shouldHaveAccountedForEveryChange() {
        assertEquals(rig.core.digestFromScratch(), rig.core.digest());
    }

    private static List<String> dropped(final int count) {
        return Collections.nCopies(count, "drop RECORD_LOST");
    }

    /** Publishes and answers the position of the message. */
    private long publish(final int packetId, final String topic, final boolean retain) {
        final long position = rig.nextPosition();
        if (retain) {
            rig.retain(1, 1, packetId, topic, "x");
        } else {
            rig.publish(1, 1, packetId, topic, "x");
        }
        return position;
    }

    @Test
    void shouldForgetRetainedMessages() {
        rig.connectClean(1, "p");
        publish(1, "a", true);
        final long lost = publish(2, "b", true);
        final long next = publish(3, "c", true);
        assertEquals(dropped(1), rig.recordsLost(lost, next));
        rig.start();
        rig.connectClean(2, "s");
        assertEquals(2, rig.core.retainedCount());
        assertEquals(List.of("2 suback 1 0x0"), rig.subscribe(2, 1, "b", 0));
        assertEquals(2, rig.subscribe(2, 2, "a", 0).size());
    }

    @Test
    void shouldForgetQueuedMessagesAndKeepTheOthersInOrder() {
        rig.connectClean(1, "p");
        rig.connectKept(2, "s");
        rig.subscribe(2, 1, "t", 1);
        rig.lose(2);
        final long first = publish(1, "t", false);
        final long lost = publish(2, "t", false);
        publish(3, "t", false);
        final long next = publish(4, "t", false);
        assertEquals(dropped(2), rig.recordsLost(lost, next));
        assertEquals(2, rig.core.pendingCount("s"));
        rig.start();
        assertEquals(
                List.of("3 connack 0 present", "3 stored 1 q1 @" + first, "3 stored 2 q1 @" + next),
                rig.connectKept(3, "s"));
    }

    @Test
    void shouldEmptyAQueueOfWhichNothingIsLeft() {
        rig.connectClean(1, "p");
        rig.connectKept(2, "s");
        rig.subscribe(2, 1, "t", 1);
        rig.lose(2);
        final long first = publish(1, "t", false);
        publish(2, "t", false);
        assertEquals(dropped(2), rig.recordsLost(first, Long.MAX_VALUE));
        assertEquals(0, rig.core.pendingCount("s"));
        rig.start();
        assertEquals(List.of("3 connack 0 present"), rig.connectKept(3, "s"));
    }

    @Test
    void shouldForgetMessagesInFlightButNotThatAPacketIdIsToBeReleased() {
        rig.connectClean(1, "p");
        rig.connectKept(2, "s");
        rig.subscribe(2, 1, "t", 2);
        final long first = rig.nextPosition();
        rig.publish(1, 2, 1, "t", "x");
        rig.publish(1, 2, 2, "t", "x");
        final long kept = rig.nextPosition();
        rig.publish(1, 2, 3, "t", "x");
        rig.ack(2, CoreRig.PUBREC, 1);
        assertEquals(dropped(1), rig.recordsLost(first, kept), "the second; the first needs its record no more");
        rig.start();
        assertEquals(
                List.of("3 connack 0 present", "3 pubrel 1 0x0", "3 stored 3 q2 dup @" + kept),
                rig.connectKept(3, "s"));
        assertEquals(2, rig.core.inFlightCount("s"));
        assertEquals(List.of("3 pubrel 2 0x92"), rig.ack(3, CoreRig.PUBREC, 2));
    }

    @Test
    void shouldForgetWillsAlsoThoseThatWaitForTheirDelay() {
        rig.connectClean(1, "p");
        rig.subscribe(1, 1, "will", 0);
        final long first = rig.nextPosition();
        rig.connect(2, "a", new CoreRig.Will("will", "x", 0, false, 10), 0, CoreRig.NEVER);
        rig.connect(3, "b", new CoreRig.Will("will", "x", 0, false, 0), 0, CoreRig.NEVER);
        rig.lose(2);
        assertEquals(dropped(2), rig.recordsLost(first, rig.nextPosition()));
        rig.passSeconds(20);
        assertEquals(List.of(), rig.tick());
        assertEquals(List.of(), rig.lose(3));
    }

    @Test
    void shouldForgetWhatWaitsInAGroupOrIsHeldByAMemberThatIsAway() {
        rig.connectClean(1, "p");
        rig.receiveMaximum(1).connectKept(2, "m");
        rig.subscribe(2, 1, "$share/g/t", 1);
        final long held = publish(1, "t", false);
        publish(2, "t", false);
        final long kept = publish(3, "t", false);
        rig.lose(2);
        assertEquals(dropped(2), rig.recordsLost(held, kept));
        assertEquals(0, rig.core.inFlightCount("m"));
        rig.start();
        rig.connectClean(3, "n");
        assertEquals(List.of("3 suback 1 0x1", "3 stored 1 q1 @" + kept), rig.subscribe(3, 1, "$share/g/t", 1));
    }

    @Test
    void shouldChangeNothingWhenNothingRefersToWhatIsLost() {
        rig.connectClean(1, "p");
        publish(1, "a", true);
        final long digest = rig.core.digest();
        assertEquals(List.of(), rig.recordsLost(1_000_000, 2_000_000));
        assertEquals(digest, rig.core.digest());
    }
}
