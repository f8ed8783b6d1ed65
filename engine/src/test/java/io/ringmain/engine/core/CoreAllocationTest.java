package io.ringmain.engine.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.ringmain.engine.event.EventHeader;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Publishing, delivering and acknowledging allocate nothing once everything has its size. */
class CoreAllocationTest {
    private static final int ROUNDS = 2000;

    private final BrokerCore core = new BrokerCore(new CoreLimits(), new SilentOutput());
    private final CoreRig rig = new CoreRig(this::apply);
    private final byte[][] round = new byte[8][];
    private int recorded = -1;
    private long position;

    private void apply(final UnsafeBuffer buffer, final int offset) {
        if (recorded >= 0) {
            round[recorded] = new byte[EventHeader.length(buffer, offset)];
            buffer.getBytes(offset, round[recorded++]);
        } else {
            core.onEvent(buffer, offset);
            position = EventHeader.nextPosition(buffer, offset);
        }
    }

    @Test
    void shouldNotAllocateOnPublishAndAcknowledgement() {
        rig.connectKept(1, "publisher");
        rig.connectKept(2, "subscriber");
        rig.connectKept(3, "away");
        rig.subscribe(2, 1, "s/+/t", 2);
        rig.subscribe(3, 1, "s/#", 1);
        rig.disconnect(3, 0);
        recorded = 0;
        rig.publish(1, 0, 0, "s/1/t", "payload");
        rig.retain(1, 1, 1, "s/1/t", "payload");
        rig.publish(1, 2, 2, "s/1/t", "payload");
        rig.ack(1, CoreRig.PUBREL, 2);
        rig.ack(2, CoreRig.PUBACK, 1);
        rig.ack(2, CoreRig.PUBREC, 2);
        rig.ack(2, CoreRig.PUBCOMP, 2);
        final int events = recorded;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
        play(buffer, events, 70_000);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        final long after = threads.getCurrentThreadAllocatedBytes();
        play(buffer, events, ROUNDS);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - after - (after - before);
        assertEquals(0, allocated / ROUNDS, "bytes per round, of " + allocated);
        assertEquals(0, core.inFlightCount("subscriber"));
        assertEquals(0, core.pendingCount("subscriber"));
        assertEquals(new CoreLimits().queuedMessages(), core.pendingCount("away"));
    }

    private void play(final UnsafeBuffer buffer, final int events, final int rounds) {
        for (int i = 0; i < rounds; i++) {
            for (int event = 0; event < events; event++) {
                buffer.wrap(round[event]);
                EventHeader.stamp(buffer, 0, position, rig.nowNs());
                patchPacketId(buffer, event);
                core.onEvent(buffer, 0);
                position = EventHeader.isTransient(buffer, 0) ? position : EventHeader.nextPosition(buffer, 0);
            }
        }
    }

    private long deliveries;

    /** The acknowledgements of a subscriber name the packet ids that run on. */
    private void patchPacketId(final UnsafeBuffer buffer, final int event) {
        if (event >= 4) {
            final long number = event == 4 ? deliveries++ : event == 5 ? deliveries : deliveries++;
            buffer.putShort(
                    EventHeader.HEADER_LENGTH + 6, (short) (number % 65535 + 1), java.nio.ByteOrder.LITTLE_ENDIAN);
        }
    }
}
