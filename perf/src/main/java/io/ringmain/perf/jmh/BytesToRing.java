package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.PacketType;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an I/O agent does with what it has read: framing, decoding, checks, topic aliases, gathering acknowledgements,
 * claiming and writing the event. An operation is a packet of 64 that one read brings; polling the ring is in it.
 */
@State(Scope.Thread)
public class BytesToRing {
    private static final int BATCH = 64;
    private static final UnsafeBuffer[] TOPICS = {Events.TOPIC};

    private final MemoryIo io = new MemoryIo();
    private final RingReader reader = new RingReader(io.ring);
    private final ByteBuffer qos0 = MemoryIo.publishes(BATCH, ProtocolVersion.V3_1_1, 0, TOPICS, 0);
    private final ByteBuffer qos1 = MemoryIo.publishes(BATCH, ProtocolVersion.V3_1_1, 1, TOPICS, 0);
    private final ByteBuffer aliased = MemoryIo.publishes(BATCH, ProtocolVersion.V5, 0, TOPICS, 1);
    private final ByteBuffer acks = acks();
    private MemoryChannel client;
    private MemoryChannel client5;

    private static ByteBuffer acks() {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH * 4);
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        for (int i = 0; i < BATCH; i++) {
            AckEncoder.encode(view, i * 4, ProtocolVersion.V3_1_1, PacketType.PUBACK, i + 1, 0);
        }
        return bytes;
    }

    @Setup
    public void setup() {
        client = io.connect(ProtocolVersion.V3_1_1, "client", false);
        client5 = io.connect(ProtocolVersion.V5, "client5", false);
        reader.poll();
    }

    private long handle(final MemoryChannel from, final ByteBuffer packets) {
        from.send(packets);
        io.agent.pollTransport(0);
        return reader.poll();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publishQos0() {
        return handle(client, qos0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publishQos1() {
        return handle(client, qos1);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long publishWithAlias() {
        return handle(client5, aliased);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long acknowledgement() {
        return handle(client, acks);
    }
}
