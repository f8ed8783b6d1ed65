package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import org.agrona.concurrent.UnsafeBuffer;

/** One connection of a {@link Flow}. */
abstract class LoadClient implements Wire.BytesHandler {
    private static final int ACKNOWLEDGEMENT_LENGTH = 4;
    private static final long KEPT_S = 0xFFFF_FFFFL;

    final FlowPlan plan;
    Wire wire;
    final Statistics statistics;

    /** Behind the last read, whose call takes time as well: what comes with one read has arrived at one time. */
    long nowNs;

    private final String id;
    private final int inBufferLength;
    private final int outBufferLength;
    private final Selector selector;
    private boolean ready;
    private long reads;

    LoadClient(
            final FlowPlan plan,
            final String id,
            final int inBufferLength,
            final int outBufferLength,
            final Statistics statistics,
            final Selector selector)
            throws IOException {
        this.plan = plan;
        this.id = id;
        this.statistics = statistics;
        this.inBufferLength = inBufferLength;
        this.outBufferLength = outBufferLength;
        this.selector = selector;
        connect(!plan.isPersistent());
    }

    private void connect(final boolean cleanStart) throws IOException {
        final InetSocketAddress broker = new InetSocketAddress(plan.host(), plan.port());
        wire = new Wire(null, broker, plan.isEncrypted(), inBufferLength, outBufferLength, selector, this);
        final ConnectEncoder connect = new ConnectEncoder()
                .wrap(wire.out(), wire.end(), plan.version())
                .clientId(id)
                .cleanStart(cleanStart);
        if (!cleanStart && plan.version() == ProtocolVersion.V5) {
            connect.sessionExpiry(KEPT_S);
        }
        wire.advance(connect.finish());
    }

    /** Comes back as somebody new, so that nothing is left of the session; ready when the broker has answered. */
    void reconnectClean() throws IOException {
        wire.close();
        ready = false;
        connect(true);
    }

    boolean isReady() {
        return ready;
    }

    /** Not ready any more until the broker has answered. */
    void ask() {
        ready = false;
    }

    void flush() throws IOException {
        wire.flush();
    }

    void read() throws IOException {
        reads++;
        if (!wire.readBytes(this)) {
            throw new IOException("the broker has closed the connection");
        }
    }

    /** System calls so far. */
    long reads() {
        return reads;
    }

    @Override
    public int onBytes(final UnsafeBuffer buffer, final int available) throws IOException {
        nowNs = System.nanoTime();
        int at = 0;
        while (true) {
            final int length = packetLength(buffer, at, available);
            if (length == Framing.INCOMPLETE) {
                return at;
            }
            onPacket(buffer, at, length);
            at += length;
        }
    }

    /** Most packets have a length of one byte. */
    static int packetLength(final UnsafeBuffer buffer, final int at, final int available) throws IOException {
        if (available - at >= 2) {
            final int remaining = buffer.getByte(at + 1);
            if (remaining >= 0) {
                return available - at >= remaining + 2 ? remaining + 2 : Framing.INCOMPLETE;
            }
        }
        return Wire.packetLength(buffer, at, available);
    }

    private void onPacket(final UnsafeBuffer buffer, final int at, final int length) throws IOException {
        final int type = Framing.packetType(buffer.getByte(at));
        switch (type) {
            case PacketType.CONNACK, PacketType.SUBACK -> ready = true;
            case PacketType.PUBLISH -> onPublish(buffer, at, length);
            case PacketType.PUBACK, PacketType.PUBCOMP -> onAcknowledged(packetId(buffer, at));
            case PacketType.PUBREC -> answer(PacketType.PUBREL, packetId(buffer, at));
            case PacketType.PUBREL -> answer(PacketType.PUBCOMP, packetId(buffer, at));
            default -> throw new IOException("unexpected packet of type " + type);
        }
    }

    abstract void onPublish(UnsafeBuffer buffer, int at, int length) throws IOException;

    /** The last acknowledgement for a message has come. */
    abstract void onAcknowledged(int packetId) throws IOException;

    private static int packetId(final UnsafeBuffer buffer, final int at) {
        return buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    void answer(final int type, final int packetId) throws IOException {
        if (wire.room() < ACKNOWLEDGEMENT_LENGTH) {
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
