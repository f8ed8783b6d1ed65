package io.ringmain.engine.io;

import static io.ringmain.engine.ring.EgressRecord.connectionId;
import static io.ringmain.engine.ring.EgressRecord.requiredPosition;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.FetchRecord;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnackEncoder;
import io.ringmain.protocol.mqtt.SubackEncoder;
import io.ringmain.protocol.mqtt.UnsubackEncoder;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Turns what the core says to this lane, and what was read from the log for it, into packets. */
final class EgressHandler implements MessageHandler {
    private static final int MAX_RECORDS = 1024;
    private static final int MAX_OUTSTANDING_FETCHES = 64;

    private final IoAgent agent;
    private final IoLimits limits;
    private final RingBuffer lane;
    private final RingBuffer fetchRequests;
    private final RingBuffer fetchAnswers;
    private final MessageHandler answerHandler = this::onAnswer;
    private final ConnackEncoder connack = new ConnackEncoder();
    private final MessageView message = new MessageView();
    private final MessageEncoder encoder = new MessageEncoder();
    private long published;

    EgressHandler(
            final IoAgent agent,
            final IoContext context,
            final RingBuffer lane,
            final RingBuffer fetchRequests,
            final RingBuffer fetchAnswers) {
        this.agent = agent;
        this.limits = context.limits;
        this.lane = lane;
        this.fetchRequests = fetchRequests;
        this.fetchAnswers = fetchAnswers;
    }

    int drainLane() {
        return lane.read(this, MAX_RECORDS);
    }

    int drainAnswers() {
        return fetchAnswers.read(answerHandler, MAX_RECORDS);
    }

    /** Messages handed to connections since the last call, for the counters. */
    long takePublished() {
        final long taken = published;
        published = 0;
        return taken;
    }

    @Override
    public void onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        if (type == EgressType.FAN_OUT) {
            onFanOut(buffer, index);
            return;
        }
        final Connection connection = agent.connection(connectionId(buffer, index));
        if (connection == null) {
            return;
        }
        try {
            onMessage(type, connection, buffer, index);
        } catch (final RuntimeException ex) {
            agent.onException(connection, ex);
        }
    }

    private void onMessage(
            final int type, final Connection connection, final MutableDirectBuffer buffer, final int index) {
        switch (type) {
            case EgressType.CONNACK -> onConnack(connection, buffer, index);
            case EgressType.ACK -> onAck(connection, buffer, index);
            case EgressType.SUBACK -> onSuback(connection, buffer, index);
            case EgressType.UNSUBACK -> onUnsuback(connection, buffer, index);
            case EgressType.DISCONNECT -> onDisconnect(connection, buffer, index);
            case EgressType.DELIVER_STORED -> onDeliverStored(connection, buffer, index);
            default -> throw new IllegalStateException("egress record of type " + type);
        }
    }

    private void onConnack(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final UnsafeBuffer packet = agent.scratch();
        connack.wrap(packet, 0, connection.version)
                .sessionPresent(EgressRecord.isSessionPresent(buffer, index))
                .reasonCode(EgressRecord.reasonCode(buffer, index));
        if (connection.announcedSessionExpirySeconds >= 0) {
            connack.sessionExpiry(connection.announcedSessionExpirySeconds);
        }
        connack.receiveMaximum(limits.receiveMaximum())
                .maximumQos(limits.maxQos())
                .maximumPacketSize(limits.maxPacketSize())
                .subscriptionIdentifiersAvailable(false)
                .sharedAvailable(false);
        if (connection.clientIdAssigned) {
            connack.assignedClientId(connection.clientId, 0, connection.clientId.capacity());
        }
        if (connection.serverKeepAliveSeconds >= 0) {
            connack.serverKeepAlive(connection.serverKeepAliveSeconds);
        }
        agent.enqueueControl(connection, packet, connack.finish(), requiredPosition(buffer, index));
    }

    private void onAck(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final UnsafeBuffer packet = agent.scratch();
        final int length = AckEncoder.encode(
                packet,
                0,
                connection.version,
                EgressRecord.ackPacketType(buffer, index),
                EgressRecord.ackPacketId(buffer, index),
                EgressRecord.ackReasonCode(buffer, index));
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
    }

    private void onSuback(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int count = EgressRecord.subackCount(buffer, index);
        final UnsafeBuffer packet = agent.scratch(SubackEncoder.length(connection.version, count));
        final int length = SubackEncoder.encode(
                packet,
                0,
                connection.version,
                EgressRecord.packetId(buffer, index),
                buffer,
                index + EgressRecord.SUBACK_CODES_OFFSET,
                count);
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
    }

    private void onUnsuback(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int count = EgressRecord.subackCount(buffer, index);
        final UnsafeBuffer packet = agent.scratch(UnsubackEncoder.length(connection.version, count));
        final int length = UnsubackEncoder.encode(
                packet,
                0,
                connection.version,
                EgressRecord.packetId(buffer, index),
                buffer,
                index + EgressRecord.SUBACK_CODES_OFFSET,
                count);
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
    }

    private void onDisconnect(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        connection.knownToCore = false;
        agent.closeWithReason(connection, EgressRecord.reasonCode(buffer, index), null);
    }

    private void onDeliverStored(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int flags = EgressRecord.storedFlags(buffer, index);
        if (DeliveryFlags.qos(flags) == 0 && connection.outbound.deferredBytes() > limits.outboundBytes()) {
            agent.count(CounterId.DROPPED_QOS0_SLOW);
            return;
        }
        connection.outbound.deferHole(
                EgressRecord.storedMessagePosition(buffer, index),
                EgressRecord.storedExpiryDeadlineNs(buffer, index),
                EgressRecord.packetId(buffer, index),
                flags,
                required(flags, requiredPosition(buffer, index)));
        pump(connection);
    }

    /** What a delivery has to wait for: with QoS 0 nothing. */
    private static long required(final int flags, final long requiredPosition) {
        return DeliveryFlags.qos(flags) == 0 ? 0 : requiredPosition;
    }

    private void onFanOut(final MutableDirectBuffer buffer, final int index) {
        final int event = EgressRecord.fanOutEventOffset(buffer, index);
        final int count = EgressRecord.targetCount(buffer, index);
        final long required = requiredPosition(buffer, index);
        message.wrap(buffer, event);
        final long deadline = message.hasExpiry()
                ? EventHeader.timestampNs(buffer, event) + TimeUnit.SECONDS.toNanos(message.expirySeconds())
                : 0;
        encoder.wrap(message, deadline, agent.nowNs());
        for (int i = 0; i < count; i++) {
            final int target = EgressRecord.targetOffset(index, i);
            final Connection connection = agent.connection(EgressRecord.targetConnectionId(buffer, target));
            if (connection == null) {
                continue;
            }
            try {
                deliver(
                        connection,
                        EgressRecord.targetFlags(buffer, target),
                        EgressRecord.targetPacketId(buffer, target),
                        required,
                        EventHeader.position(buffer, event),
                        deadline,
                        count > 1);
            } catch (final RuntimeException ex) {
                agent.onException(connection, ex);
            }
        }
    }

    private void deliver(
            final Connection connection,
            final int flags,
            final int packetId,
            final long requiredPosition,
            final long messagePosition,
            final long expiryDeadlineNs,
            final boolean shared) {
        final OutboundQueue outbound = connection.outbound;
        final long required = required(flags, requiredPosition);
        final boolean slow = outbound.isDeferring() || outbound.unsentBytes() > limits.outboundBytes();
        if (!slow) {
            if (shared) {
                encoder.copy(outbound, connection.version, flags, packetId, required, agent.commitPosition());
            } else {
                encoder.encode(outbound, connection.version, flags, packetId, required, agent.commitPosition());
            }
            published++;
            agent.scheduleFlush(connection);
        } else if (DeliveryFlags.qos(flags) > 0) {
            outbound.deferHole(messagePosition, expiryDeadlineNs, packetId, flags, required);
            pump(connection);
        } else {
            deliverSlowly(connection, flags);
        }
    }

    /** A QoS 0 message for a connection that is behind: kept in its place while there is room, dropped otherwise. */
    private void deliverSlowly(final Connection connection, final int flags) {
        final OutboundQueue outbound = connection.outbound;
        final int length = encoder.length(connection.version, flags);
        final boolean full = outbound.unsentBytes() > limits.outboundBytes()
                || outbound.deferredBytes() + length > limits.outboundBytes();
        if (full) {
            agent.count(CounterId.DROPPED_QOS0_SLOW);
            return;
        }
        final int variantOffset = encoder.variantOffset(connection.version, flags);
        outbound.defer(encoder.variants(), variantOffset, length, 0);
        published++;
        pump(connection);
    }

    /** Moves what needn't wait any more, and asks for the bytes of what comes next, while there is room for them. */
    void pump(final Connection connection) {
        final OutboundQueue outbound = connection.outbound;
        outbound.moveDeferred(limits.outboundBytes(), agent.commitPosition());
        agent.scheduleFlush(connection);
        while (outbound.unsentBytes() < limits.outboundBytes() && outbound.outstanding() < MAX_OUTSTANDING_FETCHES) {
            final long position = outbound.nextToRequest();
            if (position < 0) {
                return;
            }
            final int index = fetchRequests.tryClaim(FetchRecord.REQUEST, FetchRecord.HEADER_LENGTH);
            if (index <= 0) {
                agent.pumpLater(connection);
                return;
            }
            FetchRecord.write(fetchRequests.buffer(), index, connection.id, position);
            fetchRequests.commit(index);
            outbound.requested();
        }
    }

    private void onAnswer(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        final Connection connection = agent.connection(FetchRecord.connectionId(buffer, index));
        if (connection == null || !connection.outbound.isDeferring()) {
            return;
        }
        try {
            onAnswer(connection, type, buffer, index);
        } catch (final RuntimeException ex) {
            agent.onException(connection, ex);
        }
    }

    private void onAnswer(
            final Connection connection, final int type, final MutableDirectBuffer buffer, final int index) {
        final OutboundQueue outbound = connection.outbound;
        final long position = FetchRecord.position(buffer, index);
        // What stands before the hole has its bytes; it may only have waited for room.
        outbound.moveDeferred(Integer.MAX_VALUE, agent.commitPosition());
        final int hole = outbound.answered();
        if (!outbound.isHole(hole) || outbound.holePosition(hole) != position) {
            throw new IllegalStateException("an answer for position " + position + " met another item");
        }
        if (type == FetchRecord.MISSING) {
            agent.event("position " + position + " is not in the log any more, wanted by " + connection);
            agent.closeWithReason(
                    connection, ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, CounterId.CONNECTIONS_CLOSED_EXCEPTION);
            return;
        }
        message.wrap(buffer, index + FetchRecord.HEADER_LENGTH);
        encoder.wrap(message, outbound.holeExpiryDeadlineNs(hole), agent.nowNs());
        encoder.encode(
                outbound,
                connection.version,
                outbound.holeFlags(hole),
                outbound.holePacketId(hole),
                outbound.holeRequiredPosition(hole),
                agent.commitPosition());
        outbound.dropHole();
        published++;
        pump(connection);
    }
}
