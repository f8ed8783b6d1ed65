package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JVM counts the bytes that a thread allocates: decoders and the encoders of the broker must add none. */
final class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 1_000;

    private final PacketInspector inspector = new PacketInspector();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[512]);
    private final UnsafeBuffer topic = Bytes.buffer("'a/b'");
    private final UnsafeBuffer block = Bytes.buffer(Golden.FORWARDABLE);
    private final UnsafeBuffer payload = Bytes.buffer("'hi'");
    private byte[] seen;
    private final ConnackEncoder connack = new ConnackEncoder();

    /** What classes allocate when they are loaded is gone after the first call; so the best of some tries counts. */
    private static long leastAllocatedBytes(final Runnable work) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            work.run();
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** What the measurement itself costs, which some JVMs count. */
    private static void assertNothingAllocated(final Runnable work) {
        final long overhead = leastAllocatedBytes(() -> {});
        assertEquals(0, Math.max(0, leastAllocatedBytes(work) - overhead));
    }

    @Test
    void shouldSeeAnAllocation() {
        assertTrue(leastAllocatedBytes(() -> seen = new byte[100]) >= 100);
    }

    static List<Golden.Packet> packets() {
        return Golden.ALL;
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldDecodeWithoutAllocation(final Golden.Packet packet) {
        final UnsafeBuffer buffer = new UnsafeBuffer(packet.bytes());
        final ProtocolVersion version = packet.version();

        assertNothingAllocated(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                inspector.decode(buffer, 0, buffer.capacity(), version);
            }
        });
    }

    @Test
    void shouldEncodeWithoutAllocation() {
        assertNothingAllocated(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                encode(ProtocolVersion.V3_1_1);
                encode(ProtocolVersion.V5);
            }
        });
    }

    private void encode(final ProtocolVersion version) {
        PublishEncoder.encode(target, 0, version, 2, 10, topic, 0, 3, block, 0, block.capacity(), 60, payload, 0, 2);
        AckEncoder.encode(target, 0, version, PacketType.PUBACK, 10, ReasonCode.NO_MATCHING_SUBSCRIBERS);
        SubackEncoder.encode(target, 0, version, 10, payload, 0, 2);
        UnsubackEncoder.encode(target, 0, version, 10, payload, 0, 2);
        DisconnectEncoder.encode(target, 0, version, ReasonCode.SERVER_SHUTTING_DOWN);
        PingEncoder.pingresp(target, 0);
        connack.wrap(target, 0, version)
                .sessionPresent(true)
                .reasonCode(0)
                .receiveMaximum(100)
                .assignedClientId(topic, 0, 3)
                .sharedAvailable(false)
                .finish();
    }

    @Test
    void shouldReadPropertiesWithoutAllocation() {
        final UnsafeBuffer buffer = Bytes.buffer(Golden.PUBLISH_5_FULL);
        inspector.publish.wrap(buffer, 0, buffer.capacity(), ProtocolVersion.V5);
        final Properties properties = inspector.publish.properties();

        assertNothingAllocated(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                properties.rewind();
                while (properties.nextUserProperty()) {}
                properties.copyForwardable(target, 0);
            }
        });
    }
}
