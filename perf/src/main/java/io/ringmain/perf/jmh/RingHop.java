package io.ringmain.perf.jmh;

import io.ringmain.engine.ring.SlotRing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Claiming, writing and polling an event of 148 bytes on one thread: two slots of the ring. */
@State(Scope.Thread)
public class RingHop {
    private final SlotRing ring = new SlotRing(MemoryIo.RING_SLOTS, MemoryIo.SLOT_LENGTH, 64 << 10);
    private final RingReader reader = new RingReader(ring);

    private int packetId;

    @Benchmark
    public long claimAndPoll() {
        packetId = packetId + 1 & 0xFFFF;
        Events.publish(ring, 1, 1, 0, packetId, Events.TOPIC);
        return reader.poll();
    }
}
