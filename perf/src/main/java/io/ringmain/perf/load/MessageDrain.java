package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client that takes what a {@link BulkPublisher} has published, as fast as it comes, and acknowledges it. Each message has
 * to come once: one that came twice in place of another would look like all of them.
 */
final class MessageDrain implements Wire.PacketHandler {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long KEPT = 0xFFFF_FFFFL;
    private static final byte[] PING = {(byte) 0xC0, 0};

    private final ProtocolVersion version;
    private final boolean resumes;
    private final PublishDecoder publish = new PublishDecoder();
    private Wire wire;
    private boolean isConnected;
    private boolean isAnswered;

    /** By the number of the message. */
    private final BitSet seen = new BitSet();

    private final boolean isOrdered;
    private int count;
    private int received;
    private int last = -1;

    private MessageDrain(final ProtocolVersion version, final boolean resumes, final boolean isOrdered) {
        this.isOrdered = isOrdered;
        this.version = version;
        this.resumes = resumes;
    }

    /** Comes back to a session and takes what waits there, in its order; returns the seconds from CONNECT to the last message. */
    static double resume(final int port, final String clientId, final int window, final int count) throws IOException {
        final MessageDrain drain = new MessageDrain(ProtocolVersion.V5, true, true);
        try (Selector selector = Selector.open()) {
            drain.open(new InetSocketAddress("127.0.0.1", port), selector);
            final long startNs = System.nanoTime();
            drain.connect(new ConnectEncoder()
                    .wrap(drain.wire.out(), drain.wire.end(), drain.version)
                    .clientId(clientId)
                    .cleanStart(false)
                    .sessionExpiry(KEPT)
                    .receiveMaximum(window));
            return drain.take(selector, count, startNs);
        } finally {
            drain.close();
        }
    }

    /**
     * Subscribes, and takes what the broker has for that filter, as an MQTT 3.1.1 client whose window is the broker's
     * choice; returns the seconds from SUBSCRIBE to the last message.
     *
     * @param isOrdered whether they are to come in the order in which they were published.
     */
    static double subscribe(
            final String host,
            final int port,
            final String filter,
            final int qos,
            final int count,
            final boolean isOrdered)
            throws IOException {
        final MessageDrain drain = new MessageDrain(ProtocolVersion.V3_1_1, false, isOrdered);
        try (Selector selector = Selector.open()) {
            drain.open(new InetSocketAddress(host, port), selector);
            drain.connect(new ConnectEncoder()
                    .wrap(drain.wire.out(), drain.wire.end(), drain.version)
                    .clientId("bench-drain")
                    .cleanStart(true));
            while (!drain.isConnected) {
                drain.poll(selector);
            }
            final long startNs = System.nanoTime();
            drain.wire.advance(new SubscribeEncoder()
                    .wrap(drain.wire.out(), drain.wire.end(), drain.version, 1)
                    .add(filter, qos)
                    .finish());
            return drain.take(selector, count, startNs);
        } finally {
            drain.close();
        }
    }

    private static double seconds(final long startNs) {
        return (System.nanoTime() - startNs) / 1e9;
    }

    private void open(final InetSocketAddress broker, final Selector selector) throws IOException {
        wire = new Wire(null, broker, BUFFER_LENGTH, selector, this);
    }

    private void connect(final ConnectEncoder connect) throws IOException {
        wire.advance(connect.finish());
        wire.flush();
    }

    /** Returns the seconds until the last message; what the broker sends behind it is looked at all the same. */
    private double take(final Selector selector, final int messages, final long startNs) throws IOException {
        count = messages;
        long lastNs = System.nanoTime();
        while (received < count) {
            final int before = received;
            poll(selector);
            lastNs = received > before ? System.nanoTime() : lastNs;
            if (System.nanoTime() - lastNs > STALL_NS) {
                throw new IOException("no message for a minute, after " + received + " of " + count);
            }
        }
        final double seconds = seconds(startNs);
        if (wire.room() < PING.length) {
            wire.flush();
        }
        wire.out().putBytes(wire.end(), PING);
        wire.advance(PING.length);
        final long askedNs = System.nanoTime();
        while (!isAnswered) {
            poll(selector);
            if (System.nanoTime() - askedNs > STALL_NS) {
                throw new IOException("the broker doesn't answer behind the last message");
            }
        }
        return seconds;
    }

    private void poll(final Selector selector) throws IOException {
        wire.flush();
        selector.select(100);
        for (final SelectionKey key : selector.selectedKeys()) {
            if (key.isReadable() && !wire.read(this)) {
                throw new IOException("the broker has closed the connection after " + received);
            }
        }
        selector.selectedKeys().clear();
    }

    private void close() throws IOException {
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public void onPacket(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
        switch (Framing.packetType(buffer.getByte(offset))) {
            case PacketType.CONNACK -> onConnected(buffer.getByte(offset + 2), buffer.getByte(offset + 3));
            case PacketType.SUBACK -> onSubscribed(buffer.getByte(offset + length - 1) & 0xFF);
            case PacketType.PINGRESP -> isAnswered = true;
            case PacketType.PUBLISH -> onPublish(buffer, offset, length);
            default -> throw new IOException("unexpected packet " + buffer.getByte(offset));
        }
    }

    private void onConnected(final byte acknowledgeFlags, final byte code) throws IOException {
        if (code != 0) {
            throw new IOException("the broker refused the connection with " + (code & 0xFF));
        }
        isConnected = true;
        if (resumes && acknowledgeFlags != 1) {
            throw new IOException("the broker has no session");
        }
    }

    private static void onSubscribed(final int code) throws IOException {
        if (code >= 0x80) {
            throw new IOException("the broker refused the subscription with " + code);
        }
    }

    private void onPublish(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
        if (publish.wrap(buffer, offset, length, version) != 0) {
            throw new IOException("the broker sent a malformed PUBLISH");
        }
        onNumber(publish.payloadLength() < BulkPublisher.NUMBER_LENGTH ? -1 : buffer.getLong(publish.payloadOffset()));
        if (publish.qos() == 0) {
            return;
        }
        if (wire.room() < AckEncoder.length(version, 0)) {
            wire.flush();
        }
        wire.advance(AckEncoder.encode(wire.out(), wire.end(), version, PacketType.PUBACK, publish.packetId(), 0));
    }

    private void onNumber(final long number) throws IOException {
        if (number < 0 || number >= count) {
            throw new IOException("the broker sent a message that is none of the " + count);
        }
        if (seen.get((int) number)) {
            throw new IOException("message " + number + " of " + count + " came twice");
        }
        if (isOrdered && number < last) {
            throw new IOException("message " + number + " of " + count + " came behind " + last);
        }
        seen.set((int) number);
        last = (int) number;
        received++;
    }
}
