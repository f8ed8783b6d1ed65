package io.ringmain.perf.jmh;

import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.Connection;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client without a network: what it sends is read from memory, what it is sent is taken at once. One that answers
 * acknowledges what it is sent with QoS 1 and 2, and goes on with what it sent with QoS 2.
 */
final class MemoryChannel implements Channel {
    private static final int ANSWERS_CAPACITY = 64 << 10;
    private static final int PUBLISH_TOPIC_LENGTH_OFFSET = 2;

    private final ByteBuffer answers = ByteBuffer.allocateDirect(ANSWERS_CAPACITY);
    private final UnsafeBuffer answersView = new UnsafeBuffer(answers);
    private final UnsafeBuffer received = new UnsafeBuffer(new byte[0]);
    private final boolean answering;
    private ByteBuffer outgoing;
    private int answersLength;
    private long receivedBytes;
    private long receivedPublishes;

    /** The broker's side of it, null until it is adopted. */
    Connection connection;

    MemoryChannel(final boolean answering) {
        this.answering = answering;
    }

    /** Sends whole packets: all of the buffer. It is the channel's until they are read. */
    void send(final ByteBuffer packets) {
        outgoing = packets.rewind();
    }

    boolean isReadable() {
        return outgoing != null || answersLength > 0;
    }

    /** Bytes that this client was sent. */
    long receivedBytes() {
        return receivedBytes;
    }

    /** Messages that this client was sent, if it answers. */
    long receivedPublishes() {
        return receivedPublishes;
    }

    @Override
    public int read(final ByteBuffer target) {
        final int before = target.position();
        if (outgoing != null) {
            target.put(outgoing);
            outgoing = null;
        }
        if (answersLength > 0) {
            target.put(answers.limit(answersLength).position(0));
            answers.clear();
            answersLength = 0;
        }
        return target.position() - before;
    }

    @Override
    public int write(final ByteBuffer source) {
        final int length = source.remaining();
        if (answering) {
            received.wrap(source, source.position(), length);
            for (int at = 0; at < length; ) {
                final int packet = Framing.packetLength(received, at, length - at, Integer.MAX_VALUE);
                onPacket(at);
                at += packet;
            }
        }
        source.position(source.limit());
        receivedBytes += length;
        return length;
    }

    private void onPacket(final int at) {
        switch (Framing.packetType(received.getByte(at))) {
            case PacketType.PUBLISH -> onPublish(at);
            case PacketType.PUBREC -> answer(PacketType.PUBREL, packetId(at + 2));
            case PacketType.PUBREL -> answer(PacketType.PUBCOMP, packetId(at + 2));
            default -> {}
        }
    }

    private void onPublish(final int at) {
        receivedPublishes++;
        final int qos = received.getByte(at) >> 1 & 3;
        if (qos > 0) {
            final int topic = at + PUBLISH_TOPIC_LENGTH_OFFSET;
            final int id = packetId(topic + 2 + packetId(topic));
            answer(qos == 1 ? PacketType.PUBACK : PacketType.PUBREC, id);
        }
    }

    private int packetId(final int at) {
        return received.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private void answer(final int packetType, final int packetId) {
        answersLength += AckEncoder.encode(answersView, answersLength, ProtocolVersion.V3_1_1, packetType, packetId, 0);
    }

    @Override
    public void interest(final boolean read, final boolean write) {}

    @Override
    public String peer() {
        return "memory";
    }

    @Override
    public String address() {
        return null;
    }

    @Override
    public void release() {
        connection = null;
    }

    @Override
    public void close() {
        throw new IllegalStateException("the broker has closed the connection of a benchmark");
    }
}
