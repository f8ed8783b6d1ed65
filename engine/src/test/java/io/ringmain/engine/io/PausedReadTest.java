package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ReasonCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A publisher that is paused while its bytes are looked at, and what becomes of the rest of them. */
class PausedReadTest {
    private static final int RING_SLOTS = 1024;
    private static final int MESSAGE_SLOTS = 512;
    private static final int MESSAGES = 300;
    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final long NOBODY = 999;
    private static final byte[] CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, KEEP_ALIVE_SECONDS, 0, 1, 'p'};

    private final Counters counters = new Counters();
    private final SlotRing ring = new SlotRing(RING_SLOTS, 128, 1024);
    private final RingPoller poller = ring.newPoller();
    private final RingBuffer lane = ringBuffer();
    private final ScriptedNetwork network = new ScriptedNetwork();
    private long nowNs = TimeUnit.SECONDS.toNanos(1_000_000);
    private IoAgent agent;
    private ScriptedNetwork.Client publisher;

    private static RingBuffer ringBuffer() {
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(4096 + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    @BeforeEach
    void connect() throws Exception {
        ring.addGatingSequences(poller.sequence());
        final IoContext context = new IoContext(0)
                .ring(ring)
                .messageSlots(MESSAGE_SLOTS)
                .commitPosition(new Sequence())
                .clock(() -> nowNs)
                .counters(counters);
        agent = new IoAgent(context, 0, 1, network, lane, ringBuffer(), ringBuffer());
        publisher = network.connect(agent).send(CONNECT);
        agent.doWork();
        assertEquals(List.of(EventType.CONNECT), taken());
    }

    /** Types of the events in the ring; takes them out. */
    private List<Integer> taken() throws Exception {
        final List<Integer> types = new ArrayList<>();
        poller.poll((offset, length) -> types.add(EventHeader.type(ring.buffer(), offset)));
        return types;
    }

    private static byte[] publishes(final int count) {
        final ByteBuffer packets = ByteBuffer.allocate(7 * count);
        for (int i = 1; i <= count; i++) {
            packets.put(new byte[] {0x32, 5, 0, 1, 't'}).putShort((short) i);
        }
        return packets.array();
    }

    private void pause() {
        agent.pausePublisher(publisher.connection().id);
    }

    /** What the core says behind the pause comes to an agent that has no such subscriber any more, so the pause ends. */
    private void tellNobody() {
        lane.write(EgressType.BEHIND, behind(NOBODY, 0), 0, EgressRecord.BEHIND_LENGTH);
        lane.write(EgressType.BEHIND, behind(NOBODY, publisher.connection().id), 0, EgressRecord.BEHIND_LENGTH);
    }

    private static UnsafeBuffer behind(final long subscriberId, final long publisherId) {
        final UnsafeBuffer word = new UnsafeBuffer(new byte[EgressRecord.BEHIND_LENGTH]);
        EgressRecord.writeBehind(word, 0, subscriberId, publisherId);
        return word;
    }

    @Test
    void shouldHandOnNoMorePacketsThanAreBetweenTwoLooks() throws Exception {
        publisher.send(publishes(MESSAGES)).whileRead(this::pause);
        agent.doWork();
        assertEquals(HoldBack.PACKETS_BETWEEN_LOOKS, taken().size());
        publisher.send(publishes(1));
        agent.doWork();
        assertEquals(0, taken().size());
        assertEquals(1, publisher.unread());
    }

    @Test
    void shouldGoOnInTheMiddleOfWhatWasReadWithoutReadingAgain() throws Exception {
        publisher.send(publishes(MESSAGES)).whileRead(this::pause);
        agent.doWork();
        taken();
        assertFalse(agent.hasPendingWork(), "there is nothing that could be tried");
        tellNobody();
        agent.doWork();
        assertTrue(agent.hasPendingWork());
        agent.doWork();
        assertEquals(MESSAGES - HoldBack.PACKETS_BETWEEN_LOOKS, taken().size());
        publisher.send(publishes(1));
        agent.doWork();
        assertEquals(1, taken().size());
    }

    @Test
    void shouldReadNothingOfWhomItWasToldToPauseBefore() throws Exception {
        publisher.send(publishes(1));
        pause();
        agent.doWork();
        assertEquals(0, taken().size());
        assertEquals(1, publisher.unread());
    }

    @Test
    void shouldWaitForTheEndOfThePauseWithWhatTheRingHadNoRoomFor() throws Exception {
        publisher.send(publishes(MESSAGE_SLOTS + MESSAGES));
        agent.doWork();
        pause();
        assertEquals(MESSAGE_SLOTS, taken().size());
        agent.doWork();
        assertEquals(0, taken().size());
        assertFalse(agent.hasPendingWork());
        tellNobody();
        agent.doWork();
        agent.doWork();
        assertEquals(MESSAGES, taken().size());
    }

    @Test
    void shouldLeaveRoomInTheRingForWhatIsNoMessage() throws Exception {
        publisher.send(publishes(MESSAGE_SLOTS + MESSAGES));
        network.connect(agent).send(CONNECT);
        agent.doWork();
        final List<Integer> events = taken();
        assertEquals(MESSAGE_SLOTS + 1, events.size());
        assertEquals(EventType.CONNECT, events.get(MESSAGE_SLOTS));
    }

    @Test
    void shouldTryOnceWhatTheRingHadNoRoomForWhenAPauseHasEndedMeanwhile() throws Exception {
        publisher.send(publishes(MESSAGE_SLOTS + MESSAGES));
        agent.doWork();
        pause();
        tellNobody();
        agent.drainLane();
        taken();
        agent.doWork();
        assertEquals(MESSAGES, taken().size());
        agent.doWork();
        assertEquals(0, counters.get(CounterId.CONNECTIONS_CLOSED_EXCEPTION));
    }

    @Test
    void shouldHandOnAllThatAClientHasSentBeforeItsEnd() throws Exception {
        publisher.send(publishes(MESSAGES)).whileRead(this::pause);
        publisher.send(publishes(1)).end();
        agent.doWork();
        taken();
        tellNobody();
        agent.doWork();
        agent.doWork();
        agent.doWork();
        agent.doWork();
        final List<Integer> events = taken();
        assertEquals(MESSAGES - HoldBack.PACKETS_BETWEEN_LOOKS + 1 + 1, events.size());
        assertEquals(EventType.CONNECTION_LOST, events.get(events.size() - 1));
    }

    @Test
    void shouldForgetTheRestOfWhoIsClosedWhilePaused() throws Exception {
        publisher.send(publishes(MESSAGES)).whileRead(this::pause);
        agent.doWork();
        taken();
        final long id = publisher.connection().id;
        final UnsafeBuffer disconnect = new UnsafeBuffer(new byte[EgressRecord.DISCONNECT_LENGTH]);
        EgressRecord.writeDisconnect(disconnect, 0, 0, id, ReasonCode.SESSION_TAKEN_OVER);
        lane.write(EgressType.DISCONNECT, disconnect, 0, EgressRecord.DISCONNECT_LENGTH);
        lane.write(EgressType.BEHIND, behind(NOBODY, id), 0, EgressRecord.BEHIND_LENGTH);
        agent.doWork();
        agent.doWork();
        assertTrue(publisher.isClosed());
        assertEquals(0, taken().size());
        assertEquals(0, counters.get(CounterId.BUFFER_BYTES));
    }

    @Test
    void shouldCountKeepAliveFromTheEndOfThePause() throws Exception {
        publisher.send(publishes(MESSAGES)).whileRead(this::pause);
        agent.doWork();
        taken();
        for (int i = 0; i < 3 * KEEP_ALIVE_SECONDS; i++) {
            nowNs += TimeUnit.SECONDS.toNanos(1);
            agent.doWork();
        }
        assertFalse(publisher.isClosed());
        tellNobody();
        agent.doWork();
        agent.doWork();
        nowNs += TimeUnit.SECONDS.toNanos(KEEP_ALIVE_SECONDS);
        agent.doWork();
        assertFalse(publisher.isClosed());
        nowNs += TimeUnit.SECONDS.toNanos(KEEP_ALIVE_SECONDS);
        agent.doWork();
        agent.doWork();
        assertTrue(publisher.isClosed());
    }
}
