package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes persistent sessions with a subscription each and leaves them offline: a connection for each session, a number of
 * them at a time. They come from several addresses of loopback, as one has too few ports for all.
 */
final class SessionMaker {
    private static final int BUFFER_LENGTH = 512;
    private static final int AT_A_TIME = 128;
    private static final int ADDRESSES = 16;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);

    private final InetSocketAddress broker;
    private final IntFunction<String> filters;
    private final int count;
    private final Selector selector;
    private int begun;
    private int done;

    private SessionMaker(final int port, final int count, final IntFunction<String> filters, final Selector selector) {
        this.broker = new InetSocketAddress("127.0.0.1", port);
        this.count = count;
        this.filters = filters;
        this.selector = selector;
    }

    /**
     * Returns the seconds that it took.
     *
     * @param filters by the number of the session.
     */
    static double make(final int port, final int count, final IntFunction<String> filters) throws IOException {
        final long startNs = System.nanoTime();
        try (Selector selector = Selector.open()) {
            new SessionMaker(port, count, filters, selector).run();
        }
        return (System.nanoTime() - startNs) / 1e9;
    }

    static String clientId(final int number) {
        return "bench-session-" + number;
    }

    private void run() throws IOException {
        long lastNs = System.nanoTime();
        while (done < count) {
            final int before = done;
            while (begun < count && begun - done < AT_A_TIME) {
                new Client(begun++);
            }
            selector.select(100);
            for (final SelectionKey key : selector.selectedKeys()) {
                ((Client) key.attachment()).onReady(key);
            }
            selector.selectedKeys().clear();
            lastNs = done > before ? System.nanoTime() : lastNs;
            if (System.nanoTime() - lastNs > STALL_NS) {
                throw new IOException("no session for a minute, after " + done);
            }
        }
    }

    /** CONNECT, SUBSCRIBE, DISCONNECT; the broker closes. */
    private final class Client implements Wire.PacketHandler {
        private final int number;
        private final Wire wire;

        Client(final int number) throws IOException {
            this.number = number;
            final InetSocketAddress from = new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0);
            wire = new Wire(from, broker, BUFFER_LENGTH, selector, this);
            wire.advance(new ConnectEncoder()
                    .wrap(wire.out(), wire.end(), ProtocolVersion.V3_1_1)
                    .clientId(clientId(number))
                    .cleanStart(false)
                    .finish());
            wire.flush();
        }

        void onReady(final SelectionKey key) throws IOException {
            if (key.isReadable() && !wire.read(this)) {
                wire.close();
                done++;
                return;
            }
            wire.flush();
        }

        @Override
        public void onPacket(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
            switch (Framing.packetType(buffer.getByte(offset))) {
                case PacketType.CONNACK ->
                    wire.advance(new SubscribeEncoder()
                            .wrap(wire.out(), wire.end(), ProtocolVersion.V3_1_1, 1)
                            .add(filters.apply(number), 1)
                            .finish());
                case PacketType.SUBACK ->
                    wire.advance(DisconnectEncoder.encode(wire.out(), wire.end(), ProtocolVersion.V3_1_1, 0));
                default -> throw new IOException("unexpected packet " + buffer.getByte(offset));
            }
        }
    }
}
