package io.ringmain.perf.jmh;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.AckDecoder;
import io.ringmain.protocol.mqtt.AckEncoder;
import io.ringmain.protocol.mqtt.PacketType;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding and encoding a PUBACK that says success. */
@State(Scope.Thread)
public class AckPacket {
    @Param({"V3_1_1", "V5"})
    public ProtocolVersion version = ProtocolVersion.V3_1_1;

    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(16));
    private final AckDecoder decoder = new AckDecoder();
    private int length;

    @Setup
    public void setup() {
        length = AckEncoder.encode(packet, 0, version, PacketType.PUBACK, 7, 0);
    }

    @Benchmark
    public int decode() {
        return decoder.wrap(packet, 0, length, version) + decoder.packetId() + decoder.reasonCode();
    }

    @Benchmark
    public int encode() {
        return AckEncoder.encode(target, 0, version, PacketType.PUBACK, 7, 0);
    }
}
