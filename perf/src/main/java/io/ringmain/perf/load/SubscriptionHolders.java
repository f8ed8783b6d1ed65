package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.agrona.concurrent.UnsafeBuffer;

/** A few connections that hold many subscriptions to which nobody publishes. One filter a SUBSCRIBE, many on their way. */
final class SubscriptionHolders implements AutoCloseable {
    private static final ProtocolVersion VERSION = ProtocolVersion.V3_1_1;
    private static final int BUFFER_LENGTH = 1 << 16;
    private static final int MAX_PACKET_LENGTH = 256;
    private static final int WINDOW = 100;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);

    private final Selector selector = Selector.open();
    private final Holder[] holders;
    private final LongFunction<String> filters;
    private long begun;
    private long granted;

    /**
     * Connects.
     *
     * @param filters by number; they count from 0 over all calls of {@link #growTo}.
     */
    SubscriptionHolders(final String host, final int port, final int connections, final LongFunction<String> filters)
            throws IOException {
        this.filters = filters;
        this.holders = new Holder[connections];
        for (int i = 0; i < connections; i++) {
            holders[i] = new Holder(new InetSocketAddress(host, port), "bench-holder-" + i);
        }
        await(0, connections);
    }

    /** Subscribes until there are so many; returns the seconds that it took. */
    double growTo(final long count) throws IOException {
        final long startNs = System.nanoTime();
        await(count, holders.length);
        return (System.nanoTime() - startNs) / 1e9;
    }

    /** Subscriptions that the broker has granted. */
    long count() {
        return granted;
    }

    private void await(final long count, final int connected) throws IOException {
        long lastNs = System.nanoTime();
        while (granted < count || connected() < connected) {
            final long before = granted;
            for (final Holder holder : holders) {
                holder.subscribe(count);
            }
            selector.select(100);
            for (final SelectionKey key : selector.selectedKeys()) {
                ((Holder) key.attachment()).onReady(key);
            }
            selector.selectedKeys().clear();
            lastNs = granted > before ? System.nanoTime() : lastNs;
            if (System.nanoTime() - lastNs > STALL_NS) {
                throw new IOException("no subscription for a minute, after " + granted);
            }
        }
    }

    private int connected() {
        int connected = 0;
        for (final Holder holder : holders) {
            connected += holder.isConnected ? 1 : 0;
        }
        return connected;
    }

    @Override
    public void close() throws IOException {
        for (final Holder holder : holders) {
            holder.wire.close();
        }
        selector.close();
    }

    private final class Holder implements Wire.PacketHandler {
        private final Wire wire;
        private final SubscribeEncoder subscribe = new SubscribeEncoder();
        private boolean isConnected;
        private int nextPacketId;
        private int unanswered;

        Holder(final InetSocketAddress broker, final String id) throws IOException {
            wire = new Wire(null, broker, BUFFER_LENGTH, selector, this);
            wire.advance(new ConnectEncoder()
                    .wrap(wire.out(), wire.end(), VERSION)
                    .clientId(id)
                    .cleanStart(true)
                    .finish());
        }

        void subscribe(final long count) throws IOException {
            while (isConnected && begun < count && unanswered < WINDOW && wire.room() >= MAX_PACKET_LENGTH) {
                nextPacketId = nextPacketId % 0xFFFF + 1;
                wire.advance(subscribe
                        .wrap(wire.out(), wire.end(), VERSION, nextPacketId)
                        .add(filters.apply(begun++), 0)
                        .finish());
                unanswered++;
            }
            wire.flush();
        }

        void onReady(final SelectionKey key) throws IOException {
            if (key.isReadable() && !wire.read(this)) {
                throw new IOException("the broker has closed the connection, after " + granted + " subscriptions");
            }
        }

        @Override
        public void onPacket(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
            final int type = Framing.packetType(buffer.getByte(offset));
            // The last byte is the return code of both.
            final int code = buffer.getByte(offset + length - 1) & 0xFF;
            if (type == PacketType.CONNACK && code == 0) {
                isConnected = true;
            } else if (type == PacketType.SUBACK && code < 0x80) {
                unanswered--;
                granted++;
            } else {
                throw new IOException("the broker answered with a packet of type " + type + " and code " + code);
            }
        }
    }
}
