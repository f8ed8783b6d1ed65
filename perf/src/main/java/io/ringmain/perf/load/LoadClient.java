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
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** One connection of a {@link Flow}: publisher or subscriber. */
final class LoadClient implements Wire.PacketHandler {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final int STAMP_LENGTH = 16;
    private static final int PACKET_IDS = 1 << 16;

    /** Of 65,535 packet ids; a rate that the broker doesn't keep up with must not use one twice. */
    private static final int MAX_UNACKNOWLEDGED = 60_000;

    private final FlowPlan plan;
    private final Wire wire;
    private final UnsafeBuffer topic;
    private final UnsafeBuffer payload;
    private final PublishDecoder publish = new PublishDecoder();
    private final Statistics statistics;

    /** When the message of a packet id was to be sent. */
    private final long[] intendedNs;

    private int nextPacketId;
    private long lastSequence = -1;
    private long nowNs;
    private boolean ready;

    long sent;
    long acknowledged;
    long received;

    LoadClient(
            final FlowPlan plan,
            final String id,
            final String topic,
            final Statistics statistics,
            final Selector selector)
            throws IOException {
        this.plan = plan;
        this.statistics = statistics;
        this.topic = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        this.payload = new UnsafeBuffer(new byte[Math.max(STAMP_LENGTH, plan.payloadLength())]);
        this.intendedNs = new long[plan.qos() == 0 ? 0 : PACKET_IDS];
        wire = new Wire(null, new InetSocketAddress(plan.host(), plan.port()), BUFFER_LENGTH, selector, this);
        wire.advance(new ConnectEncoder()
                .wrap(wire.out(), wire.end(), plan.version())
                .clientId(id)
                .cleanStart(true)
                .finish());
    }

    boolean isReady() {
        return ready;
    }

    void subscribe(final String filter) {
        ready = false;
        wire.advance(new SubscribeEncoder()
                .wrap(wire.out(), wire.end(), plan.version(), 1)
                .add(filter, plan.qos())
                .finish());
    }

    /** Messages of this publisher that are on their way. */
    long outstanding() {
        return plan.qos() == 0 ? sent - statistics.receivedOf(this) : sent - acknowledged;
    }

    /** Puts a message into the outbound buffer; false if there is no room now. */
    boolean publish(final long intended) {
        final int length = PublishEncoder.length(
                plan.version(), plan.qos() << 1, topic.capacity(), 0, PublishEncoder.NO_EXPIRY, payload.capacity());
        if (wire.room() < length || plan.qos() > 0 && sent - acknowledged >= MAX_UNACKNOWLEDGED) {
            return false;
        }
        payload.putLong(0, intended);
        payload.putLong(8, sent);
        nextPacketId = nextPacketId % 0xFFFF + 1;
        if (plan.qos() > 0) {
            intendedNs[nextPacketId] = intended;
        }
        wire.advance(PublishEncoder.encode(
                wire.out(),
                wire.end(),
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
                payload.capacity()));
        sent++;
        return true;
    }

    void flush() throws IOException {
        wire.flush();
    }

    void read() throws IOException {
        nowNs = System.nanoTime();
        if (!wire.read(this)) {
            throw new IOException("the broker has closed the connection");
        }
    }

    @Override
    public void onPacket(final UnsafeBuffer buffer, final int at, final int length) throws IOException {
        switch (Framing.packetType(buffer.getByte(at))) {
            case PacketType.CONNACK, PacketType.SUBACK -> ready = true;
            case PacketType.PUBLISH -> onPublish(buffer, at, length);
            case PacketType.PUBACK, PacketType.PUBCOMP -> onAcknowledged(packetId(buffer, at));
            case PacketType.PUBREC -> answer(PacketType.PUBREL, packetId(buffer, at));
            case PacketType.PUBREL -> answer(PacketType.PUBCOMP, packetId(buffer, at));
            default -> throw new IOException("unexpected packet " + buffer.getByte(at));
        }
    }

    private static int packetId(final UnsafeBuffer buffer, final int at) {
        return buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private void onAcknowledged(final int packetId) {
        acknowledged++;
        statistics.onAcknowledged(nowNs, intendedNs[packetId]);
    }

    private void onPublish(final UnsafeBuffer buffer, final int at, final int length) throws IOException {
        if (publish.wrap(buffer, at, length, plan.version()) != 0) {
            throw new IOException("the broker sent a malformed PUBLISH");
        }
        received++;
        statistics.onReceived(this, nowNs, buffer.getLong(publish.payloadOffset()));
        final long sequence = buffer.getLong(publish.payloadOffset() + 8);
        if (plan.isOneToOne()) {
            statistics.onSequence(lastSequence, sequence);
            lastSequence = sequence;
        }
        if (publish.qos() > 0) {
            answer(publish.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC, publish.packetId());
        }
    }

    private void answer(final int type, final int packetId) throws IOException {
        if (wire.room() < 8) {
            wire.flush();
        }
        wire.advance(AckEncoder.encode(wire.out(), wire.end(), plan.version(), type, packetId, 0));
    }

    void close() throws IOException {
        wire.close();
    }

    static ProtocolVersion version(final String name) {
        return switch (name) {
            case "3.1" -> ProtocolVersion.V3_1;
            case "5", "5.0" -> ProtocolVersion.V5;
            default -> ProtocolVersion.V3_1_1;
        };
    }
}
