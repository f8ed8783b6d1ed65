package io.ringmain.engine.io;

import io.ringmain.engine.event.AckBatchEvent;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AckDecoder;
import org.agrona.concurrent.UnsafeBuffer;

/** Gathers the consecutive acknowledgements of one read into one event. */
final class AckBatcher {
    private static final int MAX_ACKS = 1024;

    private final IoAgent agent;
    private final SlotRing ring;
    private final int lane;
    private final AckDecoder decoder = new AckDecoder();
    private final AckBatchEvent event = new AckBatchEvent();
    private final int[] types = new int[MAX_ACKS];
    private final int[] reasonCodes = new int[MAX_ACKS];
    private final int[] packetIds = new int[MAX_ACKS];
    private int count;
    private int firstOffset;

    AckBatcher(final IoAgent agent, final int lane) {
        this.agent = agent;
        this.ring = agent.ring();
        this.lane = lane;
    }

    boolean onAck(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        int fault = decoder.wrap(buffer, offset, length, connection.version);
        if (fault == ReasonCode.SUCCESS && agent.userPropertyLimit().isPassed(decoder.properties())) {
            fault = ReasonCode.QUOTA_EXCEEDED;
        }
        if (fault != ReasonCode.SUCCESS) {
            if (flush(connection) == InboundHandler.BACK_PRESSURE) {
                return InboundHandler.BACK_PRESSURE;
            }
            agent.closeForFault(connection, fault);
            return InboundHandler.HANDLED;
        }
        if (count == MAX_ACKS && flush(connection) == InboundHandler.BACK_PRESSURE) {
            return InboundHandler.BACK_PRESSURE;
        }
        if (count == 0) {
            firstOffset = offset;
        }
        types[count] = decoder.packetType();
        reasonCodes[count] = decoder.reasonCode();
        packetIds[count] = decoder.packetId();
        count++;
        return InboundHandler.HANDLED;
    }

    /** Sequences what was gathered. When the ring is full, all of it goes back: {@link #rewindOffset()}. */
    boolean flush(final Connection connection) {
        if (count == 0) {
            return InboundHandler.HANDLED;
        }
        final int length = AckBatchEvent.length(count) + connection.origin.capacity();
        final long sequence = agent.claim(length);
        if (sequence == SlotRing.FULL) {
            return InboundHandler.BACK_PRESSURE;
        }
        event.wrapForWrite(ring.buffer(), ring.offset(sequence), lane, connection.id, count);
        for (int i = 0; i < count; i++) {
            event.set(i, types[i], reasonCodes[i], packetIds[i]);
        }
        Origin.append(ring.buffer(), ring.offset(sequence), connection.origin);
        ring.commit(sequence, length);
        count = 0;
        return InboundHandler.HANDLED;
    }

    /** Where the first acknowledgement that could not be sequenced starts; forgets what was gathered. */
    int rewindOffset() {
        count = 0;
        return firstOffset;
    }

    void discard() {
        count = 0;
    }
}
