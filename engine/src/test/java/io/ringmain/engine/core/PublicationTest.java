package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringmain.engine.core.state.InvariantViolation;
import io.ringmain.engine.event.EventHeader;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private CoreRig rig = new CoreRig();

    @BeforeEach
    void connect() {
        rig.connectClean(1, "publisher");
        rig.connectKept(2, "subscriber");
        rig.subscribe(2, 1, "t", 2);
    }

    private void limits(final int receiveMaximum, final int messages, final long bytes, final boolean dropNewest) {
        rig = new CoreRig(new CoreLimits()
                .receiveMaximum(receiveMaximum)
                .queuedMessages(messages)
                .queuedBytes(bytes)
                .overflow(dropNewest ? CoreLimits.DROP_NEWEST : CoreLimits.DROP_OLDEST)
                .subscriptionsPerSession(100)
                .retainedMessages(100)
                .retainedPerSlice(10));
        connect();
    }

    @Test
    void shouldSayThatNobodyIsThere() {
        assertEquals(List.of("1 puback 1 0x10"), rig.publish(1, 1, 1, "nobody", "x"));
        assertEquals(List.of("1 pubrec 2 0x10"), rig.publish(1, 2, 2, "nobody", "x"));
        assertEquals(List.of("1 pubcomp 2 0x0"), rig.ack(1, CoreRig.PUBREL, 2));
    }

    @Test
    void shouldOnlyAcknowledgeWhatWasRefused() {
        assertEquals(List.of("1 puback 1 0x87"), rig.publish(1, 1, 1, 0, 0x87, -1, "t", "x"));
        assertEquals(List.of("1 pubrec 2 0x87"), rig.publish(1, 2, 2, 0, 0x87, -1, "t", "x"));
        assertEquals(0, rig.core.inboundCount("publisher"));
    }

    @Test
    void shouldRouteAQos2MessageOnce() {
        assertEquals(List.of("2 live 1 q2", "1 pubrec 5 0x0"), rig.publish(1, 2, 5, "t", "x"));
        assertEquals(List.of("1 pubrec 5 0x0"), rig.publish(1, 2, 5, "t", "x"));
        assertEquals(List.of("1 pubrec 5 0x0"), rig.publish(1, 2, 5, 0, 0x87, -1, "t", "x"));
        assertEquals(List.of("1 pubcomp 5 0x0"), rig.ack(1, CoreRig.PUBREL, 5));
        assertEquals(List.of("1 pubcomp 5 0x92"), rig.ack(1, CoreRig.PUBREL, 5));
        assertEquals(List.of("2 live 2 q2", "1 pubrec 5 0x0"), rig.publish(1, 2, 5, "t", "y"));
    }

    @Test
    void shouldRememberReceivedQos2MessagesOverAReconnect() {
        rig.connectKept(3, "kept");
        rig.publish(3, 2, 9, "t", "x");
        rig.lose(3);
        rig.connectKept(4, "kept");
        assertEquals(List.of("4 pubrec 9 0x0"), rig.publish(4, 2, 9, "t", "x"));
    }

    @Test
    void shouldDisconnectAClientThatExceedsTheReceiveMaximum() {
        limits(2, 10, 10_000, false);
        rig.publish(1, 2, 1, "t", "x");
        rig.publish(1, 2, 2, "t", "x");
        assertEquals(List.of("1 disconnect 0x93"), rig.publish(1, 2, 3, "t", "x"));
        assertFalse(rig.core.hasSession("publisher"));
    }

    @Test
    void shouldCompleteTheHandshakeOfADelivery() {
        rig.publish(1, 2, 1, "t", "x");
        assertEquals(List.of("2 pubrel 1 0x0"), rig.ack(2, CoreRig.PUBREC, 1));
        assertEquals(List.of("2 pubrel 1 0x0"), rig.ack(2, CoreRig.PUBREC, 1));
        assertEquals(List.of(), rig.ack(2, CoreRig.PUBCOMP, 1));
        assertEquals(0, rig.core.inFlightCount("subscriber"));
        assertEquals(List.of("2 pubrel 1 0x92"), rig.ack(2, CoreRig.PUBREC, 1));
    }

    @Test
    void shouldGiveUpADeliveryThatTheClientRefused() {
        rig.publish(1, 2, 1, "t", "x");
        assertEquals(List.of(), rig.ack(2, CoreRig.PUBREC, 1, 0x97));
        assertEquals(0, rig.core.inFlightCount("subscriber"));
    }

    @Test
    void shouldIgnoreAcknowledgementsThatDontFit() {
        rig.publish(1, 2, 1, "t", "x");
        assertEquals(List.of(), rig.ack(2, CoreRig.PUBACK, 1));
        assertEquals(List.of(), rig.ack(2, CoreRig.PUBCOMP, 1));
        assertEquals(List.of(), rig.ack(2, CoreRig.PUBACK, 77));
        assertEquals(1, rig.core.inFlightCount("subscriber"));
    }

    @Test
    void shouldQueueWhatDoesntFitTheWindowAndKeepTheOrder() {
        rig.receiveMaximum(1).connectKept(3, "subscriber");
        rig.publish(1, 1, 1, "t", "first");
        rig.publish(1, 1, 2, "t", "second");
        final long second = rig.position();
        rig.publish(1, 1, 3, "t", "third");
        assertEquals(2, rig.core.pendingCount("subscriber"));
        assertEquals(List.of("3 live 0 q0"), rig.publish(1, 0, 0, "t", "qos 0 goes at once"));
        assertEquals(List.of("3 stored 2 q1 @" + second), rig.ack(3, CoreRig.PUBACK, 1));
    }

    @Test
    void shouldKeepMessagesForASubscriberThatIsAway() {
        rig.lose(2);
        assertEquals(List.of("1 puback 1 0x0"), rig.publish(1, 1, 1, "t", "x"));
        final long position = rig.position();
        assertEquals(List.of(), rig.publish(1, 0, 0, "t", "not this one"));
        assertEquals(List.of("3 connack 0 present", "3 stored 1 q1 @" + position), rig.connectKept(3, "subscriber"));
        rig.ack(3, CoreRig.PUBACK, 1);
        rig.lose(3);
        assertEquals(List.of("4 connack 0 present"), rig.connectKept(4, "subscriber"));
    }

    @Test
    void shouldSendAgainWhatIsInFlightInItsOrder() {
        rig.publish(1, 1, 1, "t", "a");
        final long first = rig.position();
        rig.publish(1, 2, 2, "t", "b");
        rig.publish(1, 2, 3, "t", "c");
        final long third = rig.position();
        rig.ack(2, CoreRig.PUBREC, 2);
        rig.lose(2);
        rig.publish(1, 1, 4, "t", "d");
        final long fourth = rig.position();
        assertEquals(
                List.of(
                        "3 connack 0 present",
                        "3 stored 1 q1 dup @" + first,
                        "3 pubrel 2 0x0",
                        "3 stored 3 q2 dup @" + third,
                        "3 stored 4 q1 @" + fourth),
                rig.connectKept(3, "subscriber"));
    }

    @Test
    void shouldNotSendAgainMoreThanTheNewReceiveMaximum() {
        rig.publish(1, 1, 1, "t", "a");
        final long first = rig.position();
        rig.publish(1, 1, 2, "t", "b");
        final long second = rig.position();
        rig.lose(2);
        rig.receiveMaximum(1);
        assertEquals(List.of("3 connack 0 present", "3 stored 1 q1 dup @" + first), rig.connectKept(3, "subscriber"));
        assertEquals(List.of("3 stored 2 q1 dup @" + second), rig.ack(3, CoreRig.PUBACK, 1));
    }

    @Test
    void shouldDropTheOldestOfAFullQueue() {
        limits(10, 2, 10_000, false);
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "a");
        rig.publish(1, 1, 2, "t", "b");
        final long second = rig.position();
        assertEquals(List.of("drop QUEUE_FULL_OLDEST", "1 puback 3 0x0"), rig.publish(1, 1, 3, "t", "c"));
        final long third = rig.position();
        assertEquals(
                List.of("3 connack 0 present", "3 stored 1 q1 @" + second, "3 stored 2 q1 @" + third),
                rig.connectKept(3, "subscriber"));
    }

    @Test
    void shouldDropTheNewestIfToldTo() {
        limits(10, 1, 10_000, true);
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "a");
        final long first = rig.position();
        assertEquals(List.of("drop QUEUE_FULL_NEWEST", "1 puback 2 0x97"), rig.publish(1, 1, 2, "t", "b"));
        assertEquals(List.of("3 connack 0 present", "3 stored 1 q1 @" + first), rig.connectKept(3, "subscriber"));
    }

    @Test
    void shouldBoundTheBytesOfAQueue() {
        limits(10, 10, 250, false);
        rig.lose(2);
        rig.publish(1, 1, 1, "t", "a".repeat(50));
        rig.publish(1, 1, 2, "t", "b".repeat(50));
        assertEquals(List.of("drop QUEUE_FULL_OLDEST", "1 puback 3 0x0"), rig.publish(1, 1, 3, "t", "c".repeat(50)));
        assertEquals(
                List.of("drop QUEUE_FULL_OLDEST", "1 puback 4 0x97"), rig.publish(1, 1, 4, "t", "too long".repeat(50)));
        assertEquals(2, rig.core.pendingCount("subscriber"));
    }

    @Test
    void shouldNotDeliverAnExpiredMessage() {
        rig.lose(2);
        rig.publish(1, 1, 1, 0, 0, 10, "t", "x");
        rig.publish(1, 1, 2, 0, 0, 11, "t", "y");
        final long second = rig.position();
        rig.passSeconds(10);
        assertEquals(
                List.of("3 connack 0 present", "drop EXPIRED", "3 stored 1 q1 @" + second),
                rig.connectKept(3, "subscriber"));
    }

    @Test
    void shouldNotDeliverAPacketThatIsTooLargeForTheClient() {
        // Fixed header 2, topic 3, packet id 2, no properties 1, payload.
        rig.maximumPacketSize(18).connectKept(3, "subscriber");
        assertEquals(List.of("3 live 1 q1", "1 puback 1 0x0"), rig.publish(1, 1, 1, "t", "0123456789"));
        assertEquals(List.of("drop PACKET_TOO_LARGE", "1 puback 2 0x0"), rig.publish(1, 1, 2, "t", "0123456789a"));
        assertEquals(List.of("3 live 0 q0"), rig.publish(1, 0, 0, "t", "0123456789ab"));
        assertEquals(List.of("drop PACKET_TOO_LARGE"), rig.publish(1, 0, 0, "t", "0123456789abc"));
    }

    @Test
    void shouldForgetWhatIsInFlightAndTooLargeForTheNewConnection() {
        rig.publish(1, 1, 1, "t", "0123456789a");
        rig.lose(2);
        rig.maximumPacketSize(18);
        assertEquals(List.of("3 connack 0 present", "drop PACKET_TOO_LARGE"), rig.connectKept(3, "subscriber"));
        assertEquals(0, rig.core.inFlightCount("subscriber"));
    }

    @Test
    void shouldNotChangeAnythingWithATransientEvent() {
        final long digest = rig.core.digest();
        rig.publish(1, 0, 0, "t", "x");
        assertEquals(digest, rig.core.digest());
    }

    @Test
    void shouldHaltWhenATransientEventChangesTheState() {
        rig.publish(1, 1, 1, "t", "x");
        final int length = EventHeader.length(rig.buffer, 0);
        final byte flags = EventHeader.TRANSIENT;
        rig.buffer.putByte(EventHeader.FLAGS_OFFSET, flags);
        EventHeader.stamp(rig.buffer, 0, rig.position() + length, rig.nowNs());
        assertThrows(InvariantViolation.class, () -> rig.core.onEvent(rig.buffer, 0));
    }

    @Test
    void shouldHaltWhenAPositionComesTwice() {
        rig.publish(1, 1, 1, "t", "x");
        assertThrows(InvariantViolation.class, () -> rig.core.onEvent(rig.buffer, 0));
    }

    @Test
    void shouldDeliverMessagesOfTheBrokerItself() {
        final CoreRig own = new CoreRig();
        own.connectClean(1, "a");
        own.subscribe(1, 1, "$SYS/#", 1);
        own.subscribe(1, 2, "$share/g/$SYS/+", 1);
        own.subscribe(1, 3, "#", 1);
        final long digest = own.core.digest();
        assertEquals(
                List.of("1 live 0 q0", "1 live 0 q0"), own.publish(EventHeader.NO_CONNECTION, 0, 0, "$SYS/x", "1"));
        assertEquals(digest, own.core.digest());
    }
}
