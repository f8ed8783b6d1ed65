package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The whole way of a message, from the bytes of a publisher to the bytes of its subscribers and back with the
 * acknowledgements, all agents on one thread; without system calls, and with a log that keeps nothing. An operation is a
 * message of 64 that one read brings.
 */
@State(Scope.Thread)
public class MessagePath {
    /** Messages of a call. */
    static final int BATCH = 64;

    private static final String FILTER = "plant/+/rpm/01";

    /** To how many a message goes. */
    @Param({"1", "10"})
    public int subscribers = 1;

    /** How it comes from the core to the I/O agent. */
    @Param({"DIRECT", "LANE"})
    public HandOver handOver = HandOver.DIRECT;

    /** Where the messages go, in turn; {@code plant/+/rpm/01} has to fit. */
    UnsafeBuffer[] topics = {Events.TOPIC};

    private final MemoryIo io = new MemoryIo();
    private final MemorySequencer sequencer = new MemorySequencer(io.ring, io.lane, io.commitPosition, io.counters);
    private final PublishBatches[] publishes = new PublishBatches[3];
    private MemoryChannel publisher;
    private MemoryChannel subscriber;

    @Setup
    public void setup() throws Exception {
        if (handOver == HandOver.DIRECT) {
            sequencer.direct(io.agent);
        }
        publisher = io.connect(ProtocolVersion.V3_1_1, "publisher", true);
        for (int qos = 0; qos < publishes.length; qos++) {
            publishes[qos] = new PublishBatches(topics, BATCH, qos);
        }
        for (int i = 0; i < subscribers; i++) {
            subscriber = io.connect(ProtocolVersion.V3_1_1, "client-" + i, true);
            run();
            subscriber.send(subscribe());
            run();
        }
    }

    private static ByteBuffer subscribe() {
        final ByteBuffer packet = ByteBuffer.allocateDirect(64);
        final int length = new SubscribeEncoder()
                .wrap(new UnsafeBuffer(packet), 0, ProtocolVersion.V3_1_1, 1)
                .add(FILTER, 2)
                .finish();
        return packet.limit(length).slice();
    }

    /** Steps all agents until none has anything to do. */
    private long run() throws Exception {
        int work;
        do {
            work = io.agent.pollTransport(0) + sequencer.journal() + sequencer.core() + io.agent.drainLane();
            work += io.agent.flush();
        } while (work > 0);
        return subscriber.receivedPublishes();
    }

    private long publish(final int qos) throws Exception {
        publisher.send(publishes[qos].next());
        return run();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos0() throws Exception {
        return publish(0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos1() throws Exception {
        return publish(1);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long qos2() throws Exception {
        return publish(2);
    }
}
