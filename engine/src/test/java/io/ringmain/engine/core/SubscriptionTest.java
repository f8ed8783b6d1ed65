package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;

    private CoreRig rig = new CoreRig();

    @BeforeEach
    void connect() {
        rig.connectClean(1, "a");
        rig.connectClean(2, "b");
    }

    @Test
    void shouldGrantWhatIsAskedForAndPassVerdictsOn() {
        assertEquals(
                List.of("1 suback 7 0x0 0x1 0x2 0x87"),
                rig.subscribe(
                        1, 7, new String[] {"a", "b", "c", "d"}, new int[] {0, 1, 2, 1}, new int[] {0, 0, 0, 0x87}));
        assertEquals(3, rig.core.subscriptionCount());
    }

    @Test
    void shouldRefuseSubscriptionsBeyondTheLimit() {
        rig = new CoreRig(new CoreLimits()
                .receiveMaximum(10)
                .queuedMessages(10)
                .queuedBytes(1000)
                .subscriptionsPerSession(2)
                .retainedMessages(10)
                .retainedPerSlice(10));
        rig.connectClean(1, "a");
        assertEquals(
                List.of("drop SUBSCRIPTIONS_FULL", "1 suback 7 0x1 0x1 0x97"),
                rig.subscribe(1, 7, new String[] {"a", "b", "c"}, new int[] {1, 1, 1}, new int[] {0, 0, 0}));
        assertEquals(List.of("1 suback 8 0x2"), rig.subscribe(1, 8, "a", 2));
    }

    @Test
    void shouldAnswerUnsubscribe() {
        rig.subscribe(1, 1, "t", 1);
        assertEquals(List.of("1 unsuback 2 0x0"), rig.unsubscribe(1, 2, "t"));
        assertEquals(List.of("1 unsuback 3 0x11"), rig.unsubscribe(1, 3, "t"));
        assertEquals(List.of("2 puback 1 0x10"), rig.publish(2, 1, 1, "t", "x"));
    }

    @Test
    void shouldDeliverOnceWithTheHighestQosOfOverlappingSubscriptions() {
        rig.subscribe(1, 1, "s/#", 0);
        rig.subscribe(1, 2, "s/+", 2);
        rig.subscribe(1, 3, "s/t", 1);
        assertEquals(List.of("1 live 1 q2", "2 pubrec 1 0x0"), rig.publish(2, 2, 1, "s/t", "x"));
    }

    @Test
    void shouldDeliverWithTheQosOfThePublisherIfThatIsLower() {
        rig.subscribe(1, 1, "t", 2);
        assertEquals(List.of("1 live 0 q0"), rig.publish(2, 0, 0, "t", "x"));
    }

    @Test
    void shouldNotDeliverItsOwnMessagesToANoLocalSubscription() {
        rig.subscribe(1, 1, "t", 1 | NO_LOCAL);
        assertEquals(List.of("1 puback 1 0x10"), rig.publish(1, 1, 1, "t", "x"));
        assertEquals(List.of("1 live 1 q1", "2 puback 1 0x0"), rig.publish(2, 1, 1, "t", "x"));
        rig.subscribe(1, 2, "#", 1);
        assertEquals(List.of("1 live 2 q1", "1 puback 2 0x0"), rig.publish(1, 1, 2, "t", "x"));
    }

    @Test
    void shouldKeepTheRetainFlagWhenAskedTo() {
        rig.subscribe(1, 1, "t", 1);
        assertEquals(List.of("1 live 1 q1", "2 puback 1 0x0"), rig.retain(2, 1, 1, "t", "x"));
        rig.subscribe(1, 2, "t", 1 | RETAIN_AS_PUBLISHED | 0x20);
        assertEquals(List.of("1 live 2 q1 retain", "2 puback 2 0x0"), rig.retain(2, 1, 2, "t", "x"));
        assertEquals(List.of("1 live 3 q1", "2 puback 3 0x0"), rig.publish(2, 1, 3, "t", "x"));
    }

    @Test
    void shouldReplaceTheOptionsOfASubscription() {
        rig.subscribe(1, 1, "t", 2);
        rig.subscribe(1, 2, "t", 0);
        assertEquals(1, rig.core.subscriptionCount());
        assertEquals(List.of("1 live 0 q0", "2 puback 1 0x0"), rig.publish(2, 1, 1, "t", "x"));
    }

    @Test
    void shouldDeliverInTheOrderOfSubscriptionAlsoAfterAReplacement() {
        rig.subscribe(1, 1, "t", 1);
        rig.subscribe(2, 1, "t", 1);
        rig.subscribe(1, 2, "t", 1);
        rig.connectClean(3, "c");
        assertEquals(List.of("1 live 1 q1", "2 live 1 q1", "3 puback 1 0x0"), rig.publish(3, 1, 1, "t", "x"));
    }

    @Test
    void shouldHideTopicsWithADollarFromWildcardsAtTheFront() {
        rig.subscribe(1, 1, new String[] {"#", "+/x"}, new int[] {1, 1}, new int[] {0, 0});
        assertEquals(List.of("2 puback 1 0x10"), rig.publish(2, 1, 1, "$SYS/x", "x"));
        rig.subscribe(1, 2, "$SYS/#", 1);
        assertEquals(List.of("1 live 1 q1", "2 puback 2 0x0"), rig.publish(2, 1, 2, "$SYS/x", "x"));
    }
}
