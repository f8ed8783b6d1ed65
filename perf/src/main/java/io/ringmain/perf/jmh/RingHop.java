package io.ringmain.perf.jmh;

import com.lmax.disruptor.EventPoller;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.ring.SlotRing;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Claiming, writing and polling an event of 152 bytes on one thread: two slots of the ring. */
@State(Scope.Thread)
public class RingHop implements EventPoller.Handler<SlotRing> {
    private static final int PAYLOAD_LENGTH = 64;

    private final SlotRing ring = new SlotRing(1 << 14, 128, 64 << 10);
    private final EventPoller<SlotRing> poller = ring.newPoller();
    private final UnsafeBuffer topic = new UnsafeBuffer("plant/line-07/rpm/01".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private long seen;

    public RingHop() {
        ring.addGatingSequences(poller.getSequence());
    }

    @Benchmark
    public long claimAndPoll() throws Exception {
        final int length = PublishEvent.length(topic.capacity(), 0, PAYLOAD_LENGTH);
        final long sequence = ring.tryClaim(length);
        final int at = PublishEvent.write(
                ring.buffer(),
                ring.offset(sequence),
                EventHeader.TRANSIENT,
                0,
                1,
                0,
                0,
                0,
                0,
                4,
                0,
                0,
                topic.capacity(),
                0,
                PAYLOAD_LENGTH);
        ring.buffer().putBytes(at, topic, 0, topic.capacity());
        ring.buffer().putBytes(at + topic.capacity(), payload, 0, PAYLOAD_LENGTH);
        ring.commit(sequence, length);
        poller.poll(this);
        return seen;
    }

    @Override
    public boolean onEvent(final SlotRing slots, final long sequence, final boolean endOfBatch) {
        seen += EventHeader.length(slots.buffer(), slots.offset(sequence & -2));
        return true;
    }
}
