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
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A client that takes a known number of messages that are there already, as fast as they come, and acknowledges them. */
final class MessageDrain implements Wire.PacketHandler {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long KEPT = 0xFFFF_FFFFL;

    private final ProtocolVersion version;
    private final boolean resumes;
    private final PublishDecoder publish = new PublishDecoder();
    private Wire wire;
    private boolean isConnected;
    private long received;

    private MessageDrain(final ProtocolVersion version, final boolean resumes) {
        this.version = version;
        this.resumes = resumes;
    }

    /** Comes back to a session and takes what waits there; returns the seconds from CONNECT to the last message. */
    static double resume(final int port, final String clientId, final int window, final long count) throws IOException {
        final MessageDrain drain = new MessageDrain(ProtocolVersion.V5, true);
        try (Selector selector = Selector.open()) {
            drain.open(new InetSocketAddress("127.0.0.1", port), selector);
            final long startNs = System.nanoTime();
            drain.connect(new ConnectEncoder()
                    .wrap(drain.wire.out(), drain.wire.end(), drain.version)
                    .clientId(clientId)
                    .cleanStart(false)
                    .sessionExpiry(KEPT)
                    .receiveMaximum(window));
            drain.take(selector, count);
            return seconds(startNs);
        } finally {
            drain.close();
        }
    }

    /**
     * Subscribes, and takes what the broker has for that filter, as an MQTT 3.1.1 client whose window is the broker's
     * choice; returns the seconds from SUBSCRIBE to the last message.
     */
    static double subscribe(final String host, final int port, final String filter, final int qos, final long count)
            throws IOException {
        final MessageDrain drain = new MessageDrain(ProtocolVersion.V3_1_1, false);
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
            drain.take(selector, count);
            return seconds(startNs);
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

    private void take(final Selector selector, final long count) throws IOException {
        long lastNs = System.nanoTime();
        while (received < count) {
            final long before = received;
            poll(selector);
            lastNs = received > before ? System.nanoTime() : lastNs;
            if (System.nanoTime() - lastNs > STALL_NS) {
                throw new IOException("no message for a minute, after " + received + " of " + count);
            }
        }
        wire.flush();
        if (received > count) {
            throw new IOException(received + " messages came instead of " + count);
        }
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
        received++;
        if (publish.qos() == 0) {
            return;
        }
        if (wire.room() < AckEncoder.length(version, 0)) {
            wire.flush();
        }
        wire.advance(AckEncoder.encode(wire.out(), wire.end(), version, PacketType.PUBACK, publish.packetId(), 0));
    }
}
