package io.ringmain.perf.jmh;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.IoAgent;
import io.ringmain.engine.io.IoContext;
import io.ringmain.engine.io.IoLimits;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.ByteBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** One I/O agent with everything that it touches: ring, lane, the two rings of the log's reader, clients in memory. */
final class MemoryIo {
    static final int RING_SLOTS = 1 << 14;
    static final int SLOT_LENGTH = 128;

    /** Allocates nothing; the one of the system makes an object a call until it is compiled, once in a duty cycle. */
    static final EpochNanoClock CLOCK = new OffsetEpochNanoClock();

    private static final int MAX_EVENT_LENGTH = 64 << 10;
    private static final int LANE_BYTES = 1 << 20;

    final SlotRing ring = new SlotRing(RING_SLOTS, SLOT_LENGTH, MAX_EVENT_LENGTH);
    final RingBuffer lane = lane();
    final RingBuffer fetchRequests = lane();
    final RingBuffer fetchAnswers = lane();
    final Sequence commitPosition = new Sequence(0);
    final Counters counters = new Counters();
    final MemoryTransport transport = new MemoryTransport();
    final IoAgent agent;

    MemoryIo() {
        final IoContext context = new IoContext(0)
                .ring(ring)
                .commitPosition(commitPosition)
                .limits(new IoLimits().acceptsPerSecond(1_000_000))
                .clock(CLOCK)
                .counters(counters);
        agent = new IoAgent(context, 0, 1, transport, lane, fetchRequests, fetchAnswers);
    }

    static RingBuffer lane() {
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(LANE_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /** A client connects and sends its CONNECT, which is in the ring after the call. */
    MemoryChannel connect(final ProtocolVersion version, final String clientId, final boolean answering) {
        final MemoryChannel channel = new MemoryChannel(answering);
        transport.connect(channel);
        final ByteBuffer packet = ByteBuffer.allocateDirect(256);
        final int length = new ConnectEncoder()
                .wrap(new UnsafeBuffer(packet), 0, version)
                .clientId(clientId)
                .finish();
        channel.send(packet.limit(length));
        agent.pollTransport(0);
        return channel;
    }

    /** So many PUBLISH packets of one payload, to topics in turn, with the packet ids from 1 on; ready to be sent. */
    static ByteBuffer publishes(
            final int count,
            final ProtocolVersion version,
            final int qos,
            final UnsafeBuffer[] topics,
            final int alias) {
        final ByteBuffer bytes = ByteBuffer.allocateDirect(count * 256);
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        final UnsafeBuffer properties = new UnsafeBuffer(new byte[] {0x23, 0, (byte) alias});
        int length = 0;
        for (int i = 0; i < count; i++) {
            final UnsafeBuffer topic = topics[i % topics.length];
            length += PublishEncoder.encode(
                    view,
                    length,
                    version,
                    qos << 1,
                    i + 1,
                    topic,
                    0,
                    alias > 0 && i > 0 ? 0 : topic.capacity(),
                    properties,
                    0,
                    alias > 0 ? properties.capacity() : 0,
                    PublishEncoder.NO_EXPIRY,
                    Events.PAYLOAD,
                    0,
                    Events.PAYLOAD.capacity());
        }
        return bytes.limit(length).slice();
    }
}
