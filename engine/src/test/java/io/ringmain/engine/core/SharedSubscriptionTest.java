package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions; connection 1 publishes, 2 and on are members of the group. */
class SharedSubscriptionTest {
    private static final String FILTER = "$share/g/t";

    private CoreRig rig = new CoreRig();

    private void members(final int count, final int qos) {
        rig.connectClean(1, "publisher");
        for (int member = 2; member < 2 + count; member++) {
            rig.connectKept(member, "m" + member);
            rig.subscribe(member, 1, FILTER, qos);
        }
    }

    private void limits(final CoreLimits limits) {
        rig = new CoreRig(limits);
    }

    /** Who got the message: the connections of the deliveries. */
    private static List<Integer> receivers(final List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains(" live ") || line.contains(" stored "))
                .map(line -> Integer.parseInt(line.substring(0, line.indexOf(' '))))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldGiveEachMessageToOneMemberInTurn(final int qos) {
        members(3, 2);
        final List<Integer> got = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            got.addAll(receivers(rig.publish(1, qos, qos == 0 ? 0 : i, "t", "x")));
        }
        assertEquals(9, got.size());
        for (int member = 2; member <= 4; member++) {
            final int wanted = member;
            assertEquals(
                    3, got.stream().filter(connection -> connection == wanted).count(), got.toString());
        }
    }

    @Test
    void shouldCountGroupsByNameAndFilter() {
        rig.connectClean(1, "a");
        rig.connectClean(2, "b");
        rig.subscribe(1, 1, "$share/g/t", 1);
        rig.subscribe(2, 1, "$share/g/t", 1);
        rig.subscribe(2, 2, "$share/h/t", 1);
        rig.subscribe(1, 2, "t", 1);
        assertEquals(2, rig.core.sharedSubscriptionCount());
        final List<Integer> got = receivers(rig.publish(1, 1, 1, "t", "x"));
        assertEquals(3, got.size(), "the plain subscription, g and h");
        assertEquals(1, got.get(0));
        assertEquals(2, got.get(2), "h has one member");
    }

    @Test
    void shouldGrantTheLowerQosOfMessageAndMember() {
        members(1, 1);
        assertEquals(List.of("2 live 1 q1", "1 pubrec 7 0x0"), rig.publish(1, 2, 7, "t", "x"));
        assertEquals(List.of("2 live 0 q0"), rig.publish(1, 0, 0, "t", "x"));
    }

    @Test
    void shouldNeverSendRetainedMessagesToASharedSubscription() {
        rig.connectClean(1, "publisher");
        rig.retain(1, 1, 1, "t", "kept");
        rig.connectClean(2, "m");
        assertEquals(List.of("2 suback 1 0x1"), rig.subscribe(2, 1, FILTER, 1));
    }

    @Test
    void shouldPassOverMembersThatAreAway() {
        members(3, 1);
        rig.lose(3);
        for (int i = 1; i <= 4; i++) {
            assertTrue(List.of(2, 4).containsAll(receivers(rig.publish(1, 1, i, "t", "x"))));
        }
        rig.lose(2);
        rig.lose(4);
        assertEquals(List.of(), rig.publish(1, 0, 0, "t", "nobody is there"));
    }

    @Test
    void shouldKeepMessagesInTheGroupWhileAllMembersAreAway() {
        members(2, 1);
        rig.lose(2);
        rig.lose(3);
        for (int i = 1; i <= 3; i++) {
            assertEquals(List.of("1 puback " + i + " 0x0"), rig.publish(1, 1, i, "t", "x"));
        }
        assertEquals(0, rig.core.pendingCount("m2"));
        final List<Integer> got = receivers(rig.connectKept(9, "m3"));
        assertEquals(List.of(9, 9, 9), got);
        assertEquals(List.of("10 connack 0 present"), rig.connectKept(10, "m2"));
    }

    @Test
    void shouldWaitInTheGroupWhenAllWindowsAreFull() {
        rig.receiveMaximum(2);
        members(2, 1);
        for (int i = 1; i <= 6; i++) {
            rig.publish(1, 1, i, "t", "x");
        }
        assertEquals(2, rig.core.inFlightCount("m2"));
        assertEquals(2, rig.core.inFlightCount("m3"));
        assertEquals(1, receivers(rig.ack(3, CoreRig.PUBACK, 1)).size(), "who has room first gets it");
        assertEquals(List.of(3), receivers(rig.ack(3, CoreRig.PUBACK, 2)));
        assertEquals(List.of(), receivers(rig.ack(2, CoreRig.PUBACK, 1)), "nothing is left");
    }

    @Test
    void shouldHandOnWhatAMemberHasNotAcknowledged() {
        members(2, 1);
        rig.publish(1, 1, 1, "t", "x");
        rig.publish(1, 1, 2, "t", "x");
        rig.publish(1, 1, 3, "t", "x");
        final int before = rig.core.inFlightCount("m3");
        assertEquals(3 - before, receivers(rig.lose(2)).size());
        assertEquals(3, rig.core.inFlightCount("m3"));
        assertEquals(List.of("9 connack 0 present"), rig.connectKept(9, "m2"));
    }

    @Test
    void shouldHandOnWhatALeavingSessionHasNotAcknowledged() {
        rig.connectClean(1, "publisher");
        rig.connectClean(2, "clean");
        rig.subscribe(2, 1, FILTER, 1);
        rig.publish(1, 1, 1, "t", "x");
        rig.connectKept(3, "other");
        rig.subscribe(3, 1, FILTER, 1);
        assertEquals(List.of(3), receivers(rig.lose(2)));
    }

    @Test
    void shouldTakeOverFromThoseAwayWhenAMemberComes() {
        members(1, 1);
        rig.publish(1, 1, 1, "t", "x");
        rig.lose(2);
        assertEquals(1, rig.core.inFlightCount("m2"), "it is alone, so it keeps its message");
        rig.connectKept(3, "late");
        assertEquals(List.of(3), receivers(rig.subscribe(3, 1, FILTER, 1)));
        assertEquals(0, rig.core.inFlightCount("m2"));
    }

    @Test
    void shouldResendToTheOnlyMemberWithItsPacketId() {
        members(1, 1);
        rig.publish(1, 1, 1, "t", "x");
        rig.lose(2);
        final List<String> lines = rig.connectKept(3, "m2");
        assertEquals("3 connack 0 present", lines.get(0));
        assertTrue(lines.get(1).startsWith("3 stored 1 q1 dup"), lines.toString());
    }

    @Test
    void shouldFinishAQos2MessageWithTheMemberThatItWasBegunWith() {
        members(2, 2);
        rig.publish(1, 2, 1, "t", "x");
        final int member = rig.core.inFlightCount("m2") == 1 ? 2 : 3;
        assertEquals(List.of(), receivers(rig.lose(member)));
        final List<String> back = rig.connectKept(9, "m" + member);
        assertTrue(back.get(1).startsWith("9 stored 1 q2 dup"), back.toString());
    }

    @Test
    void shouldGiveAQos2MessageToNobodyElseWhenItsSessionEnds() {
        rig.connectClean(1, "publisher");
        rig.connectClean(2, "clean");
        rig.subscribe(2, 1, FILTER, 2);
        rig.publish(1, 2, 1, "t", "x");
        rig.connectKept(3, "other");
        rig.subscribe(3, 1, FILTER, 2);
        assertEquals(List.of(), rig.lose(2));
    }

    @Test
    void shouldDropAMessageThatAMemberRefuses() {
        members(2, 1);
        rig.publish(1, 1, 1, "t", "x");
        final int member = rig.core.inFlightCount("m2") == 1 ? 2 : 3;
        assertEquals(List.of(), rig.ack(member, CoreRig.PUBACK, 1, 0x87));
        assertEquals(List.of(), rig.lose(member));
    }

    @Test
    void shouldForgetWhatWaitsWhenTheLastMemberLeaves() {
        members(1, 1);
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "x");
        rig.connectClean(3, "m2");
        assertEquals(0, rig.core.sharedSubscriptionCount());
        assertEquals(List.of("3 suback 1 0x1"), rig.subscribe(3, 1, FILTER, 1));
    }

    @Test
    void shouldStayWithAMemberThatUnsubscribesAfterwards() {
        members(2, 1);
        rig.publish(1, 1, 1, "t", "x");
        final int member = rig.core.inFlightCount("m2") == 1 ? 2 : 3;
        rig.unsubscribe(member, 5, FILTER);
        assertEquals(List.of(), rig.lose(member));
        assertEquals(1, rig.core.inFlightCount("m" + member));
    }

    @Test
    void shouldKeepTheMessagesOfOnePublisherWithOneMemberIfSticky() {
        limits(new CoreLimits().sharedStrategy(CoreLimits.STICKY));
        members(4, 1);
        rig.connectClean(10, "another publisher");
        final List<Integer> first = new ArrayList<>();
        final List<Integer> second = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            first.addAll(receivers(rig.publish(1, 1, i, "t", "x")));
            second.addAll(receivers(rig.publish(10, 1, i, "t", "x")));
        }
        assertEquals(1, first.stream().distinct().count(), first.toString());
        assertEquals(1, second.stream().distinct().count(), second.toString());
    }

    @Test
    void shouldPreferTheMemberWithLeastInFlight() {
        limits(new CoreLimits().sharedStrategy(CoreLimits.LEAST_IN_FLIGHT));
        members(2, 1);
        for (int i = 1; i <= 4; i++) {
            rig.publish(1, 1, i, "t", "x");
        }
        rig.ack(3, CoreRig.PUBACK, 1);
        rig.ack(3, CoreRig.PUBACK, 2);
        assertEquals(List.of(3), receivers(rig.publish(1, 1, 5, "t", "x")));
        assertEquals(List.of(3), receivers(rig.publish(1, 1, 6, "t", "x")));
    }

    @Test
    void shouldCarryTheIdentifierOfTheMember() {
        rig.connectClean(1, "publisher");
        rig.connectClean(2, "m");
        rig.subscriptionIdentifier(77).subscribe(2, 1, FILTER, 1);
        assertEquals(List.of("2 live 1 q1 ids [77]", "1 puback 1 0x0"), rig.publish(1, 1, 1, "t", "x"));
    }

    @Test
    void shouldRefuseAMessageForWhichTheGroupHasNoRoom() {
        limits(new CoreLimits().queuedMessages(1).overflow(CoreLimits.DROP_NEWEST));
        members(1, 1);
        rig.lose(2);
        assertEquals(List.of("1 puback 1 0x0"), rig.publish(1, 1, 1, "t", "x"));
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 puback 2 0x97"), rig.publish(1, 1, 2, "t", "x"));
    }

    @Test
    void shouldPaceWhatWaitedForAMemberWithQos0() {
        rig.connectClean(1, "publisher");
        rig.connectKept(2, "m");
        rig.subscribe(2, 1, FILTER, 0);
        rig.lose(2);
        for (int i = 1; i <= 300; i++) {
            rig.publish(1, 1, i, "t", "x");
        }
        final List<String> first = rig.connectKept(3, "m");
        assertEquals(256, receivers(first).size());
        assertTrue(first.get(256).contains(" report"), first.get(256));
        assertEquals(44, receivers(rig.drained(3)).size());
    }
}
