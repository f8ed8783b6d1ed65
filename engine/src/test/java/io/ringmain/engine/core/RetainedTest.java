package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.PublishEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetainedTest {
    private static final int ONLY_IF_NEW = 0x10;
    private static final int NOT_AT_ALL = 0x20;

    private CoreRig rig = new CoreRig();

    @BeforeEach
    void connect() {
        rig.connectClean(1, "a");
        rig.connectClean(2, "b");
    }

    private void limits(final int retainedMessages, final int retainedPerSlice) {
        rig = new CoreRig(new CoreLimits()
                .receiveMaximum(10)
                .queuedMessages(1000)
                .queuedBytes(1 << 20)
                .subscriptionsPerSession(100)
                .retainedMessages(retainedMessages)
                .retainedPerSlice(retainedPerSlice));
        connect();
    }

    private long retain(final String topic) {
        rig.retain(2, 1, 1, topic, "x");
        return rig.position();
    }

    @Test
    void shouldGiveANewSubscriptionTheLastRetainedMessage() {
        retain("t");
        final long position = retain("t");
        assertEquals(1, rig.core.retainedCount());
        assertEquals(List.of("1 suback 1 0x2", "1 stored 1 q1 retain @" + position), rig.subscribe(1, 1, "t", 2));
    }

    @Test
    void shouldClearTheRetainedMessageWithAnEmptyPayload() {
        retain("t");
        rig.retain(2, 1, 1, "t", "");
        assertEquals(0, rig.core.retainedCount());
        assertEquals(List.of("1 suback 1 0x1"), rig.subscribe(1, 1, "t", 1));
    }

    @Test
    void shouldRetainAMessageWithQos0() {
        rig.retain(2, 0, 0, "t", "x");
        final long position = rig.position();
        assertEquals(List.of("1 suback 1 0x1", "1 stored 0 q0 retain @" + position), rig.subscribe(1, 1, "t", 1));
    }

    @Test
    void shouldHonourRetainHandling() {
        final long position = retain("t");
        final String delivery = " q1 retain @" + position;
        assertEquals(List.of("1 suback 1 0x1"), rig.subscribe(1, 1, "t", 1 | NOT_AT_ALL));
        assertEquals(List.of("1 suback 2 0x1"), rig.subscribe(1, 2, "t", 1 | ONLY_IF_NEW));
        assertEquals(List.of("1 suback 3 0x1", "1 stored 1" + delivery), rig.subscribe(1, 3, "t", 1));
        assertEquals(List.of("2 suback 4 0x1", "2 stored 1" + delivery), rig.subscribe(2, 4, "t", 1 | ONLY_IF_NEW));
    }

    @Test
    void shouldScanInSlicesUntilAllAreDelivered() {
        limits(1000, 3);
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            expected.add("1 stored 0 q0 retain @" + retain("s/" + i));
            retain("other/" + i);
        }
        final List<String> first = rig.subscribe(1, 1, "s/+", 0);
        assertEquals("1 suback 1 0x0", first.get(0));
        assertEquals(expected.subList(0, 3), first.subList(1, first.size()));
        final List<String> rest = new ArrayList<>();
        while (rig.core.nextDeadlineNs() <= rig.nowNs()) {
            final List<String> slice = rig.tick();
            assertTrue(slice.size() <= 3, slice::toString);
            rest.addAll(slice);
        }
        assertEquals(expected.subList(3, 7), rest);
        assertEquals(0, rig.core.retainedScanCount());
    }

    @Test
    void shouldJoinScanAndLiveMessagesWithoutGapOrDouble() {
        limits(1000, 2);
        retain("s/0");
        retain("s/1");
        retain("s/2");
        final long unchanged = retain("s/3");
        rig.subscribe(1, 1, "s/+", 0);
        assertEquals(List.of("1 live 0 q0", "2 puback 1 0x0"), rig.retain(2, 1, 1, "s/2", "new"));
        assertEquals(List.of("1 live 0 q0", "2 puback 1 0x0"), rig.retain(2, 1, 1, "s/4", "new"));
        assertEquals(List.of("1 stored 0 q0 retain @" + unchanged), rig.tick());
        assertEquals(BrokerCore.NO_DEADLINE, rig.core.nextDeadlineNs());
    }

    @Test
    void shouldTakeTurnsBetweenScans() {
        limits(1000, 2);
        for (int i = 0; i < 6; i++) {
            retain("s/" + i);
        }
        rig.subscribe(1, 1, "#", 0);
        final List<String> other = rig.subscribe(2, 1, "s/#", 0);
        assertTrue(other.get(1).startsWith("1 stored"), other::toString);
        assertTrue(rig.tick().get(0).startsWith("2 stored"));
        assertTrue(rig.tick().get(0).startsWith("1 stored"));
    }

    @Test
    void shouldWaitWithAScanForASubscriberThatIsSlowToAcknowledge() {
        rig = new CoreRig(new CoreLimits()
                .receiveMaximum(2)
                .queuedMessages(1000)
                .queuedBytes(1 << 20)
                .subscriptionsPerSession(100)
                .retainedMessages(1000)
                .retainedPerSlice(3));
        connect();
        for (int i = 0; i < 10; i++) {
            retain("s/" + i);
        }
        final List<String> out = new ArrayList<>(rig.subscribe(1, 1, "s/#", 1));
        assertEquals(3, out.size());
        assertEquals(1, rig.core.pendingCount("a"));
        assertEquals(BrokerCore.NO_DEADLINE, rig.core.nextDeadlineNs());
        for (int id = 1; id <= 10; id++) {
            out.addAll(rig.ack(1, CoreRig.PUBACK, id));
            while (rig.core.nextDeadlineNs() <= rig.nowNs()) {
                out.addAll(rig.tick());
                assertTrue(rig.core.pendingCount("a") <= 3);
            }
        }
        assertEquals(11, out.size());
        assertEquals(0, rig.core.retainedScanCount());
    }

    @Test
    void shouldEndTheScanWithItsSubscription() {
        limits(1000, 1);
        retain("s/0");
        retain("s/1");
        rig.subscribe(1, 1, "s/#", 0);
        rig.unsubscribe(1, 2, "s/#");
        assertEquals(0, rig.core.retainedScanCount());
        rig.subscribe(1, 3, "s/#", 0);
        rig.lose(1);
        assertEquals(0, rig.core.retainedScanCount());
    }

    @Test
    void shouldNotDeliverAnExpiredRetainedMessage() {
        rig.publish(2, 1, 1, PublishEvent.RETAIN, 0, 10, "t", "x");
        rig.passSeconds(10);
        assertEquals(List.of("1 suback 1 0x1"), rig.subscribe(1, 1, "t", 1));
        assertEquals(0, rig.core.retainedCount());
    }

    @Test
    void shouldRefuseOneTopicTooManyAndSayIt() {
        limits(1, 10);
        rig.subscribe(1, 1, "#", 1);
        retain("t");
        assertEquals(List.of("drop RETAINED_FULL", "2 puback 2 0x97"), rig.retain(2, 1, 2, "u", "x"));
        assertEquals(List.of("1 live 2 q1", "2 puback 3 0x0"), rig.retain(2, 1, 3, "t", "x"));
        rig.protocolLevel(4).connectClean(3, "old");
        assertEquals(List.of("drop RETAINED_FULL", "3 disconnect 0x97"), rig.retain(3, 1, 2, "u", "x"));
        assertEquals(1, rig.core.retainedCount());
    }
}
