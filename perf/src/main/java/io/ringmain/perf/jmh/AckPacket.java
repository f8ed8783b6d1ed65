package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.mqtt.AckDecoder;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.PacketType;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding and encoding a PUBACK, another one each time; with MQTT 5 one in 16 has something else to say than success. */
@State(Scope.Thread)
public class AckPacket {
    private static final int PACKETS = 1024;
    private static final int SLOT_LENGTH = 8;
    private static final int REASONS = 16;

    @Param({"V3_1_1", "V5"})
    public ProtocolVersion version = ProtocolVersion.V3_1_1;

    private final UnsafeBuffer packets = new UnsafeBuffer(ByteBuffer.allocateDirect(PACKETS * SLOT_LENGTH));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
    private final AckDecoder decoder = new AckDecoder();

    // What is encoded comes from memory: constants would be folded into the code that is measured.
    private final int[] packetIds = new int[PACKETS];
    private final int[] reasonCodes = new int[PACKETS];
    private final int[] lengths = new int[PACKETS];
    private int packetType = PacketType.PUBACK;
    private int next;

    @Setup
    public void setup() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < PACKETS; i++) {
            packetIds[i] = random.nextInt(1, 1 << 16);
            reasonCodes[i] = version == ProtocolVersion.V5 && random.nextInt(REASONS) == 0
                    ? ReasonCode.NO_MATCHING_SUBSCRIBERS
                    : ReasonCode.SUCCESS;
            lengths[i] = AckEncoder.encode(packets, i * SLOT_LENGTH, version, packetType, packetIds[i], reasonCodes[i]);
        }
    }

    private int nextPacket() {
        next = next + 1 & PACKETS - 1;
        return next;
    }

    @Benchmark
    public int decode() {
        final int packet = nextPacket();
        return decoder.wrap(packets, packet * SLOT_LENGTH, lengths[packet], version)
                + decoder.packetId()
                + decoder.reasonCode();
    }

    @Benchmark
    public int encode() {
        final int packet = nextPacket();
        return AckEncoder.encode(target, 0, version, packetType, packetIds[packet], reasonCodes[packet]);
    }
}
