package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One connection of the generator: publisher or subscriber. Everything goes through two large buffers, so that a system
 * call carries as many messages as there are.
 */
final class LoadClient {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final int STAMP_LENGTH = 16;

    private final EndToEnd.Plan plan;
    private final SocketChannel socket;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final UnsafeBuffer inView = new UnsafeBuffer(in);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private final UnsafeBuffer outView = new UnsafeBuffer(out);
    private final UnsafeBuffer topic;
    private final UnsafeBuffer payload;
    private final PublishDecoder publish = new PublishDecoder();
    private final Statistics statistics;

    private int inLength;
    private int outStart;
    private int outLength;
    private int nextPacketId;
    private long lastSequence = -1;
    private SelectionKey key;
    private boolean ready;

    long sent;
    long acknowledged;
    long received;

    LoadClient(final EndToEnd.Plan plan, final String id, final String topic, final Statistics statistics)
            throws IOException {
        this.plan = plan;
        this.statistics = statistics;
        this.topic = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        this.payload = new UnsafeBuffer(new byte[Math.max(STAMP_LENGTH, plan.payloadLength())]);
        socket = SocketChannel.open(new InetSocketAddress(plan.host(), plan.port()));
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        outLength = new ConnectEncoder()
                .wrap(outView, 0, plan.version())
                .clientId(id)
                .cleanStart(true)
                .finish();
    }

    void register(final Selector selector) throws IOException {
        socket.configureBlocking(false);
        key = socket.register(selector, SelectionKey.OP_READ, this);
    }

    boolean isReady() {
        return ready;
    }

    void subscribe(final String filter) {
        ready = false;
        outLength += new SubscribeEncoder()
                .wrap(outView, outStart + outLength, plan.version(), 1)
                .add(filter, plan.qos())
                .finish();
    }

    /** Messages of this publisher that are on their way. */
    long outstanding() {
        return plan.qos() == 0 ? sent - statistics.receivedOf(this) : sent - acknowledged;
    }

    /** Puts a message into the outbound buffer; false if there is no room now. */
    boolean publish(final long intendedNs) {
        final int length = PublishEncoder.length(
                plan.version(), plan.qos() << 1, topic.capacity(), 0, PublishEncoder.NO_EXPIRY, payload.capacity());
        if (BUFFER_LENGTH - outStart - outLength < length) {
            return false;
        }
        payload.putLong(0, intendedNs);
        payload.putLong(8, sent);
        nextPacketId = nextPacketId % 0xFFFF + 1;
        outLength += PublishEncoder.encode(
                outView,
                outStart + outLength,
                plan.version(),
                plan.qos() << 1,
                nextPacketId,
                topic,
                0,
                topic.capacity(),
                topic,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                payload,
                0,
                payload.capacity());
        sent++;
        return true;
    }

    void flush() throws IOException {
        if (outLength > 0) {
            out.limit(outStart + outLength).position(outStart);
            final int written = socket.write(out);
            outStart += written;
            outLength -= written;
            if (outLength == 0) {
                outStart = 0;
            }
        }
        final int interest = outLength > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    void read() throws IOException {
        in.limit(BUFFER_LENGTH).position(inLength);
        final int count = socket.read(in);
        if (count < 0) {
            throw new IOException("the broker has closed the connection");
        }
        inLength += count;
        final long nowNs = System.nanoTime();
        int at = 0;
        while (true) {
            final int length = Framing.packetLength(inView, at, inLength - at, Integer.MAX_VALUE);
            if (length < 0) {
                throw new IOException("the broker sent a malformed packet");
            }
            if (length == Framing.INCOMPLETE || length > inLength - at) {
                break;
            }
            onPacket(at, length, nowNs);
            at += length;
        }
        inView.putBytes(0, inView, at, inLength - at);
        inLength -= at;
    }

    private void onPacket(final int at, final int length, final long nowNs) throws IOException {
        switch (Framing.packetType(inView.getByte(at))) {
            case PacketType.CONNACK, PacketType.SUBACK -> ready = true;
            case PacketType.PUBLISH -> onPublish(at, length, nowNs);
            case PacketType.PUBACK, PacketType.PUBCOMP -> acknowledged++;
            case PacketType.PUBREC -> answer(PacketType.PUBREL, packetId(at));
            case PacketType.PUBREL -> answer(PacketType.PUBCOMP, packetId(at));
            default -> throw new IOException("unexpected packet " + inView.getByte(at));
        }
    }

    private int packetId(final int at) {
        return inView.getShort(at + 2, java.nio.ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private void onPublish(final int at, final int length, final long nowNs) throws IOException {
        if (publish.wrap(inView, at, length, plan.version()) != 0) {
            throw new IOException("the broker sent a malformed PUBLISH");
        }
        received++;
        statistics.onReceived(this, nowNs, inView.getLong(publish.payloadOffset()));
        final long sequence = inView.getLong(publish.payloadOffset() + 8);
        if (plan.isOneToOne()) {
            statistics.onSequence(lastSequence, sequence);
            lastSequence = sequence;
        }
        if (publish.qos() > 0) {
            answer(publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC, publish.packetId());
        }
    }

    private void answer(final int type, final int packetId) throws IOException {
        if (BUFFER_LENGTH - outStart - outLength < 8) {
            flush();
        }
        outLength += AckEncoder.encode(outView, outStart + outLength, plan.version(), type, packetId, 0);
    }

    void close() throws IOException {
        socket.close();
    }

    static ProtocolVersion version(final String name) {
        return switch (name) {
            case "3.1" -> ProtocolVersion.V3_1;
            case "5", "5.0" -> ProtocolVersion.V5;
            default -> ProtocolVersion.V3_1_1;
        };
    }
}
