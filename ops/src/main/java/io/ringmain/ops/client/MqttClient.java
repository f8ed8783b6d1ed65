package io.ringmain.ops.client;

import io.ringmain.ops.tls.TlsClient;
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
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.SubackDecoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A small blocking client for tools and tests. Confined to one thread, but for {@link #disconnect}. It reads when it is
 * asked for something: what arrives meanwhile is kept, and acknowledged when {@link #receive} hands it out.
 */
public final class MqttClient implements AutoCloseable {
    private static final int ANSWER_TIMEOUT_MS = 10_000;
    private static final int CLOSE_TIMEOUT_MS = 500;
    private static final int MAX_CONNECT_LENGTH = 512 << 10;
    private static final int PACKET_OVERHEAD = 64;
    private static final int MAX_WINDOW = 64;
    private static final int OUT_LENGTH = 64 << 10;

    private final ProtocolVersion version;
    private final Socket socket;
    private final PacketReader reader;
    private final OutputStream out;
    private long keepAliveNs;
    private final AckDecoder ack = new AckDecoder();
    private final PublishDecoder publish = new PublishDecoder();
    private final SubackDecoder suback = new SubackDecoder();
    private final Queue<Message> received = new ArrayDeque<>();
    private Set<Integer> inboundIds = new HashSet<>();
    private final IntHashSet unacknowledged = new IntHashSet();
    private UnsafeBuffer scratch = new UnsafeBuffer(new byte[4096]);
    private long maximumPacketSize = Framing.MAX_VAR_INT;
    private int brokerWindow = 0xFFFF;
    private int window = MAX_WINDOW;
    private long refusals;
    private boolean unflushed;
    private int nextPacketId;
    private int refusal = ReasonCode.SUCCESS;
    private int[] subackCodes;
    private long lastSentNs = System.nanoTime();
    private boolean pingUnanswered;
    private boolean sessionPresent;

    private MqttClient(final Socket socket, final ProtocolVersion version, final int keepAliveSeconds)
            throws IOException {
        this.socket = socket;
        this.version = version;
        this.keepAliveNs = TimeUnit.SECONDS.toNanos(keepAliveSeconds);
        reader = new PacketReader(socket);
        out = new BufferedOutputStream(socket.getOutputStream(), OUT_LENGTH);
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
        return connect(tcp(host, port), version, keepAliveSeconds, connect);
    }

    /**
     * As {@link #connect(String, int, ProtocolVersion, int, UnaryOperator)}, encrypted.
     *
     * @param tls null for a plain connection.
     */
    public static MqttClient connect(
            final String host,
            final int port,
            final ProtocolVersion version,
            final int keepAliveSeconds,
            final TlsClient tls,
            final UnaryOperator<ConnectEncoder> connect)
            throws IOException {
        final Socket plain = tcp(host, port);
        return connect(tls == null ? plain : tls.over(plain, host, port), version, keepAliveSeconds, connect);
    }

    /**
     * As {@link #connect(String, int, ProtocolVersion, int, UnaryOperator)}.
     *
     * @param socket that is connected; closed with the client, and when there is none.
     */
    public static MqttClient connect(
            final Socket socket,
            final ProtocolVersion version,
            final int keepAliveSeconds,
            final UnaryOperator<ConnectEncoder> connect)
            throws IOException {
        try {
            final MqttClient client = new MqttClient(socket, version, keepAliveSeconds);
            final UnsafeBuffer packet = new UnsafeBuffer(new byte[MAX_CONNECT_LENGTH]);
            final ConnectEncoder encoder = new ConnectEncoder().wrap(packet, 0, version);
            final int length =
                    connect.apply(encoder.keepAlive(keepAliveSeconds)).finish();
            client.write(packet.byteArray(), length);
            client.awaitConnack();
            return client;
        } catch (final IOException | RuntimeException ex) {
            socket.close();
            throw ex;
        }
    }

    private static Socket tcp(final String host, final int port) throws IOException {
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException(host);
        }
        final Socket socket = new Socket();
        try {
            socket.connect(address, ANSWER_TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_TIMEOUT_MS);
            return socket;
        } catch (final IOException ex) {
            socket.close();
            throw ex;
        }
    }

    private void awaitConnack() throws IOException {
        if (!reader.next(ANSWER_TIMEOUT_MS)) {
            throw new SocketTimeoutException("the broker doesn't answer");
        }
        if (reader.type() != PacketType.CONNACK) {
            throw new IOException("the broker answered CONNECT with another packet");
        }
        final ConnackDecoder connack = new ConnackDecoder();
        check("CONNACK", connack.wrap(reader.buffer(), reader.offset(), reader.length(), version));
        if (connack.reasonCode() != 0) {
            throw new ConnectRefusedException(version, connack.reasonCode());
        }
        sessionPresent = connack.sessionPresent();
        if (version == ProtocolVersion.V5) {
            brokerWindow = (int) connack.properties().value(PropertyId.RECEIVE_MAXIMUM, 0xFFFF);
            window = Math.min(MAX_WINDOW, brokerWindow);
            keepAliveNs = TimeUnit.SECONDS.toNanos(connack.properties()
                    .value(PropertyId.SERVER_KEEP_ALIVE, TimeUnit.NANOSECONDS.toSeconds(keepAliveNs)));
            maximumPacketSize = connack.properties().value(PropertyId.MAXIMUM_PACKET_SIZE, Framing.MAX_VAR_INT);
        }
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
     * Publishes and waits until the hand-shakes of this message and all before are complete.
     *
     * @return the first reason code of 0x80 or above in their acknowledgements, 0 if there was none.
     */
    public int publish(final String topic, final byte[] payload, final int qos, final boolean retain)
            throws IOException {
        offer(topic, payload, qos, retain, new PublishProperties());
        return awaitAcknowledged();
    }

    /** Publishes. Waits only while as many messages as the broker takes are unacknowledged. */
    public void offer(
            final String topic,
            final byte[] payload,
            final int qos,
            final boolean retain,
            final PublishProperties properties)
            throws IOException {
        awaitUnacknowledged(window - 1);
        final UnsafeBuffer topicBytes = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer block = new UnsafeBuffer(properties.block());
        final UnsafeBuffer bytes = new UnsafeBuffer(payload);
        write(PublishParts.of(topicBytes, block, properties.expirySeconds(), bytes), qos, retain);
        flush();
    }

    /**
     * Publishes like {@link #offer}, as one of many: the packet leaves with others, at the latest with {@link #flush} or
     * when the client waits for something.
     */
    public void queue(final PublishParts message, final int qos, final boolean retain) throws IOException {
        if (unacknowledged.size() >= window) {
            // Half of the window at once, so that neither side goes on packet by packet.
            awaitUnacknowledged(window / 2);
        }
        write(message, qos, retain);
    }

    private void write(final PublishParts message, final int qos, final boolean retain) throws IOException {
        final int flags = qos << 1 | (retain ? 1 : 0);
        final int length = message.packetLength(version, flags);
        if (length > maximumPacketSize) {
            throw new IOException(
                    "a packet of " + length + " bytes: the broker takes at most " + maximumPacketSize + " bytes");
        }
        final int packetId = qos == Qos.AT_MOST_ONCE ? 0 : newPacketId();
        scratch(length);
        message.encode(scratch, version, flags, packetId);
        if (qos != Qos.AT_MOST_ONCE) {
            unacknowledged.add(packetId);
        }
        writeLater(scratch.byteArray(), length);
    }

    /** The largest packet that the broker takes, in bytes. */
    public long maximumPacketSize() {
        return maximumPacketSize;
    }

    /** Lets so many messages be unacknowledged, as far as the broker takes them; 64 without this. */
    public MqttClient window(final int messages) {
        window = Math.min(messages, brokerWindow);
        return this;
    }

    /** Messages that are not acknowledged yet. */
    public int unacknowledged() {
        return unacknowledged.size();
    }

    /** Acknowledgements so far that said no. */
    public long refusals() {
        return refusals;
    }

    /** Handles what arrives for a while, and keeps the connection alive. */
    public void await(final long timeoutMs) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long leftMs = timeoutMs;
        do {
            serve(leftMs);
            leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        } while (leftMs > 0);
    }

    /** Address and port of this end of the connection, as the broker sees it if nothing is between. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Waits for the hand-shakes of all messages; answers as {@link #publish}. */
    public int awaitAcknowledged() throws IOException {
        awaitUnacknowledged(0);
        final int first = refusal;
        refusal = ReasonCode.SUCCESS;
        return first;
    }

    private void awaitUnacknowledged(final int most) throws IOException {
        while (unacknowledged.size() > most) {
            awaitPacket();
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
        subackCodes = null;
        write(scratch.byteArray(), encoder.finish());
        while (subackCodes == null) {
            awaitPacket();
        }
        return subackCodes;
    }

    /**
     * Waits for a message, and acknowledges it.
     *
     * @param timeoutMs 0 waits for ever.
     * @return null when the time is over.
     */
    public Message receive(final long timeoutMs) throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (received.isEmpty()) {
            final long leftMs =
                    timeoutMs == 0 ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            if (leftMs <= 0) {
                return null;
            }
            serve(leftMs);
        }
        final Message message = received.remove();
        acknowledge(message);
        return message;
    }

    /** The message is here and counts as received, also if the connection breaks now; the next read tells of that. */
    private void acknowledge(final Message message) {
        try {
            if (message.qos() == Qos.AT_LEAST_ONCE) {
                sendAck(PacketType.PUBACK, message.packetId());
            } else if (message.qos() == Qos.EXACTLY_ONCE) {
                inboundIds.add(message.packetId());
                sendAck(PacketType.PUBREC, message.packetId());
            }
        } catch (final IOException ignored) {
            // As said above.
        }
    }

    /** True if {@link #receive} has a message without waiting. */
    public boolean hasReceived() {
        return !received.isEmpty() || reader.hasNext();
    }

    /** Takes what has arrived, without waiting, and keeps the connection alive. */
    public void keepAlive() throws IOException {
        while (serve(0)) {
            continue;
        }
    }

    private void awaitPacket() throws IOException {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_TIMEOUT_MS);
        while (!serve(ANSWER_TIMEOUT_MS)) {
            if (System.nanoTime() >= deadlineNs) {
                throw new SocketTimeoutException("the broker doesn't answer");
            }
        }
    }

    /** Handles one packet if there is one in time; pings when it is time for that. */
    private boolean serve(final long timeoutMs) throws IOException {
        if (!reader.hasNext()) {
            flush();
        }
        final long untilPingMs = keepAliveNs == 0
                ? Long.MAX_VALUE
                : Math.max(0, TimeUnit.NANOSECONDS.toMillis(lastSentNs + keepAliveNs - System.nanoTime()));
        if (reader.next(Math.min(Math.min(timeoutMs, untilPingMs), Integer.MAX_VALUE))) {
            pingUnanswered = false;
            onPacket();
            return true;
        }
        if (keepAliveNs > 0 && System.nanoTime() - lastSentNs >= keepAliveNs) {
            if (pingUnanswered) {
                throw new SocketTimeoutException("the broker doesn't answer");
            }
            pingUnanswered = true;
            write(scratch.byteArray(), PingEncoder.pingreq(scratch, 0));
        }
        return false;
    }

    private void onPacket() throws IOException {
        switch (reader.type()) {
            case PacketType.PUBLISH -> onPublish();
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP -> onAck();
            case PacketType.SUBACK -> onSuback();
            case PacketType.PINGRESP -> {}
            case PacketType.DISCONNECT -> throw disconnected();
            default -> throw new IOException("the broker sent " + PacketType.name(reader.type()));
        }
    }

    private void onPublish() throws IOException {
        check("PUBLISH", publish.wrap(reader.buffer(), reader.offset(), reader.length(), version));
        if (publish.qos() == Qos.EXACTLY_ONCE && inboundIds.contains(publish.packetId())) {
            sendAck(PacketType.PUBREC, publish.packetId());
        } else {
            received.add(Message.of(publish, version == ProtocolVersion.V5));
        }
    }

    private void onAck() throws IOException {
        check(PacketType.name(reader.type()), ack.wrap(reader.buffer(), reader.offset(), reader.length(), version));
        final int packetId = ack.packetId();
        if (ack.packetType() == PacketType.PUBREL) {
            inboundIds.remove(packetId);
            sendAck(PacketType.PUBCOMP, packetId);
            return;
        }
        if (ReasonCode.isError(ack.reasonCode())) {
            refusals++;
            refusal = refusal == ReasonCode.SUCCESS ? ack.reasonCode() : refusal;
        }
        if (ack.packetType() == PacketType.PUBREC && !ReasonCode.isError(ack.reasonCode())) {
            writeLater(scratch.byteArray(), encodeAck(PacketType.PUBREL, packetId));
        } else {
            unacknowledged.remove(packetId);
        }
    }

    private void onSuback() throws IOException {
        check("SUBACK", suback.wrap(reader.buffer(), reader.offset(), reader.length(), version));
        final int[] codes = new int[suback.count()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = suback.reasonCode(i);
        }
        subackCodes = codes;
    }

    private IOException disconnected() {
        final DisconnectDecoder disconnect = new DisconnectDecoder();
        final int fault = disconnect.wrap(reader.buffer(), reader.offset(), reader.length(), version);
        return new IOException("disconnected by the broker"
                + (fault == ReasonCode.SUCCESS ? ": " + ReasonCode.name(disconnect.reasonCode()) : ""));
    }

    private static void check(final String what, final int fault) throws IOException {
        if (fault != ReasonCode.SUCCESS) {
            throw new IOException("the broker's " + what + " is wrong: " + ReasonCode.name(fault));
        }
    }

    private int newPacketId() {
        do {
            nextPacketId = nextPacketId % 0xFFFF + 1;
        } while (unacknowledged.contains(nextPacketId));
        return nextPacketId;
    }

    private void sendAck(final int type, final int packetId) throws IOException {
        write(scratch.byteArray(), encodeAck(type, packetId));
    }

    private int encodeAck(final int type, final int packetId) {
        return AckEncoder.encode(scratch, 0, version, type, packetId, ReasonCode.SUCCESS);
    }

    private void scratch(final int length) {
        if (scratch.capacity() < length) {
            scratch = new UnsafeBuffer(new byte[length]);
        }
    }

    private void write(final byte[] packet, final int length) throws IOException {
        writeLater(packet, length);
        flush();
    }

    private void writeLater(final byte[] packet, final int length) throws IOException {
        synchronized (out) {
            out.write(packet, 0, length);
        }
        unflushed = true;
        lastSentNs = System.nanoTime();
    }

    /** Sends what was queued. */
    public void flush() throws IOException {
        if (unflushed) {
            unflushed = false;
            synchronized (out) {
                out.flush();
            }
        }
    }

    /** Says goodbye, so that the broker drops the will; {@link #receive} fails from then on. Any thread may call it. */
    public void disconnect() throws IOException {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[DisconnectEncoder.MAX_LENGTH]);
        final int length = DisconnectEncoder.encode(packet, 0, version, ReasonCode.SUCCESS);
        synchronized (out) {
            if (!socket.isOutputShutdown()) {
                out.write(packet.byteArray(), 0, length);
                out.flush();
                socket.shutdownOutput();
            }
        }
    }

    /** Disconnects and closes, after what the broker still sends: a reset would overtake the goodbye. */
    @Override
    public void close() {
        try (socket) {
            disconnect();
            socket.setSoTimeout(CLOSE_TIMEOUT_MS);
            socket.getInputStream().skipNBytes(Long.MAX_VALUE);
        } catch (final IOException ignored) {
            // It ends like this: with the end of the stream, or because the broker has gone first.
            return;
        }
    }
}
