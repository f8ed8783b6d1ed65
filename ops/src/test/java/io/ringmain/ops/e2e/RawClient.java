package io.ringmain.ops.e2e;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PublishEncoder;
import io.ringmain.protocol.mqtt.SubscribeEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/** A socket and bytes: for what no real client would do. */
final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[2 << 20]);

    RawClient(final int port) throws IOException {
        socket = new Socket(BrokerProcess.HOST, port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MS);
        in = socket.getInputStream();
    }

    /** Connects with MQTT and takes the CONNACK. */
    static RawClient connected(
            final int port, final ProtocolVersion version, final UnaryOperator<ConnectEncoder> connect)
            throws IOException {
        final RawClient client = new RawClient(port);
        client.connect(version, connect);
        final byte[] connack = client.packet();
        if (connack[0] != 0x20 || connack[3] != 0) {
            throw new AssertionError("CONNACK " + HexFormat.of().formatHex(connack));
        }
        return client;
    }

    void connect(final ProtocolVersion version, final UnaryOperator<ConnectEncoder> connect) throws IOException {
        send(connect.apply(new ConnectEncoder().wrap(scratch, 0, version)).finish());
    }

    void subscribe(final ProtocolVersion version, final int packetId, final String filter, final int qos)
            throws IOException {
        send(new SubscribeEncoder()
                .wrap(scratch, 0, version, packetId)
                .add(filter, qos)
                .finish());
    }

    void publish(
            final ProtocolVersion version,
            final int flags,
            final int packetId,
            final String topic,
            final byte[] payload)
            throws IOException {
        final UnsafeBuffer name = new UnsafeBuffer(topic.getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer content = new UnsafeBuffer(payload);
        send(PublishEncoder.encode(
                scratch,
                0,
                version,
                flags,
                packetId,
                name,
                0,
                name.capacity(),
                name,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                content,
                0,
                payload.length));
    }

    private void send(final int length) throws IOException {
        socket.getOutputStream().write(scratch.byteArray(), 0, length);
    }

    RawClient send(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    RawClient sendHex(final String hex) throws IOException {
        return send(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** So many bytes, or fewer at the end of the connection. */
    byte[] read(final int count) throws IOException {
        return in.readNBytes(count);
    }

    /** The next packet. */
    byte[] packet() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int length = Framing.INCOMPLETE;
        while (length == Framing.INCOMPLETE) {
            final int b = in.read();
            if (b < 0) {
                throw new IOException("closed");
            }
            bytes.write(b);
            final byte[] head = bytes.toByteArray();
            length = Framing.packetLength(new UnsafeBuffer(head), 0, head.length, Framing.MAX_VAR_INT);
        }
        bytes.write(in.readNBytes(length - bytes.size()));
        return bytes.toByteArray();
    }

    /** The next packet must be this one. */
    void expect(final String hex) throws IOException {
        final byte[] packet = packet();
        if (!Arrays.equals(packet, HexFormat.of().parseHex(hex.replace(" ", "")))) {
            throw new AssertionError(
                    "expected " + hex + ", got " + HexFormat.of().formatHex(packet));
        }
    }

    /** All bytes up to the end of the connection, in hexadecimal. */
    String untilClosed() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                bytes.write(b);
            }
        } catch (final SocketException ex) {
            // A reset ends a connection as well.
        }
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
