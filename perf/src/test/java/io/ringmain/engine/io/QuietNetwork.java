package io.ringmain.engine.io;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.ring.SlotRing;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The network of one agent, with one client at most. Like a selector it remembers a wake-up until the next poll, which
 * it would end; so a test sees, without waiting, whether an agent would wait for ever.
 */
final class QuietNetwork implements Transport {
    private static final ListenerConfig LISTENER = new ListenerConfig("quiet", new InetSocketAddress(0));
    private static final Counters COUNTERS = new Counters();
    private static final int LANE_BYTES = 1024;
    private static final int MAX_POLLS = 200;

    /** A client that sends its bytes once, and which one network at most may have. */
    static final class Client implements Channel {
        private final ByteBuffer bytes;
        private QuietNetwork network;
        private Connection connection;

        Client(final ByteBuffer bytes) {
            this.bytes = bytes;
        }

        /** Whether this network has it, and no other. */
        boolean isOf(final QuietNetwork owner) {
            return network == owner && owner.client == this;
        }

        @Override
        public int read(final ByteBuffer target) {
            final int length = bytes.remaining();
            target.put(bytes);
            return length;
        }

        @Override
        public int write(final ByteBuffer source) {
            final int length = source.remaining();
            source.position(source.limit());
            return length;
        }

        @Override
        public void interest(final boolean read, final boolean write) {}

        @Override
        public String peer() {
            return "client";
        }

        @Override
        public String address() {
            return null;
        }

        @Override
        public void release() {
            network.client = null;
            network = null;
        }

        @Override
        public void close() {}
    }

    private final AtomicBoolean woken = new AtomicBoolean();
    private Client client;

    /** The last poll would have been ended by a wake-up, if it had waited. */
    private boolean wasWoken;

    /** What all agents of a test share but the ring, into which nothing is written here. */
    static IoContext context() {
        return new IoContext(0)
                .ring(new SlotRing(32, 128, 1024))
                .commitPosition(new Sequence())
                .counters(COUNTERS);
    }

    static IoAgent agent(final IoContext context, final int lane, final int laneCount, final Transport transport) {
        return agent(context, lane, laneCount, transport, ringBuffer());
    }

    static IoAgent agent(
            final IoContext context,
            final int lane,
            final int laneCount,
            final Transport transport,
            final RingBuffer egressLane) {
        return new IoAgent(context, lane, laneCount, transport, egressLane, ringBuffer(), ringBuffer());
    }

    static RingBuffer ringBuffer() {
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocate(LANE_BYTES + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    /** Whether the next poll would end at once. */
    boolean isWoken() {
        return woken.get();
    }

    /** Has the agent poll until a wake-up ends that, or so often that nobody seems to call it. */
    void pollUntilWoken(final IoAgent agent, final long timeoutMs) {
        for (int i = 0; i < MAX_POLLS && !wasWoken; i++) {
            agent.pollTransport(timeoutMs);
        }
    }

    /** The client connects to the agent of this network. */
    void connect(final IoAgent agent, final Client newClient) {
        agent.onAccept(newClient, LISTENER);
    }

    @Override
    public int poll(final Handler handler, final long timeoutMs) {
        wasWoken = woken.getAndSet(false);
        if (client == null || !client.bytes.hasRemaining()) {
            return 0;
        }
        handler.onReadable(client.connection);
        return 1;
    }

    @Override
    public void adopt(final Channel channel, final Connection connection) {
        final Client adopted = (Client) channel;
        if (adopted.network != null) {
            throw new IllegalStateException("another network has it");
        }
        adopted.network = this;
        adopted.connection = connection;
        client = adopted;
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void wakeup() {
        woken.set(true);
    }

    @Override
    public void close() {}
}
