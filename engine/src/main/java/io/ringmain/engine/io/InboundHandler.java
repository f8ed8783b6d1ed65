package io.ringmain.engine.io;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.DisconnectDecoder;
import io.ringmain.protocol.mqtt.EmptyPacketDecoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PingEncoder;
import io.ringmain.protocol.mqtt.PropertyId;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the packets in what a connection has sent and hands each to its handler. Stops where the ring is full, and where
 * the connection is to be paused; the rest stays with the connection and is tried again.
 */
final class InboundHandler {
    /** The packet was handled, or its connection is being closed. */
    static final boolean HANDLED = true;
    /** The ring is full; try the packet again later. */
    static final boolean BACK_PRESSURE = false;

    private static final int RESERVED_TYPE = 0;

    private final IoAgent agent;
    private final IoLimits limits;
    private final AuthFailures failures;
    private final ConnectHandler connects;
    private final AuthHandler auths;
    private final PublishHandler publishes;
    private final SubscriptionHandler subscriptions;
    private final AckBatcher acks;
    private final DisconnectDecoder disconnect = new DisconnectDecoder();
    private final EmptyPacketDecoder ping = new EmptyPacketDecoder();
    private long packets;

    InboundHandler(
            final IoAgent agent,
            final IoContext context,
            final CatalogHandler catalog,
            final int lane,
            final int laneCount) {
        this.agent = agent;
        this.limits = agent.limits();
        this.failures = new AuthFailures(agent, context, lane);
        final StampPolicy stamps = new StampPolicy(context);
        this.auths = new AuthHandler(agent, failures);
        this.connects = new ConnectHandler(agent, context, auths, failures, stamps, lane, laneCount);
        this.publishes = new PublishHandler(agent, context, stamps, lane);
        this.subscriptions = new SubscriptionHandler(agent, context, catalog, lane);
        this.acks = new AckBatcher(agent, lane);
    }

    /** See {@link IoAgent#onSessionRefused}. */
    void onSessionRefused(final Connection connection, final int reasonCode) {
        failures.refusedAgain(connection, reasonCode);
    }

    /** Counts what was received since the last call. */
    void countReceived(final Counters counters) {
        if (packets > 0) {
            counters.add(CounterId.PACKETS_RECEIVED, packets);
            packets = 0;
            counters.add(CounterId.PUBLISH_RECEIVED, publishes.takeCount());
            counters.add(CounterId.PUBLISH_BYTES_RECEIVED, publishes.takePayloadBytes());
        }
    }

    /**
     * Handles whole packets.
     *
     * @return the offset behind the last packet handled; what lies from there to the limit has to be kept.
     */
    int onBytes(final Connection connection, final UnsafeBuffer buffer, final int offset, final int limit) {
        int at = offset;
        int untilLook = HoldBack.PACKETS_BETWEEN_LOOKS;
        connection.backPressured = false;
        while (at < limit && connection.isOpen()) {
            if (untilLook-- == 0) {
                agent.throttle().takeSignals();
                untilLook = HoldBack.PACKETS_BETWEEN_LOOKS - 1;
            }
            if (connection.pauses > 0) {
                connection.backPressured = true;
                break;
            }
            if (connection.state == ConnectionState.AWAITING_CONNECT && !startsConnect(connection, buffer, at)) {
                return limit;
            }
            final int length = Framing.packetLength(buffer, at, limit - at, maxPacketSize(connection));
            if (length < 0) {
                onBadLength(connection, length);
                return limit;
            }
            if (length == Framing.INCOMPLETE || length > limit - at) {
                break;
            }
            if (onPacket(connection, buffer, at, length) == BACK_PRESSURE) {
                connection.backPressured = true;
                break;
            }
            packets++;
            at += length;
        }
        if (acks.flush(connection) == BACK_PRESSURE) {
            connection.backPressured = true;
            return acks.rewindOffset();
        }
        return connection.isOpen() || connection.backPressured ? at : limit;
    }

    private int maxPacketSize(final Connection connection) {
        return connection.state == ConnectionState.AWAITING_CONNECT
                ? limits.maxConnectPacketSize()
                : limits.maxPacketSize();
    }

    private boolean startsConnect(final Connection connection, final UnsafeBuffer buffer, final int at) {
        if (connection.authentication != null) {
            return mayComeBeforeConnack(connection, buffer.getByte(at));
        }
        if (buffer.getByte(at) == PacketType.CONNECT << 4) {
            return true;
        }
        agent.closeSilently(connection, CounterId.CONNECTIONS_CLOSED_NOT_MQTT, "the first packet is no CONNECT");
        return false;
    }

    /** While a client is being authenticated it sends AUTH or DISCONNECT, and nothing else (MQTT-3.1.2-30). */
    private boolean mayComeBeforeConnack(final Connection connection, final byte first) {
        final int type = Framing.packetType(first);
        // The CONNECT itself is seen again when the ring had no room for it.
        if (type == PacketType.AUTH || type == PacketType.CONNECT && !connection.authentication.isRunning()) {
            return true;
        }
        if (type == PacketType.DISCONNECT) {
            agent.closeSilently(connection, null, "DISCONNECT");
        } else {
            agent.refuse(connection, ReasonCode.PROTOCOL_ERROR);
        }
        return false;
    }

    private void onBadLength(final Connection connection, final int fault) {
        if (acks.flush(connection) == BACK_PRESSURE) {
            acks.discard();
        }
        if (fault == Framing.TOO_LARGE) {
            agent.closeWithReason(
                    connection, ReasonCode.PACKET_TOO_LARGE, CounterId.CONNECTIONS_CLOSED_PACKET_TOO_LARGE);
        } else {
            agent.closeWithReason(connection, ReasonCode.MALFORMED_PACKET, CounterId.CONNECTIONS_CLOSED_MALFORMED);
        }
    }

    private boolean onPacket(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final int type = Framing.packetType(buffer.getByte(offset));
        if (type >= PacketType.PUBACK && type <= PacketType.PUBCOMP) {
            return acks.onAck(connection, buffer, offset, length);
        }
        if (acks.flush(connection) == BACK_PRESSURE) {
            return BACK_PRESSURE;
        }
        if (isAnsweredHere(type) && connection.state == ConnectionState.OPEN && !connection.connackQueued) {
            // The answer would leave before the CONNACK, which the core has still to give.
            return BACK_PRESSURE;
        }
        return switch (type) {
            case PacketType.PUBLISH -> publishes.onPublish(connection, buffer, offset, length);
            case PacketType.SUBSCRIBE -> subscriptions.onSubscribe(connection, buffer, offset, length);
            case PacketType.UNSUBSCRIBE -> subscriptions.onUnsubscribe(connection, buffer, offset, length);
            case PacketType.PINGREQ -> onPing(connection, buffer, offset, length);
            case PacketType.CONNECT -> onConnect(connection, buffer, offset, length);
            case PacketType.DISCONNECT -> onDisconnect(connection, buffer, offset, length);
            case PacketType.AUTH ->
                connection.isV5()
                        ? auths.onAuth(connection, buffer, offset, length, connects)
                        : protocolError(connection);
            case RESERVED_TYPE -> fault(connection, ReasonCode.MALFORMED_PACKET);
            default -> protocolError(connection);
        };
    }

    private static boolean isAnsweredHere(final int type) {
        return type == PacketType.PINGREQ || type == PacketType.AUTH;
    }

    private boolean onConnect(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        if (connection.state != ConnectionState.AWAITING_CONNECT) {
            return protocolError(connection);
        }
        return connects.onConnect(connection, buffer, offset, length);
    }

    private boolean onPing(final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        final int fault = ping.wrap(buffer, offset, length, PacketType.PINGREQ);
        if (fault != ReasonCode.SUCCESS) {
            return fault(connection, fault);
        }
        final UnsafeBuffer packet = agent.scratch();
        agent.enqueueControl(connection, packet, PingEncoder.pingresp(packet, 0), 0);
        return HANDLED;
    }

    private boolean onDisconnect(
            final Connection connection, final UnsafeBuffer buffer, final int offset, final int length) {
        int fault = disconnect.wrap(buffer, offset, length, connection.version);
        if (fault == ReasonCode.SUCCESS && agent.userPropertyLimit().isPassed(disconnect.properties())) {
            fault = ReasonCode.QUOTA_EXCEEDED;
        }
        if (fault != ReasonCode.SUCCESS) {
            return fault(connection, fault);
        }
        final boolean hasExpiry = disconnect.properties().has(PropertyId.SESSION_EXPIRY_INTERVAL);
        final long expiry = Math.min(
                limits.sessionExpiryMaxSeconds(), disconnect.properties().value(PropertyId.SESSION_EXPIRY_INTERVAL, 0));
        if (hasExpiry && expiry != 0 && connection.sessionExpirySeconds == 0) {
            return fault(connection, ReasonCode.PROTOCOL_ERROR);
        }
        return agent.onClientDisconnect(connection, disconnect.reasonCode(), hasExpiry, expiry);
    }

    private boolean protocolError(final Connection connection) {
        return fault(connection, ReasonCode.PROTOCOL_ERROR);
    }

    private boolean fault(final Connection connection, final int reasonCode) {
        agent.closeForFault(connection, reasonCode);
        return HANDLED;
    }
}
