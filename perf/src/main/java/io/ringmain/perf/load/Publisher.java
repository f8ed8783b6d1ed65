package io.ringmain.perf.load;

import io.ringmain.protocol.mqtt.PublishEncoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A connection that publishes to one topic, or goes round many that differ in the digits at their end. All its packets
 * are equal but for those, packet id, stamp and number, so they are copied and patched, or only patched where an older one
 * stands in the outbound buffer already.
 *
 * <pre>
 *   payload: | when it was to be sent, ns, 8 B | publisher << 48 | number, 8 B | zeros ...
 * </pre>
 */
final class Publisher extends LoadClient {
    private static final int IN_BUFFER_LENGTH = 64 << 10;
    private static final int OUT_BUFFER_LENGTH = 256 << 10;
    private static final int MIN_PACKETS = 16;
    private static final int SEQUENCE_BITS = 48;
    private static final int PACKET_IDS = 1 << 16;
    private static final String FIRST_TOPIC = "/000000";
    private static final int TOPIC_DIGITS = FIRST_TOPIC.length() - 1;

    /** Of 65,535 packet ids; a rate that the broker doesn't keep up with must not use one twice. */
    private static final int MAX_UNACKNOWLEDGED = 60_000;

    private final UnsafeBuffer packet;
    private final int packetIdAt;
    private final int payloadAt;
    private final long tag;

    /** When the message of a packet id was to be sent. */
    private final long[] intendedNs;

    /** Before this offset of the outbound buffer, copies of the packet stand one behind the other. */
    private int preparedEnd;

    private int nextPacketId;
    private long sent;
    private long acknowledged;
    private long delivered;

    /** @param index of the publisher in its flow. */
    Publisher(
            final FlowPlan plan,
            final String id,
            final int index,
            final String topic,
            final Statistics statistics,
            final Selector selector)
            throws IOException {
        super(plan, id, IN_BUFFER_LENGTH, outBufferLength(plan), statistics, selector);
        final UnsafeBuffer name =
                new UnsafeBuffer((plan.topics() > 1 ? topic + FIRST_TOPIC : topic).getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[plan.payloadLength()]);
        final int flags = plan.qos() << 1;
        packet = new UnsafeBuffer(
                new byte
                        [PublishEncoder.length(
                                plan.version(),
                                flags,
                                name.capacity(),
                                0,
                                PublishEncoder.NO_EXPIRY,
                                payload.capacity())]);
        PublishEncoder.encode(
                packet,
                0,
                plan.version(),
                flags,
                1,
                name,
                0,
                name.capacity(),
                name,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                payload,
                0,
                payload.capacity());
        packetIdAt = PublishEncoder.packetIdOffset(packet.capacity(), name.capacity());
        payloadAt = packet.capacity() - payload.capacity();
        tag = (long) index << SEQUENCE_BITS;
        intendedNs = new long[plan.qos() == 0 ? 0 : PACKET_IDS];
    }

    private static int outBufferLength(final FlowPlan plan) {
        return Math.max(OUT_BUFFER_LENGTH, MIN_PACKETS * plan.payloadLength());
    }

    /** Which publisher of the flow sent a message. */
    static int index(final long tagged) {
        return (int) (tagged >>> SEQUENCE_BITS);
    }

    static long sequence(final long tagged) {
        return tagged & (1L << SEQUENCE_BITS) - 1;
    }

    /** Messages of this publisher that are on their way. */
    long outstanding() {
        return plan.qos() == 0 ? sent - delivered / plan.copies() : sent - acknowledged;
    }

    /** Puts messages into the outbound buffer; returns how many there was room for. */
    int publish(final int count, final long intended) {
        final int length = packet.capacity();
        int room = Math.min(count, wire.room() / length);
        if (plan.qos() > 0) {
            room = (int) Math.min(room, MAX_UNACKNOWLEDGED - (sent - acknowledged));
        }
        final UnsafeBuffer out = wire.out();
        int at = wire.end();
        for (int i = 0; i < room; i++) {
            prepare(out, at);
            if (plan.topics() > 1) {
                putTopicNumber(out, at, (int) (sent % plan.topics()));
            }
            out.putLong(at + payloadAt, intended);
            out.putLong(at + payloadAt + Long.BYTES, tag | sent++);
            if (plan.qos() > 0) {
                nextPacketId = nextPacketId % 0xFFFF + 1;
                intendedNs[nextPacketId] = intended;
                out.putShort(at + packetIdAt, (short) nextPacketId, ByteOrder.BIG_ENDIAN);
            }
            at += length;
        }
        wire.advance(at - wire.end());
        return Math.max(0, room);
    }

    /** The packet id, or the payload, is right behind the topic. */
    private void putTopicNumber(final UnsafeBuffer out, final int at, final int number) {
        int rest = number;
        for (int i = 1; i <= TOPIC_DIGITS; i++) {
            out.putByte(at + packetIdAt - i, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    private void prepare(final UnsafeBuffer out, final int at) {
        final int length = packet.capacity();
        if (at + length <= preparedEnd && at % length == 0) {
            return;
        }
        out.putBytes(at, packet, 0, length);
        if (at == preparedEnd) {
            preparedEnd = at + length;
        }
    }

    @Override
    void answer(final int type, final int packetId) throws IOException {
        // It stands between the packets, or on one of them.
        preparedEnd = 0;
        super.answer(type, packetId);
    }

    @Override
    void onPublish(final UnsafeBuffer buffer, final int at, final int length) throws IOException {
        throw new IOException("the broker sent a message to a publisher");
    }

    @Override
    void onAcknowledged(final int packetId) {
        acknowledged++;
        statistics.onAcknowledged(nowNs, intendedNs[packetId]);
    }

    /** A subscriber has got a message of this publisher. */
    void onDelivered() {
        delivered++;
    }

    long sent() {
        return sent;
    }

    long acknowledged() {
        return acknowledged;
    }
}
