package io.ringmain.engine.io;

import static io.ringmain.engine.ring.EgressRecord.connectionId;
import static io.ringmain.engine.ring.EgressRecord.requiredPosition;

import io.ringmain.engine.auth.Permissions;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.FanOutHandler;
import io.ringmain.engine.ring.FetchRecord;
import io.ringmain.engine.ring.ReplayRequest;
import io.ringmain.engine.ring.ReplayRequests;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnackEncoder;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.SubackEncoder;
import io.ringmain.protocol.mqtt.UnsubackEncoder;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/** Turns what the core says to this lane, and what was read from the log for it, into packets. */
final class EgressHandler implements MessageHandler, FanOutHandler {
    private static final int MAX_RECORDS = 8192;
    private static final int MAX_OUTSTANDING_FETCHES = 64;
    private static final int MAX_REASON = 128;
    private static final int MAX_CONNACK = 512;
    private static final int NO_LOCAL = 4;

    private final IoAgent agent;
    private final IoLimits limits;
    private final MqttOptions options;
    private final ReplayRequests replays;
    private final CatalogHandler catalog;
    private final RingBuffer lane;
    private final RingBuffer fetchRequests;
    private final RingBuffer fetchAnswers;
    private final MessageHandler answerHandler = this::onAnswer;
    private final ConnackEncoder connack = new ConnackEncoder();
    private final MessageView message = new MessageView();
    private final MessageEncoder encoder = new MessageEncoder();
    private final Identifiers identifiers = new Identifiers();
    private long published;
    private long publishedBytes;

    EgressHandler(
            final IoAgent agent,
            final IoContext context,
            final CatalogHandler catalog,
            final RingBuffer lane,
            final RingBuffer fetchRequests,
            final RingBuffer fetchAnswers) {
        this.agent = agent;
        this.limits = agent.limits();
        this.options = context.options;
        this.replays = context.replayRequests;
        this.catalog = catalog;
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

    /** Counts the messages that were handed to connections since the last call. */
    void countSent(final Counters counters) {
        if (published > 0) {
            counters.add(CounterId.PUBLISH_SENT, published);
            counters.add(CounterId.PACKETS_SENT, published);
            counters.add(CounterId.PUBLISH_BYTES_SENT, publishedBytes);
            published = 0;
            publishedBytes = 0;
        }
    }

    private void countPublished() {
        published++;
        publishedBytes += message.payloadLength();
    }

    @Override
    public void onMessage(final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        if (type == EgressType.FAN_OUT) {
            onFanOut(
                    buffer,
                    EgressRecord.targetOffset(index, 0),
                    EgressRecord.targetCount(buffer, index),
                    buffer,
                    EgressRecord.listsOffset(buffer, index),
                    buffer,
                    EgressRecord.fanOutEventOffset(buffer, index),
                    requiredPosition(buffer, index));
            return;
        }
        final Connection connection = agent.connection(connectionId(buffer, index));
        if (connection == null) {
            if (type == EgressType.BEHIND) {
                agent.throttle().endPause(EgressRecord.publisherId(buffer, index));
            }
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
            case EgressType.REPLAY_WANTED -> onReplayWanted(connection, buffer, index);
            case EgressType.BEHIND -> agent.throttle().onQueue(connection, EgressRecord.publisherId(buffer, index));
            default -> throw new IllegalStateException("egress record of type " + type);
        }
    }

    private void onConnack(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        if (ReasonCode.isError(EgressRecord.reasonCode(buffer, index))) {
            agent.onSessionRefused(connection, EgressRecord.reasonCode(buffer, index));
            return;
        }
        final UnsafeBuffer packet = agent.scratch(MAX_CONNACK + connection.connackTextBytes());
        connack.wrap(packet, 0, connection.version)
                .sessionPresent(EgressRecord.isSessionPresent(buffer, index))
                .reasonCode(EgressRecord.reasonCode(buffer, index));
        if (connection.announcedSessionExpirySeconds >= 0) {
            connack.sessionExpiry(connection.announcedSessionExpirySeconds);
        }
        connack.receiveMaximum(limits.receiveMaximum())
                .maximumQos(limits.maxQos())
                .maximumPacketSize(limits.maxPacketSize());
        announceOptions();
        if (connection.authentication != null) {
            connack.authentication(connection.authentication.method(), connection.authentication.lastData());
        }
        if (connection.responseInformation != null) {
            connack.responseInformation(connection.responseInformation);
        }
        if (connection.clientIdAssigned) {
            connack.assignedClientId(connection.clientId, 0, connection.clientId.capacity());
        }
        if (connection.serverKeepAliveSeconds >= 0) {
            connack.serverKeepAlive(connection.serverKeepAliveSeconds);
        }
        agent.enqueueControl(connection, packet, connack.finish(), requiredPosition(buffer, index));
        connection.connackQueued = true;
    }

    /** What a client may take for granted isn't said. */
    private void announceOptions() {
        if (limits.topicAliasMaximum() > 0) {
            connack.topicAliasMaximum(limits.topicAliasMaximum());
        }
        if (!options.retainAvailable()) {
            connack.retainAvailable(false);
        }
        if (!options.wildcardsAvailable()) {
            connack.wildcardAvailable(false);
        }
        if (!options.subscriptionIdentifiersAvailable()) {
            connack.subscriptionIdentifiersAvailable(false);
        }
        if (!options.sharedAvailable()) {
            connack.sharedAvailable(false);
        }
    }

    private void onAck(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final UnsafeBuffer packet = agent.scratch();
        final int type = EgressRecord.ackPacketType(buffer, index);
        final int id = EgressRecord.ackPacketId(buffer, index);
        final int code = EgressRecord.ackReasonCode(buffer, index);
        if (endsPublish(type, code)) {
            connection.receiving = Math.max(0, connection.receiving - 1);
        }
        int length = AckEncoder.encode(packet, 0, connection.version, type, id, code);
        if (connection.wantsReasons && ReasonCode.isError(code)) {
            final int longer = AckEncoder.encode(packet, 0, type, id, code, ReasonCode.nameBytes(code));
            length = longer <= connection.maximumPacketSize
                    ? longer
                    : AckEncoder.encode(packet, 0, connection.version, type, id, code);
        }
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
    }

    /** Whether this acknowledgement is the last for a message of the client. */
    private static boolean endsPublish(final int packetType, final int reasonCode) {
        return packetType == PacketType.PUBACK
                || packetType == PacketType.PUBCOMP
                || packetType == PacketType.PUBREC && ReasonCode.isError(reasonCode);
    }

    /**
     * The name of the first failure among the codes, for a client that asked for reasons and takes a packet that is so
     * much longer; else null.
     */
    private static byte[] reason(
            final Connection connection, final MutableDirectBuffer buffer, final int index, final int length) {
        if (connection.wantsReasons && length + MAX_REASON <= connection.maximumPacketSize) {
            for (int i = 0; i < EgressRecord.subackCount(buffer, index); i++) {
                final int code = buffer.getByte(index + EgressRecord.SUBACK_CODES_OFFSET + i) & 0xFF;
                if (ReasonCode.isError(code)) {
                    return ReasonCode.nameBytes(code);
                }
            }
        }
        return null;
    }

    private void onSuback(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int count = EgressRecord.subackCount(buffer, index);
        final UnsafeBuffer packet = agent.scratch(SubackEncoder.length(connection.version, count) + MAX_REASON);
        final byte[] reason = reason(connection, buffer, index, SubackEncoder.length(connection.version, count));
        final int length = SubackEncoder.encode(
                packet,
                0,
                connection.version,
                EgressRecord.packetId(buffer, index),
                buffer,
                index + EgressRecord.SUBACK_CODES_OFFSET,
                count,
                reason);
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
        if (connection.catalogReplies != null) {
            catalog.onSuback(
                    connection,
                    EgressRecord.packetId(buffer, index),
                    buffer,
                    index + EgressRecord.SUBACK_CODES_OFFSET,
                    count,
                    requiredPosition(buffer, index));
        }
    }

    private void onUnsuback(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int count = EgressRecord.subackCount(buffer, index);
        final UnsafeBuffer packet = agent.scratch(UnsubackEncoder.length(connection.version, count) + MAX_REASON);
        final byte[] reason = reason(connection, buffer, index, UnsubackEncoder.length(connection.version, count));
        final int length = UnsubackEncoder.encode(
                packet,
                0,
                connection.version,
                EgressRecord.packetId(buffer, index),
                buffer,
                index + EgressRecord.SUBACK_CODES_OFFSET,
                count,
                reason);
        agent.enqueueControl(connection, packet, length, requiredPosition(buffer, index));
    }

    private void onDisconnect(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        connection.knownToCore = false;
        final int reasonCode = EgressRecord.reasonCode(buffer, index);
        if (reasonCode == ReasonCode.SESSION_TAKEN_OVER) {
            agent.onTakenOver(connection);
        }
        agent.closeWithReason(connection, reasonCode, null);
    }

    private void onDeliverStored(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        final int flags = EgressRecord.storedFlags(buffer, index);
        connection.outbound.deferHole(
                EgressRecord.storedMessagePosition(buffer, index),
                EgressRecord.storedExpiryDeadlineNs(buffer, index),
                EgressRecord.packetId(buffer, index),
                flags,
                storedIdentifiers(buffer, index),
                required(flags, requiredPosition(buffer, index)));
        pump(connection);
    }

    /** The core wants to read on for this connection; only here is known who that is. */
    private void onReplayWanted(final Connection connection, final MutableDirectBuffer buffer, final int index) {
        replays.put(new ReplayRequest(
                connection.id,
                EgressRecord.replayNumber(buffer, index),
                EgressRecord.replayAskedAt(buffer, index),
                EgressRecord.replayFrom(buffer, index),
                EgressRecord.replayTo(buffer, index),
                (EgressRecord.replayOptions(buffer, index) & NO_LOCAL) != 0,
                buffer.getStringWithoutLengthUtf8(
                        index + EgressRecord.REPLAY_FILTER_OFFSET, EgressRecord.replayFilterLength(buffer, index)),
                connection.access));
    }

    private Identifiers storedIdentifiers(final MutableDirectBuffer buffer, final int index) {
        identifiers.clear();
        for (int i = 0; i < EgressRecord.storedIdentifierCount(buffer, index); i++) {
            identifiers.add(EgressRecord.storedIdentifier(buffer, index, i));
        }
        return identifiers;
    }

    private Identifiers targetIdentifiers(final DirectBuffer lists, final int listsOffset, final int field) {
        identifiers.clear();
        if (field >= 0) {
            return identifiers.add(field);
        }
        final int list = listsOffset - 1 - field;
        for (int i = 0; i < EgressRecord.listCount(lists, list); i++) {
            identifiers.add(EgressRecord.listIdentifier(lists, list, i));
        }
        return identifiers;
    }

    /** What a delivery has to wait for: with QoS 0 nothing. */
    private static long required(final int flags, final long requiredPosition) {
        return DeliveryFlags.qos(flags) == 0 ? 0 : requiredPosition;
    }

    @Override
    public void onFanOut(
            final DirectBuffer targets,
            final int targetsOffset,
            final int count,
            final DirectBuffer lists,
            final int listsOffset,
            final DirectBuffer event,
            final int eventOffset,
            final long requiredPosition) {
        message.wrap(event, eventOffset);
        final long deadline = message.hasExpiry()
                ? EventHeader.timestampNs(event, eventOffset) + TimeUnit.SECONDS.toNanos(message.expirySeconds())
                : 0;
        encoder.wrap(message, deadline, agent.nowNs());
        for (int i = 0; i < count; i++) {
            final int target = targetsOffset + i * EgressRecord.TARGET_LENGTH;
            final Connection connection = agent.connection(EgressRecord.targetConnectionId(targets, target));
            if (connection == null) {
                continue;
            }
            try {
                deliver(
                        connection,
                        EgressRecord.targetFlags(targets, target),
                        EgressRecord.targetPacketId(targets, target),
                        targetIdentifiers(lists, listsOffset, EgressRecord.targetIdentifiers(targets, target)),
                        requiredPosition,
                        EventHeader.position(event, eventOffset),
                        EventHeader.connectionId(event, eventOffset),
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
            final Identifiers identifiers,
            final long requiredPosition,
            final long messagePosition,
            final long publisherId,
            final long expiryDeadlineNs,
            final boolean shared) {
        if (!mayReceive(connection)) {
            deny(connection, flags, packetId);
            return;
        }
        final OutboundQueue outbound = connection.outbound;
        final long required = required(flags, requiredPosition);
        final boolean slow = outbound.isDeferring() || outbound.unsentBytes() > agent.outboundBytes();
        if (!slow) {
            if (hasOwnProperties(connection, identifiers)) {
                encodeOwn(connection, flags, packetId, identifiers, required);
            } else if (shared) {
                encoder.copy(outbound, connection.version, flags, packetId, required, agent.commitPosition());
            } else {
                encoder.encode(outbound, connection.version, flags, packetId, required, agent.commitPosition());
            }
            countPublished();
            agent.scheduleFlush(connection);
        } else if (DeliveryFlags.qos(flags) > 0) {
            outbound.deferHole(messagePosition, expiryDeadlineNs, packetId, flags, identifiers, required);
            pump(connection);
        } else {
            deliverSlowly(connection, flags, identifiers, publisherId);
        }
    }

    /** Whether the client may be sent {@link #message}: asked when it is handed to the connection, by the rights of then. */
    private boolean mayReceive(final Connection connection) {
        final Permissions permissions = connection.access.permissions();
        return permissions == Permissions.ALL
                || permissions.mayReceive(message.buffer(), message.topicOffset(), message.topicLength());
    }

    /** Drops a delivery. One that the core has begun must not stay in flight: it is ended in the client's place. */
    private void deny(final Connection connection, final int flags, final int packetId) {
        agent.count(CounterId.DROPPED_ACL);
        if (DeliveryFlags.qos(flags) > Qos.AT_MOST_ONCE) {
            agent.retries().denied().add(connection, DeliveryFlags.qos(flags), packetId);
        }
    }

    /** Whether this client gets properties that others don't; a session may have identifiers that its MQTT 3 client can't. */
    private static boolean hasOwnProperties(final Connection connection, final Identifiers identifiers) {
        return connection.isV5() && (connection.sendAliases != null || !identifiers.isEmpty());
    }

    private void encodeOwn(
            final Connection connection,
            final int flags,
            final int packetId,
            final Identifiers identifiers,
            final long requiredPosition) {
        encoder.encodeOwn(
                connection.outbound,
                flags,
                packetId,
                identifiers,
                connection.sendAliases,
                connection.maximumPacketSize,
                requiredPosition,
                agent.commitPosition());
    }

    /**
     * A QoS 0 message for a connection that is behind: kept in its place while there is room, or while its publisher can
     * be made to wait; dropped otherwise.
     */
    private void deliverSlowly(
            final Connection connection, final int flags, final Identifiers identifiers, final long publisherId) {
        final OutboundQueue outbound = connection.outbound;
        final int length = encoder.length(connection.version, flags);
        final boolean full = outbound.unsentBytes() > agent.outboundBytes()
                || outbound.deferredBytes() + length > agent.outboundBytes();
        if (full && !agent.throttle().keeps(connection, publisherId, length)) {
            agent.count(CounterId.DROPPED_QOS0_SLOW);
            return;
        }
        if (identifiers.isEmpty() || !connection.isV5()) {
            final int variantOffset = encoder.variantOffset(connection.version, flags);
            outbound.defer(encoder.variants(), variantOffset, length, 0);
        } else {
            final int ownLength = encoder.encodeDetached(flags, 0, identifiers);
            outbound.defer(encoder.variants(), encoder.ownOffset(), ownLength, 0);
        }
        countPublished();
        pump(connection);
    }

    /** Moves what needn't wait any more, and asks for the bytes of what comes next, while there is room for them. */
    void pump(final Connection connection) {
        final OutboundQueue outbound = connection.outbound;
        outbound.moveDeferred(agent.outboundBytes(), agent.commitPosition());
        if (connection.catalogReplies != null) {
            catalog.pump(connection);
        }
        agent.scheduleFlush(connection);
        while (outbound.unsentBytes() < agent.outboundBytes() && outbound.outstanding() < MAX_OUTSTANDING_FETCHES) {
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
        outbound.holeIdentifiers(hole, identifiers);
        final int flags = outbound.holeFlags(hole);
        final int packetId = outbound.holePacketId(hole);
        final long required = outbound.holeRequiredPosition(hole);
        if (!mayReceive(connection)) {
            deny(connection, flags, packetId);
        } else if (hasOwnProperties(connection, identifiers)) {
            encodeOwn(connection, flags, packetId, identifiers, required);
            countPublished();
        } else {
            encoder.encode(outbound, connection.version, flags, packetId, required, agent.commitPosition());
            countPublished();
        }
        outbound.dropHole();
        if ((flags & DeliveryFlags.REPORT) != 0) {
            agent.reportDrained(connection);
        }
        pump(connection);
    }
}
