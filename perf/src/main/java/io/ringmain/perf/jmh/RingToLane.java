package io.ringmain.perf.jmh;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.SlotRing;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The two stages of the ring, on one thread: the journal stamps and appends (to a log that keeps nothing), the core
 * routes, the lane gets one record for all targets. An operation is an event of 16 that are in the ring; writing them
 * and reading the lane is in it.
 */
@State(Scope.Thread)
public class RingToLane implements MessageHandler {
    private static final int BATCH = 16;
    private static final int PUBLISHER = 1;
    private static final UnsafeBuffer NOBODYS_TOPIC = Events.bytes("nobody/line-07/rpm");

    /** Sessions that a message goes to. */
    @Param({"1", "100"})
    public int subscribers = 1;

    private final SlotRing ring = new SlotRing(MemoryIo.RING_SLOTS, MemoryIo.SLOT_LENGTH, 64 << 10);
    private final RingBuffer lane = MemoryIo.lane();
    private final MemorySequencer sequencer = new MemorySequencer(ring, lane, new Sequence(), new Counters());
    private long laneBytes;

    @Setup
    public void setup() throws Exception {
        final UnsafeBuffer event = new UnsafeBuffer(new byte[256]);
        Events.connect(event, PUBLISHER, "publisher");
        Events.copy(event, ring);
        for (int i = 0; i < subscribers; i++) {
            Events.connect(event, 2 + i, "client-" + i);
            Events.copy(event, ring);
            Events.subscribe(event, 2 + i, "plant/+/rpm/01", 0);
            Events.copy(event, ring);
        }
        step();
    }

    private long step() throws Exception {
        sequencer.journal();
        sequencer.core();
        lane.read(this);
        return laneBytes;
    }

    private long publish(final int qos, final UnsafeBuffer topic) throws Exception {
        for (int i = 0; i < BATCH; i++) {
            Events.publish(ring, PUBLISHER, qos, 0, i + 1, topic);
        }
        return step();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos0() throws Exception {
        return publish(0, Events.TOPIC);
    }

    /** Logged and acknowledged, to subscribers with QoS 0. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos1() throws Exception {
        return publish(1, Events.TOPIC);
    }

    /** Logged and acknowledged, to nobody. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos1ToNobody() throws Exception {
        return publish(1, NOBODYS_TOPIC);
    }

    @Override
    public void onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        laneBytes += length;
    }
}
