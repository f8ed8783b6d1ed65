package io.ringmain.engine.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.Test;

class DriverTest {
    private static final int LANE_BYTES = 64 << 10;
    private static final int PAYLOAD_LENGTH = 100;

    private final Counters counters = new Counters();
    private final RingBuffer[] lanes = {lane(), lane()};
    private final UnsafeBuffer event = new UnsafeBuffer(new byte[16 << 10]);
    private final List<Integer> full = new ArrayList<>();
    private final List<Long> paused = new ArrayList<>();

    private static RingBuffer lane() {
        return new OneToOneRingBuffer(new UnsafeBuffer(new byte[LANE_BYTES + RingBufferDescriptor.TRAILER_LENGTH]));
    }

    private EgressPublisher egress() {
        final EgressPublisher egress = new EgressPublisher(
                lanes,
                lane -> {
                    full.add(lane);
                    lanes[lane].read((type, buffer, index, length) -> {});
                },
                paused::add,
                counters);
        egress.unmute();
        return egress;
    }

    /** A PUBLISH at a position; returns its length. */
    private int publish(final long position, final int flags, final int payloadLength) {
        final int length = PublishEvent.length(1, 0, payloadLength);
        PublishEvent.write(event, 0, flags, 0, 1, 1, 1, 0, 0, 4, 0, 0, 1, 0, payloadLength);
        EventHeader.stamp(event, 0, position, 1);
        return length;
    }

    @Test
    void shouldCopyAMessageOncePerLaneWithAllItsTargets() {
        final EgressPublisher egress = egress();
        final int eventLength = publish(640, 0, PAYLOAD_LENGTH);
        egress.begin(event, 0);
        egress.onDeliverLive(0, 11, 5, DeliveryFlags.of(1, false, false), Identifiers.NONE);
        egress.onDeliverLive(1, 12, 0, DeliveryFlags.of(0, false, false), Identifiers.NONE);
        egress.onDeliverLive(0, 13, 6, DeliveryFlags.of(2, true, false), Identifiers.NONE);
        egress.end();
        final List<Long> targets = new ArrayList<>();
        lanes[0].read((type, buffer, index, length) -> {
            assertEquals(EgressType.FAN_OUT, type);
            assertEquals(640 + ((eventLength + 7) & ~7), EgressRecord.requiredPosition(buffer, index));
            for (int i = 0; i < EgressRecord.targetCount(buffer, index); i++) {
                targets.add(EgressRecord.targetConnectionId(buffer, EgressRecord.targetOffset(index, i)));
            }
            final int copy = EgressRecord.fanOutEventOffset(buffer, index);
            assertEquals(PAYLOAD_LENGTH, new PublishEvent().wrap(buffer, copy).payloadLength());
        });
        assertEquals(List.of(11L, 13L), targets);
        assertEquals(1, lanes[1].read((type, buffer, index, length) -> {}));
    }

    @Test
    void shouldRequireNothingForATransientEvent() {
        final EgressPublisher egress = egress();
        publish(640, EventHeader.TRANSIENT, PAYLOAD_LENGTH);
        egress.begin(event, 0);
        egress.onDeliverLive(0, 11, 0, 0, Identifiers.NONE);
        egress.end();
        lanes[0].read((type, buffer, index, length) -> assertEquals(0, EgressRecord.requiredPosition(buffer, index)));
    }

    @Test
    void shouldSendTheLongestMessagesByPosition() {
        final EgressPublisher egress = egress();
        publish(640, 0, LANE_BYTES / 8);
        egress.begin(event, 0);
        egress.onDeliverLive(0, 11, 5, DeliveryFlags.of(1, false, false), Identifiers.NONE);
        egress.end();
        assertEquals(1, lanes[0].read((type, buffer, index, length) -> {
            assertEquals(EgressType.DELIVER_STORED, type);
            assertEquals(640, EgressRecord.storedMessagePosition(buffer, index));
        }));
    }

    /** A transient event has no place in the log to read it from, so it must go whole however many want it. */
    @Test
    void shouldSplitTheTargetsOfALongTransientMessage() {
        final EgressPublisher egress = egress();
        publish(640, EventHeader.TRANSIENT, LANE_BYTES / 8 - 200);
        egress.begin(event, 0);
        final Identifiers two = new Identifiers().add(7).add(8);
        for (int i = 0; i < 20; i++) {
            egress.onDeliverLive(0, 100 + i, 0, 0, i % 2 == 0 ? two : Identifiers.NONE);
        }
        egress.end();
        final List<Long> targets = new ArrayList<>();
        final int[] records = {0};
        final MessageHandler handler = (type, buffer, index, length) -> {
            assertEquals(EgressType.FAN_OUT, type);
            records[0]++;
            for (int i = 0; i < EgressRecord.targetCount(buffer, index); i++) {
                final int target = EgressRecord.targetOffset(index, i);
                final long connection = EgressRecord.targetConnectionId(buffer, target);
                targets.add(connection);
                final int field = EgressRecord.targetIdentifiers(buffer, target);
                if (connection % 2 == 0) {
                    final int list = EgressRecord.listsOffset(buffer, index) - 1 - field;
                    assertEquals(2, EgressRecord.listCount(buffer, list));
                    assertEquals(8, EgressRecord.listIdentifier(buffer, list, 1));
                } else {
                    assertEquals(0, field);
                }
            }
            final int copy = EgressRecord.fanOutEventOffset(buffer, index);
            assertEquals(
                    LANE_BYTES / 8 - 200, new PublishEvent().wrap(buffer, copy).payloadLength());
        };
        lanes[0].read(handler);
        assertEquals(LongStream.range(100, 120).boxed().toList(), targets);
        assertTrue(records[0] > 1, "records " + records[0]);
    }

    @Test
    void shouldWaitForAFullLaneAndCountIt() {
        final EgressPublisher egress = egress();
        publish(640, 0, 4000);
        for (int i = 0; i < 100; i++) {
            egress.begin(event, 0);
            egress.onDeliverLive(1, 11, 5, DeliveryFlags.of(1, false, false), Identifiers.NONE);
            egress.end();
        }
        assertTrue(full.size() > 1 && full.stream().allMatch(lane -> lane == 1), full.toString());
        assertEquals(full.size(), counters.get(CounterId.LANE_FULL));
    }

    @Test
    void shouldSayNothingWhileMuted() {
        final EgressPublisher egress = new EgressPublisher(lanes, lane -> {}, paused::add, counters);
        publish(640, 0, PAYLOAD_LENGTH);
        egress.begin(event, 0);
        egress.onDeliverLive(0, 11, 5, 2, Identifiers.NONE);
        egress.onConnack(0, 11, 0, false);
        egress.onBehind(0, 11, 7);
        egress.end();
        assertEquals(0, lanes[0].read((type, buffer, index, length) -> {}));
        assertEquals(List.of(), paused);
    }

    /** What stands in a lane of publishers that are held back: their ids, 0 for those of a subscriber that has caught up. */
    private List<Long> heldBack(final int lane) {
        final List<Long> publishers = new ArrayList<>();
        lanes[lane].read((type, buffer, index, length) -> {
            assertEquals(EgressType.BEHIND, type);
            publishers.add(EgressRecord.publisherId(buffer, index));
        });
        return publishers;
    }

    @Test
    void shouldPauseAPublisherOnceUntilItsSubscriberHasCaughtUp() {
        final EgressPublisher egress = egress();
        egress.onBehind(0, 11, 7);
        egress.onBehind(0, 11, 7);
        egress.onBehind(1, 12, 7);
        egress.onBehind(0, 11, 8);
        assertEquals(List.of(7L, 7L, 8L), paused);
        assertEquals(List.of(7L, 8L), heldBack(0));
        assertEquals(List.of(7L), heldBack(1));
        egress.onCaughtUp(0, 11);
        egress.onBehind(0, 11, 7);
        egress.onBehind(1, 12, 7);
        assertEquals(List.of(7L, 7L, 8L, 7L), paused);
        assertEquals(List.of(0L, 7L), heldBack(0));
        assertEquals(List.of(), heldBack(1));
    }

    @Test
    void shouldPauseAPublisherBeforeItWaitsForTheLaneOfItsSubscriber() {
        final List<String> order = new ArrayList<>();
        final EgressPublisher egress = new EgressPublisher(
                lanes,
                lane -> {
                    order.add("waits");
                    lanes[lane].read((type, buffer, index, length) -> {});
                },
                id -> order.add("pauses " + id),
                counters);
        egress.unmute();
        while (lanes[0].write(EgressType.ACK, event, 0, EgressRecord.ACK_LENGTH)) {
            // Until there is no room.
        }
        egress.onBehind(0, 11, 7);
        assertEquals(List.of("pauses 7", "waits"), order);
    }

    @Test
    void shouldEndAndNameThePositionWhenTheCoreFails() {
        final SlotRing ring = new SlotRing(256, 64, 4096);
        final RingPoller poller = ring.newPoller();
        final EgressPublisher egress = egress();
        final CoreAgent agent = new CoreAgent(
                ring,
                poller,
                new BrokerCore(new CoreLimits(), egress),
                egress,
                new Sequence(),
                new SnapshotMark(),
                counters);
        final int unknownType = 99;
        final long sequence = ring.tryClaim(EventHeader.HEADER_LENGTH);
        EventHeader.write(ring.buffer(), ring.offset(sequence), EventHeader.HEADER_LENGTH, unknownType, 0, 0, 0);
        EventHeader.stamp(ring.buffer(), ring.offset(sequence), 4711, 1);
        ring.commit(sequence, EventHeader.HEADER_LENGTH);
        final AgentTerminationException end = assertThrows(AgentTerminationException.class, agent::doWork);
        assertTrue(
                end.getCause().getMessage().contains("position 4711"),
                end.getCause().getMessage());
    }
}
