package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding and encoding a PUBLISH with a topic of 20 and a payload of 64 bytes. */
@State(Scope.Thread)
public class PublishPacket {
    private static final int PAYLOAD_LENGTH = 64;

    @Param({"V3_1_1", "V5"})
    public ProtocolVersion version = ProtocolVersion.V3_1_1;

    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final UnsafeBuffer topic = new UnsafeBuffer("plant/line-07/rpm/01".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
    private final PublishDecoder decoder = new PublishDecoder();
    private int length;

    @Setup
    public void setup() {
        length = encodeInto(packet);
    }

    private int encodeInto(final UnsafeBuffer buffer) {
        return PublishEncoder.encode(
                buffer,
                0,
                version,
                2,
                7,
                topic,
                0,
                topic.capacity(),
                topic,
                0,
                0,
                PublishEncoder.NO_EXPIRY,
                payload,
                0,
                PAYLOAD_LENGTH);
    }

    @Benchmark
    public int decode() {
        return decoder.wrap(packet, 0, length, version) + decoder.topicOffset() + decoder.payloadLength();
    }

    @Benchmark
    public int encode() {
        return encodeInto(target);
    }
}
