package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes a number of messages with QoS 1 over one connection as fast as they are acknowledged: to build a state. */
final class BulkPublisher implements Wire.PacketHandler {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final int WINDOW = 1000;
    private static final int QOS_1 = 1 << 1;
    private static final int RETAIN = 1;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);

    /** Each message begins with its number, as far as there is room: who takes them tells by that that all have come once. */
    static final int NUMBER_LENGTH = Long.BYTES;

    private final LongFunction<String> topics;
    private final int flags;
    private final UnsafeBuffer payload;
    private boolean connected;
    private long sent;
    private long acknowledged;

    /** @param topics by the number of the message. */
    private BulkPublisher(final LongFunction<String> topics, final boolean retain, final int payloadLength) {
        this.topics = topics;
        this.flags = retain ? QOS_1 | RETAIN : QOS_1;
        this.payload = new UnsafeBuffer(new byte[payloadLength]);
    }

    /** Returns the seconds that it took. */
    static double publish(
            final String host,
            final int port,
            final long count,
            final LongFunction<String> topics,
            final boolean retain,
            final int payloadLength)
            throws IOException {
        final long startNs = System.nanoTime();
        new BulkPublisher(topics, retain, payloadLength).run(new InetSocketAddress(host, port), count);
        return (System.nanoTime() - startNs) / 1e9;
    }

    private void run(final InetSocketAddress broker, final long count) throws IOException {
        try (Selector selector = Selector.open()) {
            final Wire wire = new Wire(null, broker, BUFFER_LENGTH, selector, this);
            wire.advance(new ConnectEncoder()
                    .wrap(wire.out(), wire.end(), ProtocolVersion.V3_1_1)
                    .clientId("bench-bulk")
                    .cleanStart(true)
                    .finish());
            long lastNs = System.nanoTime();
            while (acknowledged < count) {
                final long before = acknowledged;
                while (connected && sent < count && sent - acknowledged < WINDOW && encode(wire)) {
                    sent++;
                }
                wire.flush();
                selector.select(100);
                for (final SelectionKey key : selector.selectedKeys()) {
                    if (key.isReadable() && !wire.read(this)) {
                        throw new IOException("the broker has closed the connection after " + acknowledged);
                    }
                }
                selector.selectedKeys().clear();
                lastNs = acknowledged > before ? System.nanoTime() : lastNs;
                if (System.nanoTime() - lastNs > STALL_NS) {
                    throw new IOException("no acknowledgement for a minute, after " + acknowledged);
                }
            }
            wire.close();
        }
    }

    private boolean encode(final Wire wire) {
        final UnsafeBuffer topic = new UnsafeBuffer(topics.apply(sent).getBytes(StandardCharsets.UTF_8));
        final int length = PublishEncoder.length(
                ProtocolVersion.V3_1_1, flags, topic.capacity(), 0, PublishEncoder.NO_EXPIRY, payload.capacity());
        if (wire.room() < length) {
            return false;
        }
        if (payload.capacity() >= NUMBER_LENGTH) {
            payload.putLong(0, sent);
        }
        wire.advance(PublishEncoder.encode(
                wire.out(),
                wire.end(),
                ProtocolVersion.V3_1_1,
                flags,
                (int) (sent % 0xFFFF) + 1,
                topic,
                0,
                topic.capacity(),
                topic,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                payload,
                0,
                payload.capacity()));
        return true;
    }

    @Override
    public void onPacket(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
        switch (Framing.packetType(buffer.getByte(offset))) {
            case PacketType.CONNACK -> connected = true;
            case PacketType.PUBACK -> acknowledged++;
            default -> throw new IOException("unexpected packet " + buffer.getByte(offset));
        }
    }
}
