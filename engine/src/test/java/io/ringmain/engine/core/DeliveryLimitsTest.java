package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscription identifiers, the bounds of queues, and the pace of what comes from the log. */
class DeliveryLimitsTest {
    private CoreRig rig = new CoreRig();

    private void limits(final CoreLimits limits) {
        rig = new CoreRig(limits);
        rig.connectClean(1, "publisher");
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
    }

    @Test
    void shouldCarryTheIdentifiersOfAllSubscriptionsThatMatch() {
        rig.connectClean(1, "a");
        rig.subscriptionIdentifier(5).subscribe(1, 1, "t/#", 1);
        rig.subscriptionIdentifier(300).subscribe(1, 2, "t/+", 2);
        rig.subscriptionIdentifier(0).subscribe(1, 3, "t/x", 0);
        rig.subscriptionIdentifier(9).subscribe(1, 4, "other", 0);
        assertEquals(
                "1 live 1 q2 ids [5, 300]",
                sorted(rig.publish(1, 2, 1, "t/x", "x").get(0)));
        assertEquals(
                "1 live 0 q0 ids [5, 300]",
                sorted(rig.publish(1, 0, 0, "t/x", "x").get(0)));
    }

    private static String sorted(final String line) {
        return line.replace("[300, 5]", "[5, 300]");
    }

    @Test
    void shouldKeepIdentifiersWithWhatWaitsAndWhatIsSentAgain() {
        rig.connectClean(1, "publisher");
        rig.receiveMaximum(1).connectKept(2, "subscriber");
        rig.subscriptionIdentifier(7).subscribe(2, 1, "t", 1);
        rig.publish(1, 1, 1, "t", "sent");
        rig.publish(1, 1, 2, "t", "waits");
        rig.subscriptionIdentifier(8).subscribe(2, 2, "t", 1);
        final List<String> back = rig.connectKept(3, "subscriber");
        assertTrue(back.get(2).startsWith("3 stored 1 q1 dup ids [7]"), back.toString());
        final List<String> next = rig.ack(3, CoreRig.PUBACK, 1);
        assertTrue(next.get(0).startsWith("3 stored 2 q1 ids [7]"), next.toString());
        rig.ack(3, CoreRig.PUBACK, 2);
        assertEquals("3 live 3 q1 ids [8]", rig.publish(1, 1, 3, "t", "x").get(0));
    }

    @Test
    void shouldGiveRetainedMessagesTheIdentifierOfTheNewSubscription() {
        rig.connectClean(1, "a");
        rig.retain(1, 1, 1, "t/1", "kept");
        rig.subscriptionIdentifier(4).subscribe(1, 1, "#", 0);
        final List<String> lines = rig.subscriptionIdentifier(6).subscribe(1, 2, "t/+", 0);
        assertTrue(lines.get(1).contains(" ids [6]"), lines.toString());
    }

    @Test
    void shouldTakeIdentifiersIntoAccountForTheSizeOfAPacket() {
        rig.connectClean(1, "publisher");
        // 1 + 1 + 3 topic + 2 packet id + 1 property length + 1 payload
        rig.maximumPacketSize(9).connectClean(2, "subscriber");
        rig.subscribe(2, 1, "t", 1);
        assertEquals("2 live 1 q1", rig.publish(1, 1, 1, "t", "x").get(0));
        rig.subscriptionIdentifier(1).subscribe(2, 2, "t", 1);
        assertEquals("drop PACKET_TOO_LARGE", rig.publish(1, 1, 2, "t", "x").get(0));
    }

    @Test
    void shouldNotSaySuccessForAMessageThatNobodyCanGet() {
        limits(new CoreLimits().queuedMessages(1).overflow(CoreLimits.DROP_NEWEST));
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "x");
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 puback 2 0x97"), rig.publish(1, 1, 2, "t", "x"));
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 pubrec 3 0x97"), rig.publish(1, 2, 3, "t", "x"));
        assertEquals(0, rig.core.inboundCount("publisher"), "the packet id is free again");
        rig.connectClean(4, "lucky");
        rig.subscribe(4, 1, "t", 1);
        assertEquals("1 puback 5 0x0", rig.publish(1, 1, 5, "t", "one of two").get(2));
    }

    @Test
    void shouldKeepToOtherLimitsFromWhereTheyChange() {
        limits(new CoreLimits().queuedMessages(2).overflow(CoreLimits.DROP_NEWEST));
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "x");
        rig.publish(1, 1, 2, "t", "y");
        rig.changeLimits(new CoreLimits()
                .queuedMessages(1)
                .overflow(CoreLimits.DROP_NEWEST)
                .values());
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 puback 3 0x97"), rig.publish(1, 1, 3, "t", "z"));
        rig.changeLimits(new CoreLimits()
                .queuedMessages(3)
                .overflow(CoreLimits.DROP_NEWEST)
                .values());
        assertEquals(List.of("1 puback 4 0x0"), rig.publish(1, 1, 4, "t", "z"));
        assertEquals(4, rig.connectKept(4, "subscriber").size(), "what was there when the limit fell stays");
    }

    @Test
    void shouldCloseAnMqtt3PublisherRatherThanTellItSuccess() {
        limits(new CoreLimits().queuedMessages(1).overflow(CoreLimits.DROP_NEWEST));
        rig.lose(2);
        rig.protocolLevel(4).connectClean(3, "old publisher");
        rig.publish(3, 1, 1, "t", "x");
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "3 disconnect 0x97"), rig.publish(3, 1, 2, "t", "x"));
    }

    @Test
    void shouldTakeARetainedMessageThoughNobodyGetsItNow() {
        limits(new CoreLimits().queuedMessages(1).overflow(CoreLimits.DROP_NEWEST));
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "x");
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 puback 2 0x0"), rig.retain(1, 1, 2, "t", "kept"));
    }

    @Test
    void shouldDisconnectASlowSubscriberIfToldTo() {
        limits(new CoreLimits().receiveMaximum(1).queuedMessages(2).overflow(CoreLimits.DISCONNECT));
        rig.publish(1, 1, 1, "t", "in flight");
        rig.publish(1, 1, 2, "t", "waits");
        rig.publish(1, 1, 3, "t", "waits");
        assertEquals(
                List.of("drop QUEUE_FULL_DISCONNECT", "1 puback 4 0x97", "2 disconnect 0x97"),
                rig.publish(1, 1, 4, "t", "too many"));
        assertEquals(2, rig.core.pendingCount("subscriber"), "the session and its queue stay");
    }

    @Test
    void shouldDropWhatHasWaitedTooLong() {
        limits(new CoreLimits().queuedSeconds(160));
        rig.lose(2);
        for (int i = 1; i <= 4; i++) {
            rig.publish(1, 1, i, "t", "x");
            rig.passSeconds(50);
        }
        // The first is 200 seconds old, the second 150.
        final List<String> lines = rig.connectKept(3, "subscriber");
        assertEquals(1, lines.stream().filter("drop QUEUE_AGE"::equals).count(), lines.toString());
        assertEquals(3, lines.stream().filter(line -> line.contains(" stored ")).count(), lines.toString());
    }

    @Test
    void shouldDropWhatHasWaitedTooLongThoughMoreComes() {
        limits(new CoreLimits().queuedSeconds(160));
        rig.lose(2);
        for (int i = 1; i <= 100; i++) {
            rig.publish(1, 1, i, "t", "x");
            rig.passSeconds(10);
        }
        final int pending = rig.core.pendingCount("subscriber");
        assertTrue(pending >= 16 && pending <= 18, "pending " + pending);
        assertEquals(rig.core.digestFromScratch(), rig.core.digest());
    }

    @Test
    void shouldSendRetainedMessagesWithQos0AsFastAsTheClientTakesThem() {
        rig = new CoreRig(new CoreLimits().retainedPerSlice(1000));
        rig.connectClean(1, "a");
        for (int i = 0; i < 600; i++) {
            rig.retain(1, 0, 0, "t/" + i, "x");
        }
        final List<String> first = rig.subscribe(1, 1, "t/+", 0);
        assertEquals(257, first.size());
        assertTrue(first.get(256).contains(" retain report "), first.get(256));
        assertEquals(List.of(), rig.tick());
        assertEquals(256, rig.drained(1).size());
        assertEquals(88, rig.drained(1).size());
        assertEquals(List.of(), rig.drained(1));
        assertEquals(0, rig.core.retainedScanCount());
    }

    @Test
    void shouldReplayThroughTheLimitsThatWereInForce() {
        rig.start(new CoreLimits().subscriptionsPerSession(3).values());
        rig.connectKept(1, "a");
        for (int i = 1; i <= 3; i++) {
            assertEquals(List.of("1 suback " + i + " 0x1"), rig.subscribe(1, i, "t/" + i, 1));
        }
        rig.start(new CoreLimits().subscriptionsPerSession(1).values());
        assertEquals(3, rig.core.subscriptionCount(), "what was granted stays");
        rig.connectKept(2, "a");
        assertEquals("drop SUBSCRIPTIONS_FULL", rig.subscribe(2, 4, "t/4", 1).get(0));
    }
}
