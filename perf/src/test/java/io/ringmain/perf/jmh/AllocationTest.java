package io.ringmain.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The hot path allocates nothing: the benchmarks' own operations, measured by the JVM's count for this thread. */
class AllocationTest {
    private static final int WARM_UP = 100_000;
    private static final int OPERATIONS = 200_000;

    /** An operation. */
    private interface Operation {
        void run() throws Exception;
    }

    private static void assertAllocatesNothing(final Operation operation) throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < WARM_UP; i++) {
            operation.run();
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < OPERATIONS; i++) {
            operation.run();
        }
        final double perOperation = (threads.getCurrentThreadAllocatedBytes() - before) / (double) OPERATIONS;
        assertTrue(perOperation < 1, perOperation + " bytes per operation");
    }

    @Test
    void shouldDecodeAndEncodeWithoutGarbage() throws Exception {
        final PublishPacket packet = new PublishPacket();
        packet.setup();
        assertAllocatesNothing(packet::decode);
        assertAllocatesNothing(packet::encode);
    }

    @Test
    void shouldMatchWithoutGarbage() throws Exception {
        final TopicMatch match = new TopicMatch();
        match.setup();
        assertAllocatesNothing(match::match);
    }

    @Test
    void shouldPassTheRingWithoutGarbage() throws Exception {
        assertAllocatesNothing(new RingHop()::claimAndPoll);
    }

    @Test
    void shouldAppendWithoutGarbage() throws Exception {
        final JournalAppend append = new JournalAppend();
        append.setup();
        try {
            assertAllocatesNothing(append::blocksOf1);
        } finally {
            append.tearDown();
        }
    }
}
