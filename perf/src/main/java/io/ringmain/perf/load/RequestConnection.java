package io.ringmain.perf.load;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.protocol.mqtt.DisconnectEncoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** A connection that publishes one message after the other and waits for each answer; it counts the bytes both ways. */
abstract class RequestConnection implements AutoCloseable {
    private static final int ADDRESSES = 16;
    private static final int BUFFER_LENGTH = 4096;
    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private int length;
    private long sentBytes;
    private long receivedBytes;

    /** @param number of the connection; they come from several addresses, as one has too few ports for many. */
    RequestConnection(final InetSocketAddress server, final int number) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.bind(new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0));
            socket.connect(server);
            out = socket.getOutputStream();
            in = socket.getInputStream();
        } catch (final IOException ex) {
            socket.close();
            throw ex;
        }
    }

    /** Publishes a message, and returns when it is answered if there is an answer. */
    abstract void publish() throws IOException;

    /** Says good-bye if the protocol has a word for it, and waits until everything has been taken. */
    abstract void finish() throws IOException;

    final void send(final byte[] bytes) throws IOException {
        out.write(bytes);
        sentBytes += bytes.length;
    }

    /** Waits for exactly this many bytes. */
    final void receive(final int count) throws IOException {
        length = 0;
        while (length < count) {
            receiveSome();
        }
        if (length > count) {
            throw new IOException((length - count) + " bytes too many came");
        }
    }

    /** Waits until what came ends with these bytes. */
    final void receiveUntil(final byte[] end) throws IOException {
        length = 0;
        while (length < end.length || !Arrays.equals(buffer, length - end.length, length, end, 0, end.length)) {
            receiveSome();
        }
    }

    /** Waits for the other side to close. */
    final void receiveEnd() throws IOException {
        if (in.read() >= 0) {
            throw new IOException("bytes came behind the last answer");
        }
    }

    private void receiveSome() throws IOException {
        final int count = in.read(buffer, length, buffer.length - length);
        if (count <= 0) {
            throw new EOFException("the connection was closed after " + length + " bytes of an answer");
        }
        length += count;
        receivedBytes += count;
    }

    /** A byte of the last answer. */
    final int answer(final int index) {
        return buffer[index] & 0xFF;
    }

    final long sentBytes() {
        return sentBytes;
    }

    final long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** POST with the fewest headers that HTTP/1.1 allows, and a type; answered by 204. */
    static final class Http extends RequestConnection {
        private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] STATUS = "HTTP/1.1 204".getBytes(StandardCharsets.US_ASCII);

        private final byte[] request;

        Http(final InetSocketAddress server, final int number, final String topic, final int payloadLength)
                throws IOException {
            super(server, number);
            final byte[] head = ("POST /" + topic + " HTTP/1.1\r\nHost: " + server.getHostString() + ":"
                            + server.getPort() + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                            + payloadLength + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            request = Arrays.copyOf(head, head.length + payloadLength);
        }

        @Override
        void publish() throws IOException {
            send(request);
            receiveUntil(END);
            for (int i = 0; i < STATUS.length; i++) {
                if (answer(i) != STATUS[i]) {
                    throw new IOException("the HTTP endpoint did not answer with 204");
                }
            }
        }

        @Override
        void finish() {}
    }

    /** MQTT 3.1.1; QoS 0 has no answer but that the broker closes after the last message. */
    static final class Mqtt extends RequestConnection {
        private static final ProtocolVersion VERSION = ProtocolVersion.V3_1_1;
        private static final int CONNACK_LENGTH = 4;
        private static final int PUBACK_LENGTH = 4;

        private final int qos;
        private final byte[] packet;
        private final int packetIdOffset;
        private int packetId;

        /** Connects, CONNACK included. */
        Mqtt(
                final InetSocketAddress server,
                final int number,
                final String topic,
                final int payloadLength,
                final int qos)
                throws IOException {
            super(server, number);
            this.qos = qos;
            this.packet = packet(topic, payloadLength, qos);
            this.packetIdOffset = PublishEncoder.packetIdOffset(packet.length, topic.length());
            send(connect(number));
            receive(CONNACK_LENGTH);
            if (answer(CONNACK_LENGTH - 1) != 0) {
                throw new IOException("the broker refused the connection with " + answer(CONNACK_LENGTH - 1));
            }
        }

        private static byte[] connect(final int number) {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
            final int length = new ConnectEncoder()
                    .wrap(buffer, 0, VERSION)
                    .clientId("bench-press-" + number)
                    .cleanStart(true)
                    .finish();
            return Arrays.copyOf(buffer.byteArray(), length);
        }

        private static byte[] packet(final String topic, final int payloadLength, final int qos) {
            final UnsafeBuffer name = new UnsafeBuffer(topic.getBytes(StandardCharsets.US_ASCII));
            final UnsafeBuffer payload = new UnsafeBuffer(new byte[payloadLength]);
            final int length = PublishEncoder.length(
                    VERSION, qos << 1, name.capacity(), 0, PublishEncoder.NO_EXPIRY, payloadLength);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
            PublishEncoder.encode(
                    buffer,
                    0,
                    VERSION,
                    qos << 1,
                    1,
                    name,
                    0,
                    name.capacity(),
                    name,
                    0,
                    0,
                    PublishEncoder.NO_EXPIRY,
                    payload,
                    0,
                    payloadLength);
            return buffer.byteArray();
        }

        @Override
        void publish() throws IOException {
            if (qos == 0) {
                send(packet);
                return;
            }
            packetId = packetId % 0xFFFF + 1;
            packet[packetIdOffset] = (byte) (packetId >> 8);
            packet[packetIdOffset + 1] = (byte) packetId;
            send(packet);
            receive(PUBACK_LENGTH);
            if ((answer(2) << 8 | answer(3)) != packetId) {
                throw new IOException("the broker acknowledged another message");
            }
        }

        @Override
        void finish() throws IOException {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
            send(Arrays.copyOf(buffer.byteArray(), DisconnectEncoder.encode(buffer, 0, VERSION, 0)));
            receiveEnd();
        }
    }
}
