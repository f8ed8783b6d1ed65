package io.ringmain.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.SlotRing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept for subscribers that are behind has a bound for each of them, and one for all together. */
class ThrottleTest {
    private static final int ON_THE_WAY = 1000;
    private static final int OUTBOUND = 100;
    private static final long PUBLISHER = 7;

    private final Counters counters = new Counters();
    private final NioTransport transport = new NioTransport();
    private final IoLimits limits = new IoLimits().outboundBytes(OUTBOUND);
    private final IoAgent agent = new IoAgent(
            new IoContext(0)
                    .ring(new SlotRing(64, 128, 1024))
                    .commitPosition(new Sequence())
                    .counters(counters),
            0,
            1,
            transport,
            ringBuffer(),
            ringBuffer(),
            ringBuffer());
    private final Throttle throttle = new Throttle(agent, limits, ON_THE_WAY);

    private static RingBuffer ringBuffer() {
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(1024 + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private static Connection subscriber() {
        return new Connection(null, "test", new BufferPool(), 0);
    }

    @Test
    void shouldKeepNoMoreForAllTogetherThanFourTimesWhatMayBeOnItsWay() {
        final List<Connection> subscribers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            subscribers.add(subscriber());
            assertTrue(throttle.keeps(subscribers.get(i), PUBLISHER, ON_THE_WAY / 2));
        }
        final Connection last = subscriber();
        assertFalse(throttle.keeps(last, PUBLISHER, 1));
        assertEquals(8, counters.get(CounterId.PUBLISHERS_PAUSED));
        throttle.release(subscribers.get(0));
        assertTrue(throttle.keeps(last, PUBLISHER, ON_THE_WAY / 2));
        assertFalse(throttle.keeps(subscriber(), PUBLISHER, 1));
    }

    @Test
    void shouldKeepForOneWhatMayBeOnItsWayBeyondWhatMayWaitForIt() {
        final Connection subscriber = subscriber();
        final int waiting = OUTBOUND / 2;
        subscriber.outbound.claim(waiting);
        subscriber.outbound.commit(waiting, 0, 0);
        assertTrue(throttle.keeps(subscriber, PUBLISHER, OUTBOUND - waiting + ON_THE_WAY));
        assertFalse(throttle.keeps(subscriber(), PUBLISHER, OUTBOUND + ON_THE_WAY + 1));
    }

    @Test
    void shouldKeepNothingForWhomNobodyWaitsAnyMore() {
        final Connection subscriber = subscriber();
        assertTrue(throttle.keeps(subscriber, PUBLISHER, 1));
        throttle.check(subscriber, agent.nowNs() + limits.slowConsumerWaitNs() + 1);
        assertFalse(throttle.keeps(subscriber, PUBLISHER, 1));
        throttle.onTaken(subscriber);
        assertTrue(throttle.keeps(subscriber, PUBLISHER, 1), "it has caught up");
    }

    @Test
    void shouldHoldPublishersBackUntilTheQueueOfTheCoreIsShort() {
        final Connection subscriber = subscriber();
        throttle.onQueue(subscriber, PUBLISHER);
        throttle.onQueue(subscriber, PUBLISHER + 1);
        throttle.onQueue(subscriber, PUBLISHER);
        assertEquals(2, counters.get(CounterId.PUBLISHERS_PAUSED));
        throttle.onTaken(subscriber);
        assertEquals(2, subscriber.throttled.size(), "bytes for the socket don't matter");
        throttle.onQueue(subscriber, 0);
        assertNull(subscriber.throttled);
    }

    @Test
    void shouldHoldNobodyBackForLongerThanAllowed() {
        final Connection subscriber = subscriber();
        throttle.onQueue(subscriber, PUBLISHER);
        throttle.check(subscriber, agent.nowNs() + limits.slowConsumerWaitNs() + 1);
        assertNull(subscriber.throttled);
        throttle.onQueue(subscriber, PUBLISHER);
        throttle.onTaken(subscriber);
        assertFalse(throttle.keeps(subscriber, PUBLISHER, 1), "its queue is still long");
        throttle.onQueue(subscriber, 0);
        throttle.onQueue(subscriber, PUBLISHER);
        assertEquals(1, subscriber.throttled.size(), "it has caught up in between");
    }

    /** A connection of the agent, which can be paused. */
    private Connection publisher() {
        final Connection publisher = new Connection(new ScriptedNetwork.Client(), "test", new BufferPool(), 0);
        agent.register(publisher);
        return publisher;
    }

    /** What the core does when a subscriber's queue is long: first the pause, then the word to the subscriber's agent. */
    private void nameFor(final Connection subscriber, final Connection publisher) {
        throttle.pause(publisher.id);
        throttle.onQueue(subscriber, publisher.id);
    }

    @Test
    void shouldTakeThePauseOfTheCoreOverAndEndItOnce() {
        final Connection publisher = publisher();
        final Connection subscriber = subscriber();
        nameFor(subscriber, publisher);
        throttle.takeSignals();
        assertEquals(1, publisher.pauses);
        nameFor(subscriber, publisher);
        assertEquals(1, publisher.pauses, "it waits for this subscriber already");
        nameFor(subscriber(), publisher);
        throttle.takeSignals();
        assertEquals(2, publisher.pauses);
        throttle.onQueue(subscriber, 0);
        assertEquals(1, publisher.pauses);
    }

    @Test
    void shouldEndThePauseOfTheCoreForWhomNobodyWaits() {
        final Connection publisher = publisher();
        final Connection subscriber = subscriber();
        nameFor(subscriber, publisher);
        throttle.check(subscriber, agent.nowNs() + limits.slowConsumerWaitNs() + 1);
        nameFor(subscriber, publisher);
        throttle.takeSignals();
        assertEquals(0, publisher.pauses, "the subscriber is left behind");
        limits.slowConsumerWaitNs(0);
        nameFor(subscriber(), publisher);
        throttle.takeSignals();
        assertEquals(0, publisher.pauses, "nobody is to be held back");
    }

    @Test
    void shouldEndAPauseThatWasNotObeyedYet() {
        final Connection publisher = publisher();
        final Connection subscriber = subscriber();
        nameFor(subscriber, publisher);
        throttle.release(subscriber);
        assertEquals(0, publisher.pauses);
        throttle.takeSignals();
        assertEquals(0, publisher.pauses);
    }

    @Test
    void shouldKeepNothingThatNoConnectionHasPublished() {
        assertFalse(throttle.keeps(subscriber(), 0, 1));
    }
}
