package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.Selector;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A connection that subscribes to one filter, acknowledges what it gets, and keeps the books of it. */
final class Subscriber extends LoadClient {
    private static final int IN_BUFFER_LENGTH = 256 << 10;
    private static final int OUT_BUFFER_LENGTH = 64 << 10;
    private static final int MIN_PACKETS = 8;
    private static final int QOS_SHIFT = 1;
    private static final int QOS_MASK = 3;

    /** Of the share. */
    private final Publisher[] publishers;

    /** Index of the first of them in the flow. */
    private final int firstIndex;

    /** One for each publisher; members of a shared group have them in common. */
    private final Arrivals[] arrivals;

    private long received;
    private long delivered;

    /**
     * @param publishers of its share of the flow.
     * @param firstIndex of the first of them in the flow.
     * @param arrivals one for each of them; members of a shared group have them in common.
     */
    Subscriber(
            final FlowPlan plan,
            final String id,
            final List<Publisher> publishers,
            final int firstIndex,
            final Arrivals[] arrivals,
            final Statistics statistics,
            final Selector selector)
            throws IOException {
        super(plan, id, inBufferLength(plan), OUT_BUFFER_LENGTH, statistics, selector);
        this.publishers = publishers.toArray(Publisher[]::new);
        this.firstIndex = firstIndex;
        this.arrivals = arrivals;
    }

    private static int inBufferLength(final FlowPlan plan) {
        return Math.max(IN_BUFFER_LENGTH, MIN_PACKETS * plan.payloadLength());
    }

    void subscribe(final String filter) {
        ask();
        wire.advance(new SubscribeEncoder()
                .wrap(wire.out(), wire.end(), plan.version(), 1)
                .add(filter, plan.qos())
                .finish());
    }

    @Override
    void onPublish(final UnsafeBuffer buffer, final int at, final int length) throws IOException {
        final int qos = buffer.getByte(at) >> QOS_SHIFT & QOS_MASK;
        int payloadAt = at + 2;
        while (buffer.getByte(payloadAt - 1) < 0) {
            payloadAt++;
        }
        payloadAt += 2 + (buffer.getShort(payloadAt, ByteOrder.BIG_ENDIAN) & 0xFFFF);
        final int packetIdAt = payloadAt;
        payloadAt += qos > 0 ? 2 : 0;
        if (plan.version() == ProtocolVersion.V5) {
            // A broker adds nothing of its own but what one byte can count.
            payloadAt += 1 + buffer.getByte(payloadAt);
        }
        if (at + length - payloadAt != plan.payloadLength()) {
            throw new IOException("the broker sent another payload than it got");
        }
        onMessage(buffer.getLong(payloadAt), buffer.getLong(payloadAt + Long.BYTES));
        if (qos > 0) {
            answer(
                    qos == 1 ? PacketType.PUBACK : PacketType.PUBREC,
                    buffer.getShort(packetIdAt, ByteOrder.BIG_ENDIAN) & 0xFFFF);
        }
    }

    private void onMessage(final long intendedNs, final long tagged) throws IOException {
        received++;
        final int index = Publisher.index(tagged) - firstIndex;
        if (index < 0 || index >= publishers.length) {
            throw new IOException("the broker sent a message on a topic that was not subscribed to");
        }
        final long sequence = Publisher.sequence(tagged);
        if (arrivals[index].add(sequence)) {
            delivered++;
            publishers[index].onDelivered();
            statistics.onReceived(nowNs, intendedNs);
        }
    }

    @Override
    void onAcknowledged(final int packetId) throws IOException {
        throw new IOException("the broker acknowledged to a subscriber");
    }

    /** Messages, doubled ones included. */
    long received() {
        return received;
    }

    /** Messages, each once. */
    long delivered() {
        return delivered;
    }
}
