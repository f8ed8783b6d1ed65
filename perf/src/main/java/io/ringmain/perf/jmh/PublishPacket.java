package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishDecoder;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Decoding and encoding a PUBLISH with a topic of 20 and a payload of 64 bytes: another packet id each time, and one of 16
 * topics.
 */
@State(Scope.Thread)
public class PublishPacket {
    private static final int PACKETS = 256;
    private static final int SLOT_LENGTH = 128;
    private static final int TOPICS = 16;

    @Param({"V3_1_1", "V5"})
    public ProtocolVersion version = ProtocolVersion.V3_1_1;

    private final UnsafeBuffer packets = new UnsafeBuffer(ByteBuffer.allocateDirect(PACKETS * SLOT_LENGTH));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(256));
    private final PublishDecoder decoder = new PublishDecoder();

    // What is encoded comes from memory: constants would be folded into the code that is measured.
    private final UnsafeBuffer[] topics = new UnsafeBuffer[PACKETS];
    private final int[] packetIds = new int[PACKETS];
    private final int[] lengths = new int[PACKETS];
    private int flags = 2;
    private int propertiesLength;
    private int payloadLength = Events.PAYLOAD.capacity();
    private int next;

    @Setup
    public void setup() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < PACKETS; i++) {
            topics[i] = Events.bytes("plant/line-07/rpm/" + random.nextInt(10, 10 + TOPICS));
            packetIds[i] = random.nextInt(1, 1 << 16);
            lengths[i] = encodeInto(packets, i * SLOT_LENGTH, i);
        }
    }

    private int encodeInto(final UnsafeBuffer buffer, final int offset, final int packet) {
        final UnsafeBuffer topic = topics[packet];
        return PublishEncoder.encode(
                buffer,
                offset,
                version,
                flags,
                packetIds[packet],
                topic,
                0,
                topic.capacity(),
                topic,
                0,
                propertiesLength,
                PublishEncoder.NO_EXPIRY,
                Events.PAYLOAD,
                0,
                payloadLength);
    }

    private int nextPacket() {
        next = next + 1 & PACKETS - 1;
        return next;
    }

    @Benchmark
    public int decode() {
        final int packet = nextPacket();
        return decoder.wrap(packets, packet * SLOT_LENGTH, lengths[packet], version)
                + decoder.topicOffset()
                + decoder.payloadLength();
    }

    @Benchmark
    public int encode() {
        return encodeInto(target, 0, nextPacket());
    }
}
