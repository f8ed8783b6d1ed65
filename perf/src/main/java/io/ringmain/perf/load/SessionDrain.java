package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PacketType;
import io.ringmain.protocol.mqtt.PublishDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A client that comes back to its session and takes what has waited there, as fast as a window lets it. */
final class SessionDrain implements Wire.PacketHandler {
    private static final int BUFFER_LENGTH = 1 << 20;
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long KEPT = 0xFFFF_FFFFL;

    private final PublishDecoder publish = new PublishDecoder();
    private Wire wire;
    private long received;
    private long bytes;

    /** Returns the seconds from the CONNECT to the last message. */
    static double drain(final int port, final String clientId, final int window, final long count) throws IOException {
        return new SessionDrain().run(port, clientId, window, count);
    }

    private double run(final int port, final String clientId, final int window, final long count) throws IOException {
        try (Selector selector = Selector.open()) {
            wire = new Wire(null, new InetSocketAddress("127.0.0.1", port), BUFFER_LENGTH, selector, this);
            wire.advance(new ConnectEncoder()
                    .wrap(wire.out(), wire.end(), ProtocolVersion.V5)
                    .clientId(clientId)
                    .cleanStart(false)
                    .sessionExpiry(KEPT)
                    .receiveMaximum(window)
                    .finish());
            final long startNs = System.nanoTime();
            long lastNs = startNs;
            while (received < count) {
                final long before = received;
                wire.flush();
                selector.select(100);
                for (final SelectionKey key : selector.selectedKeys()) {
                    if (key.isReadable() && !wire.read(this)) {
                        throw new IOException("the broker has closed the connection after " + received);
                    }
                }
                selector.selectedKeys().clear();
                lastNs = received > before ? System.nanoTime() : lastNs;
                if (System.nanoTime() - lastNs > STALL_NS) {
                    throw new IOException("no message for a minute, after " + received + " of " + count);
                }
            }
            wire.flush();
            final double seconds = (System.nanoTime() - startNs) / 1e9;
            wire.close();
            return seconds;
        }
    }

    @Override
    public void onPacket(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
        switch (Framing.packetType(buffer.getByte(offset))) {
            case PacketType.CONNACK -> checkSession(buffer.getByte(offset + 2));
            case PacketType.PUBLISH -> onPublish(buffer, offset, length);
            default -> throw new IOException("unexpected packet " + buffer.getByte(offset));
        }
    }

    private static void checkSession(final byte acknowledgeFlags) throws IOException {
        if (acknowledgeFlags != 1) {
            throw new IOException("the broker has no session");
        }
    }

    private void onPublish(final UnsafeBuffer buffer, final int offset, final int length) throws IOException {
        if (publish.wrap(buffer, offset, length, ProtocolVersion.V5) != 0) {
            throw new IOException("the broker sent a malformed PUBLISH");
        }
        received++;
        bytes += publish.payloadLength();
        if (wire.room() < AckEncoder.length(ProtocolVersion.V5, 0)) {
            wire.flush();
        }
        wire.advance(AckEncoder.encode(
                wire.out(), wire.end(), ProtocolVersion.V5, PacketType.PUBACK, publish.packetId(), 0));
    }

    /** Bytes of payload that came. */
    long bytes() {
        return bytes;
    }
}
