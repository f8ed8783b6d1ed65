package io.ringmain.engine.io;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.PacketType;
import org.agrona.collections.LongArrayQueue;

/**
 * Deliveries with QoS 1 and 2 that clients weren't given because they may not read the topic. The core has begun them,
 * and waits for an acknowledgement that the client can't give: it is given here, in an event like those of the client.
 * There are never more than the core has in flight. Confined to one I/O agent.
 */
final class DeniedDeliveries {
    private static final int MAX_ACKS = 1024;
    private static final int TYPE_SHIFT = 16;
    private static final int PACKET_ID_MASK = 0xFFFF;

    private final IoAgent agent;
    private final SlotRing ring;
    private final int lane;
    private final AckBatchEvent event = new AckBatchEvent();

    /** Twice as many numbers as deliveries: the id of the connection, packet type and packet id. */
    private final LongArrayQueue queue = new LongArrayQueue();

    /** The next that go into one event. */
    private final int[] batch = new int[MAX_ACKS];

    private int count;
    private long connectionId;

    DeniedDeliveries(final IoAgent agent, final int lane) {
        this.agent = agent;
        this.ring = agent.ring();
        this.lane = lane;
    }

    boolean isEmpty() {
        return count == 0 && queue.isEmpty();
    }

    /** @param qos of the delivery, 1 or 2: a PUBACK ends it, or a PUBREC that refuses it. */
    void add(final Connection connection, final int qos, final int packetId) {
        final int type = qos == Qos.AT_LEAST_ONCE ? PacketType.PUBACK : PacketType.PUBREC;
        queue.addLong(connection.id);
        queue.addLong((long) type << TYPE_SHIFT | packetId);
    }

    /** Sequences what there is room for; returns the number of events. */
    int run() {
        int events = 0;
        while (!isEmpty()) {
            fillBatch();
            final Connection connection = agent.connection(connectionId);
            if (connection != null && !trySequence(connection)) {
                return events;
            }
            // Without a connection they stay in flight, and are looked at again when the client comes back.
            count = 0;
            events++;
        }
        return events;
    }

    private void fillBatch() {
        if (count == 0) {
            connectionId = queue.peekLong();
        }
        while (count < MAX_ACKS && !queue.isEmpty() && queue.peekLong() == connectionId) {
            queue.pollLong();
            batch[count++] = (int) queue.pollLong();
        }
    }

    private boolean trySequence(final Connection connection) {
        final int length = AckBatchEvent.length(count) + connection.origin.capacity();
        final long sequence = agent.claim(length);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        event.wrapForWrite(ring.buffer(), ring.offset(sequence), lane, connectionId, count);
        for (int i = 0; i < count; i++) {
            event.set(i, batch[i] >> TYPE_SHIFT, ReasonCode.NOT_AUTHORIZED, batch[i] & PACKET_ID_MASK);
        }
        Origin.append(ring.buffer(), ring.offset(sequence), connection.origin);
        ring.commit(sequence, length);
        return true;
    }
}
