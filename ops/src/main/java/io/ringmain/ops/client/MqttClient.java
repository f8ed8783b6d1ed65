package io.ringmain.ops.client;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AckDecoder;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnackDecoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.DisconnectDecoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PingEncoder;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubackDecoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A blocking client: one thread, one message at a time. Confined to that thread. Keeps the connection alive while it
 * waits for messages.
 */
public final class MqttClient implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;
    private static final int MAX_PACKET_SIZE = Framing.MAX_VAR_INT;
    private static final int PACKET_OVERHEAD = 64;

    private final ProtocolVersion version;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final int pingIntervalMs;
    private Set<Integer> inboundIds = new HashSet<>();
    private final AckDecoder ack = new AckDecoder();
    private final PublishDecoder publish = new PublishDecoder();
    private UnsafeBuffer packet = new UnsafeBuffer(new byte[4096]);
    private int packetLength;
    private UnsafeBuffer scratch = new UnsafeBuffer(new byte[4096]);
    private int nextPacketId;
    private boolean sessionPresent;

    private MqttClient(final String host, final int port, final ProtocolVersion version, final int keepAliveSeconds)
            throws IOException {
        this.version = version;
        this.pingIntervalMs = keepAliveSeconds * 1000;
        socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new java.io.BufferedInputStream(socket.getInputStream(), 64 << 10);
        out = socket.getOutputStream();
    }

    /**
     * Connects and waits for the CONNACK.
     *
     * @param connect sets what the CONNECT is to say.
     * @throws ConnectRefusedException when the broker says no.
     */
    public static MqttClient connect(
            final String host,
            final int port,
            final ProtocolVersion version,
            final int keepAliveSeconds,
            final UnaryOperator<ConnectEncoder> connect)
            throws IOException {
        final MqttClient client = new MqttClient(host, port, version, keepAliveSeconds);
        try {
            client.scratch(Framing.MAX_VAR_INT >> 8);
            final ConnectEncoder encoder = new ConnectEncoder().wrap(client.scratch, 0, version);
            client.send(connect.apply(encoder.keepAlive(keepAliveSeconds)).finish());
            client.awaitConnack();
            return client;
        } catch (final IOException | RuntimeException ex) {
            client.socket.close();
            throw ex;
        }
    }

    private void awaitConnack() throws IOException {
        socket.setSoTimeout(CONNECT_TIMEOUT_MS);
        if (readPacket() != PacketType.CONNACK) {
            throw new IOException("the broker answered CONNECT with another packet");
        }
        final ConnackDecoder connack = new ConnackDecoder();
        check("CONNACK", connack.wrap(packet, 0, packetLength, version));
        if (connack.reasonCode() != 0) {
            throw new ConnectRefusedException(version, connack.reasonCode());
        }
        sessionPresent = connack.sessionPresent();
    }

    public boolean sessionPresent() {
        return sessionPresent;
    }

    /**
     * Goes on with the client's half of a session: the packet ids of QoS 2 messages that were received on an earlier
     * connection and not released there. The set stays the caller's, for the next connection.
     */
    public MqttClient resume(final Set<Integer> receivedIds) {
        if (!sessionPresent) {
            receivedIds.clear();
        }
        inboundIds = receivedIds;
        return this;
    }

    /**
     * Publishes, and for QoS 1 and 2 waits until the hand-shake is complete.
     *
     * @return the reason code of the acknowledgement, 0 for QoS 0.
     */
    public int publish(final String topic, final byte[] payload, final int qos, final boolean retain)
            throws IOException {
        final UnsafeBuffer topicBytes = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer payloadBytes = new UnsafeBuffer(payload);
        final int packetId = qos == Qos.AT_MOST_ONCE ? 0 : newPacketId();
        scratch(topicBytes.capacity() + payload.length + PACKET_OVERHEAD);
        send(PublishEncoder.encode(
                scratch,
                0,
                version,
                qos << 1 | (retain ? 1 : 0),
                packetId,
                topicBytes,
                0,
                topicBytes.capacity(),
                topicBytes,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                payloadBytes,
                0,
                payload.length));
        return switch (qos) {
            case Qos.AT_LEAST_ONCE -> awaitAck(PacketType.PUBACK, packetId);
            case Qos.EXACTLY_ONCE -> completeExactlyOnce(packetId);
            default -> ReasonCode.SUCCESS;
        };
    }

    private int completeExactlyOnce(final int packetId) throws IOException {
        final int received = awaitAck(PacketType.PUBREC, packetId);
        if (ReasonCode.isError(received)) {
            return received;
        }
        sendAck(PacketType.PUBREL, packetId);
        awaitAck(PacketType.PUBCOMP, packetId);
        return received;
    }

    private int awaitAck(final int type, final int packetId) throws IOException {
        socket.setSoTimeout(CONNECT_TIMEOUT_MS);
        while (true) {
            final int received = readPacket();
            if (received == type) {
                check(PacketType.name(type), ack.wrap(packet, 0, packetLength, version));
                if (ack.packetId() == packetId) {
                    return ack.reasonCode();
                }
            } else if (received == PacketType.DISCONNECT) {
                throw disconnected();
            }
        }
    }

    /**
     * Subscribes and waits for the SUBACK.
     *
     * @param options subscription options of MQTT 5.
     * @return the reason codes, one per filter.
     */
    public int[] subscribe(final List<String> filters, final int options) throws IOException {
        scratch(filters.stream().mapToInt(String::length).sum() * 3 + filters.size() * 3 + PACKET_OVERHEAD);
        final SubscribeEncoder encoder = new SubscribeEncoder().wrap(scratch, 0, version, newPacketId());
        filters.forEach(filter -> encoder.add(filter, options));
        send(encoder.finish());
        socket.setSoTimeout(CONNECT_TIMEOUT_MS);
        final SubackDecoder suback = new SubackDecoder();
        while (true) {
            final int received = readPacket();
            if (received == PacketType.SUBACK) {
                check("SUBACK", suback.wrap(packet, 0, packetLength, version));
                final int[] codes = new int[suback.count()];
                for (int i = 0; i < codes.length; i++) {
                    codes[i] = suback.reasonCode(i);
                }
                return codes;
            } else if (received == PacketType.DISCONNECT) {
                throw disconnected();
            }
        }
    }

    /**
     * Waits for a message. It is acknowledged before it is returned.
     *
     * @param timeoutMs 0 waits for ever.
     * @return null when the time is over.
     */
    public Message receive(final long timeoutMs) throws IOException {
        final long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000;
        while (true) {
            final long leftMs = timeoutMs == 0 ? Long.MAX_VALUE : (deadlineNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return null;
            }
            final Message message = receiveOrPing(leftMs);
            if (message != null) {
                return message;
            }
        }
    }

    private Message receiveOrPing(final long leftMs) throws IOException {
        final long pingMs = pingIntervalMs == 0 ? Long.MAX_VALUE : pingIntervalMs / 2;
        socket.setSoTimeout((int) Math.min(Math.min(leftMs, pingMs), Integer.MAX_VALUE));
        final int type;
        try {
            type = readPacket();
        } catch (final SocketTimeoutException ex) {
            if (pingMs <= leftMs) {
                send(PingEncoder.pingreq(scratch, 0));
            }
            return null;
        }
        return switch (type) {
            case PacketType.PUBLISH -> onPublish();
            case PacketType.PUBREL -> {
                check("PUBREL", ack.wrap(packet, 0, packetLength, version));
                inboundIds.remove(ack.packetId());
                sendAck(PacketType.PUBCOMP, ack.packetId());
                yield null;
            }
            case PacketType.DISCONNECT -> throw disconnected();
            default -> null;
        };
    }

    private Message onPublish() throws IOException {
        check("PUBLISH", publish.wrap(packet, 0, packetLength, version));
        final byte[] payload = new byte[publish.payloadLength()];
        packet.getBytes(publish.payloadOffset(), payload);
        final Message message = new Message(
                packet.getStringWithoutLengthUtf8(publish.topicOffset(), publish.topicLength()),
                payload,
                publish.qos(),
                publish.retain());
        if (publish.qos() == Qos.AT_LEAST_ONCE) {
            sendAckIfPossible(PacketType.PUBACK, publish.packetId());
        } else if (publish.qos() == Qos.EXACTLY_ONCE) {
            final boolean isNew = inboundIds.add(publish.packetId());
            sendAckIfPossible(PacketType.PUBREC, publish.packetId());
            return isNew ? message : null;
        }
        return message;
    }

    /** The message is here and counts as received, also when the connection breaks now; the next read tells of that. */
    private void sendAckIfPossible(final int type, final int packetId) {
        try {
            sendAck(type, packetId);
        } catch (final IOException ignored) {
            // As said above.
        }
    }

    private IOException disconnected() {
        final DisconnectDecoder disconnect = new DisconnectDecoder();
        disconnect.wrap(packet, 0, packetLength, version);
        return new IOException("disconnected by the broker: " + ReasonCode.name(disconnect.reasonCode()));
    }

    private void check(final String what, final int fault) throws IOException {
        if (fault != ReasonCode.SUCCESS) {
            throw new IOException("the broker's " + what + " is wrong: " + ReasonCode.name(fault));
        }
    }

    private int newPacketId() {
        nextPacketId = nextPacketId % 0xFFFF + 1;
        return nextPacketId;
    }

    private void sendAck(final int type, final int packetId) throws IOException {
        send(AckEncoder.encode(scratch, 0, version, type, packetId, ReasonCode.SUCCESS));
    }

    private void scratch(final int length) {
        if (scratch.capacity() < length) {
            scratch = new UnsafeBuffer(new byte[length]);
        }
    }

    private void send(final int length) throws IOException {
        out.write(scratch.byteArray(), 0, length);
    }

    /** Reads one whole packet and returns its type. A timeout before its first byte leaves the stream whole. */
    private int readPacket() throws IOException {
        packetLength = 0;
        readBytes(1);
        socket.setSoTimeout(CONNECT_TIMEOUT_MS);
        int length = Framing.INCOMPLETE;
        while (length == Framing.INCOMPLETE) {
            readBytes(1);
            length = Framing.packetLength(packet, 0, packetLength, MAX_PACKET_SIZE);
        }
        if (length < 0) {
            throw new IOException("the broker sent a malformed packet");
        }
        readBytes(length - packetLength);
        return Framing.packetType(packet.getByte(0));
    }

    private void readBytes(final int count) throws IOException {
        if (packet.capacity() < packetLength + count) {
            final byte[] larger = java.util.Arrays.copyOf(packet.byteArray(), packetLength + count);
            packet = new UnsafeBuffer(larger);
        }
        if (in.readNBytes(packet.byteArray(), packetLength, count) < count) {
            throw new EOFException("the broker has closed the connection");
        }
        packetLength += count;
    }

    /** Says goodbye and closes. */
    @Override
    public void close() throws IOException {
        try {
            send(DisconnectEncoder.encode(scratch, 0, version, ReasonCode.SUCCESS));
        } catch (final IOException ignored) {
            // The broker has gone first.
        }
        socket.close();
    }
}
