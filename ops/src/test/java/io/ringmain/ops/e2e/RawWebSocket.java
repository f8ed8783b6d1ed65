package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/** A WebSocket made of bytes, for what no real client would do. Its masking key is zero, so its frames can be read. */
final class RawWebSocket implements AutoCloseable {
    static final String GOOD = """
            GET /mqtt HTTP/1.1
            Host: 127.0.0.1
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Protocol: mqtt
            Sec-WebSocket-Version: 13

            """;

    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final int BINARY = 0x82;
    private static final int CLOSE = 0x88;

    private final RawClient socket;
    private byte[] carried = {};
    private int carriedAt;

    private RawWebSocket(final int port) throws IOException {
        socket = new RawClient(port);
    }

    /** Asks, and returns all of the answer up to the end of the connection. */
    static String refused(final int port, final String request) throws IOException {
        try (RawClient socket = new RawClient(port)) {
            socket.send(bytes(request));
            return new String(HexFormat.of().parseHex(socket.untilClosed()), StandardCharsets.US_ASCII);
        }
    }

    static byte[] bytes(final String request) {
        return request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    static RawWebSocket open(final int port) throws IOException {
        return open(port, GOOD);
    }

    static RawWebSocket open(final int port, final String request) throws IOException {
        final RawWebSocket webSocket = new RawWebSocket(port);
        webSocket.socket.send(bytes(request));
        final StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\n")) {
            final byte[] next = webSocket.socket.read(1);
            if (next.length == 0) {
                throw new IOException("closed after " + answer);
            }
            answer.append((char) next[0]);
        }
        assertEquals(
                "HTTP/1.1 101 Switching Protocols",
                answer.toString().lines().findFirst().orElse(""));
        return webSocket;
    }

    /** CONNECT of an MQTT 3.1.1 client with an id of its own. */
    static String connect() {
        final byte[] id = "w%05d".formatted(CLIENTS.incrementAndGet()).getBytes(StandardCharsets.US_ASCII);
        return "10 12 0004 4d515454 04 02 003c 0006 " + HexFormat.of().formatHex(id);
    }

    /** Connected with MQTT. */
    static RawWebSocket connected(final int port) throws IOException {
        return open(port).mqtt(connect()).expect("20 02 00 00");
    }

    private static byte[] hex(final String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    static byte[] frame(final int firstByte, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) firstByte);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length <= 0xFFFF) {
            frame.put((byte) 0xFE).putShort((short) payload.length);
        } else {
            frame.put((byte) 0xFF).putLong(payload.length);
        }
        return Arrays.copyOf(frame.putInt(0).put(payload).array(), frame.position());
    }

    RawWebSocket send(final byte[] bytes) throws IOException {
        socket.send(bytes);
        return this;
    }

    RawWebSocket sendHex(final String hex) throws IOException {
        return send(hex(hex));
    }

    /** Sends bytes of MQTT in one frame. */
    RawWebSocket mqtt(final String hex) throws IOException {
        return send(frame(BINARY, hex(hex)));
    }

    /** The next frame must hold a CONNACK that lets the client in, and nothing else. */
    RawWebSocket expectConnack() throws IOException {
        final byte[] frame = frame();
        assertEquals("822", "%02x%x".formatted(frame[0], frame[1] >> 4), "not a CONNACK in a frame");
        assertEquals(0, frame[4], "the reason code");
        return this;
    }

    /** The next bytes of MQTT must be these. */
    RawWebSocket expect(final String hex) throws IOException {
        final ByteArrayOutputStream next = new ByteArrayOutputStream();
        final int length = hex(hex).length;
        while (next.size() < length) {
            if (carriedAt == carried.length) {
                final byte[] frame = frame();
                assertEquals(BINARY, frame[0] & 0xFF, "not a binary frame");
                carried = Arrays.copyOfRange(frame, 1, frame.length);
                carriedAt = 0;
            }
            final int count = Math.min(length - next.size(), carried.length - carriedAt);
            next.write(carried, carriedAt, count);
            carriedAt += count;
        }
        assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(next.toByteArray()));
        return this;
    }

    /** The next frame: its first byte, and its payload behind that. */
    private byte[] frame() throws IOException {
        final byte[] header = read(2);
        final int length = switch (header[1]) {
            case 126 -> ByteBuffer.wrap(read(2)).getShort() & 0xFFFF;
            case 127 -> (int) ByteBuffer.wrap(read(8)).getLong();
            default -> header[1];
        };
        assertEquals(0, header[1] & 0x80, "a server doesn't mask");
        return ByteBuffer.allocate(1 + length).put(header[0]).put(read(length)).array();
    }

    private byte[] read(final int count) throws IOException {
        final byte[] bytes = socket.read(count);
        if (bytes.length < count) {
            throw new IOException("closed");
        }
        return bytes;
    }

    /** The next frame must be this one. */
    RawWebSocket expectFrame(final int firstByte, final String payload) throws IOException {
        final byte[] frame = frame();
        assertEquals(firstByte, frame[0] & 0xFF);
        assertEquals(payload, new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8));
        return this;
    }

    /** What comes next is a Close frame with this code, and then the end of the connection. */
    void expectClosed(final int code) throws IOException {
        final byte[] frame = frame();
        assertEquals(
                CLOSE,
                frame[0] & 0xFF,
                () -> "not a Close frame: " + HexFormat.of().formatHex(frame));
        assertEquals(code, ByteBuffer.wrap(frame, 1, 2).getShort());
        assertEquals("", socket.untilClosed());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
