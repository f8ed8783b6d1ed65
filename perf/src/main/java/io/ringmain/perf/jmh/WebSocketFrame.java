package io.ringmain.perf.jmh;

import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.io.AddressSet;
import io.ringmain.engine.io.Channel;
import io.ringmain.engine.io.websocket.WebSocketLayer;
import io.ringmain.engine.io.websocket.WebSocketOptions;
import io.ringmain.protocol.websocket.AllowedOrigins;
import io.ringmain.protocol.websocket.UpgradeRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Bytes of MQTT in frames, through the connection as the broker has it: a client's frame of 16 that one read brings,
 * unmasked; and one that is written, with a write of its own.
 */
@State(Scope.Thread)
public class WebSocketFrame {
    private static final int BATCH = 16;
    private static final int MAX_FRAME = 1 << 20;
    private static final int MAX_HEADER_LENGTH = 14;
    private static final String REQUEST = String.join(
            "\r\n",
            "GET /mqtt HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: mqtt",
            "Sec-WebSocket-Version: 13",
            "",
            "");

    /** Bytes of payload: a small PUBLISH, or a large one. */
    @Param({"88", "16384"})
    public int length = 88;

    private final MemoryChannel socket = new MemoryChannel(false);
    private final WebSocketOptions options = new WebSocketOptions(
            new UpgradeRules("/mqtt", new AllowedOrigins(List.of())),
            AddressSet.NONE,
            8192,
            100,
            MAX_FRAME,
            MAX_FRAME,
            5);
    private final Channel channel = new WebSocketLayer(options, new Counters()).over(socket);
    private ByteBuffer frames;
    private ByteBuffer target;
    private ByteBuffer source;

    @Setup
    public void setup() throws IOException {
        target = ByteBuffer.allocateDirect(REQUEST.length() + BATCH * (MAX_HEADER_LENGTH + length));
        source = ByteBuffer.allocateDirect(length);
        frames = frames();
        socket.send(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
        channel.read(target.clear());
        channel.opened();
        if (socket.receivedBytes() == 0) {
            throw new IllegalStateException("the request was not answered");
        }
    }

    /** As a client sends them, each masked with a key of its own. */
    private ByteBuffer frames() {
        final SplittableRandom random = new SplittableRandom(1);
        final ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH * (MAX_HEADER_LENGTH + length));
        final byte[] masked = new byte[length];
        for (int i = 0; i < BATCH; i++) {
            bytes.put((byte) 0x82);
            if (length < 126) {
                bytes.put((byte) (0x80 | length));
            } else {
                bytes.put((byte) (0x80 | 126)).putShort((short) length);
            }
            random.nextBytes(masked);
            bytes.putInt(random.nextInt()).put(masked);
        }
        return bytes.flip().slice();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int in() throws IOException {
        socket.send(frames);
        return channel.read(target.clear());
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int out() throws IOException {
        int written = 0;
        for (int i = 0; i < BATCH; i++) {
            written += channel.write(source.clear());
        }
        return written;
    }

    /** Bytes that the client was sent, with the headers. */
    long receivedBytes() {
        return socket.receivedBytes();
    }
}
