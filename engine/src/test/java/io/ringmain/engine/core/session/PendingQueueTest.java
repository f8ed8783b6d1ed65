package io.ringmain.engine.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringmain.engine.core.state.IdentifierSets;
import io.ringmain.engine.core.state.MessageRef;
import io.ringmain.engine.core.state.StateDigest;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private final StateDigest digest = new StateDigest();
    private final PendingQueue queue = new PendingQueue(digest, new IdentifierSets(digest), 7);
    private final MessageRef message = new MessageRef();

    private void add(final long position) {
        queue.add(message.set(position, position + 1, 100, 10, 3).flags(4));
    }

    @Test
    void shouldGiveBackWhatWasPutInOldestFirst() {
        final ArrayDeque<Long> model = new ArrayDeque<>();
        final SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < 100_000; i++) {
            if (random.nextInt(100) < (i < 50_000 ? 55 : 45)) {
                add(i);
                model.add(i);
            } else if (!queue.isEmpty()) {
                assertEquals(model.poll(), queue.poll(message).position());
                assertEquals(message.position() + 1, message.expiryDeadlineNs());
            }
            assertEquals(model.size(), queue.count());
            assertEquals(100L * model.size(), queue.bytes());
        }
        assertEquals(queue.contentHash(), digest.value());
    }

    @Test
    void shouldKeepTheOrderWhenBothEndsMoveAcrossManyChunks() {
        final ArrayDeque<Long> model = new ArrayDeque<>();
        final SplittableRandom random = new SplittableRandom(2);
        // Drifts up to some ten thousands and down again, several times; a third of what is added goes to the front.
        for (long i = 1; i < 600_000; i++) {
            final boolean rising = i / 60_000 % 2 == 0;
            if (random.nextInt(100) < (rising ? 70 : 25)) {
                if (random.nextInt(3) == 0) {
                    queue.addFirst(message.set(i, 0, 100, 10, 3).flags(4));
                    model.addFirst(i);
                } else {
                    add(i);
                    model.addLast(i);
                }
            } else if (!queue.isEmpty()) {
                assertEquals(model.poll(), queue.poll(message).position());
            }
            if (i % 50_000 == 0) {
                assertHolds(model);
            }
        }
        queue.clear();
        assertEquals(0, digest.value());
    }

    private void assertHolds(final ArrayDeque<Long> model) {
        assertEquals(model.size(), queue.count());
        long sequence = queue.headSequence();
        for (final Long position : model) {
            assertEquals(position, queue.get(sequence++, message).position());
        }
        assertEquals(queue.tailSequence(), sequence);
        assertEquals(queue.contentHash(), digest.value());
    }

    @Test
    void shouldGoOnWhereASnapshotSaysWhateverItHeldBefore() {
        for (final int before : new int[] {0, 5, 1024, 5000}) {
            for (int i = 0; i < before; i++) {
                add(i);
            }
            while (!queue.isEmpty()) {
                queue.poll(message);
            }
            for (final long start : new long[] {0, 1023, 1024, 7_000_000_001L, -3}) {
                queue.restoreAt(start, before);
                for (int i = 0; i < 3000; i++) {
                    add(i);
                }
                assertEquals(start, queue.headSequence());
                assertEquals(1500, queue.get(start + 1500, message).position());
                for (int i = 0; i < 3000; i++) {
                    assertEquals(i, queue.poll(message).position());
                }
                assertEquals(0, digest.value());
            }
        }
    }

    @Test
    void shouldAllocateNothingWhileItGoesUpAndDownByLessThanAChunk() {
        for (int i = 0; i < 20_000; i++) {
            add(i);
        }
        goDownAndUp(100);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        goDownAndUp(1000);
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 16 << 10, bytes + " bytes for a million messages, half a chunk");
    }

    private void goDownAndUp(final int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 1000; i++) {
                queue.poll(message);
            }
            for (int i = 0; i < 1000; i++) {
                add(i);
            }
        }
    }

    @Test
    void shouldTakeLittleMoreThanThirtyTwoBytesForAMessageAndNeverCopyThem() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_200_000; i++) {
            add(i);
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < 1_200_000L * 32 + (256 << 10), bytes + " bytes were allocated on the way");
    }

    @Test
    void shouldKeepEverythingOfAMessage() {
        queue.add(message.set(1L << 40, 2L << 50, 300, 200, 100).flags(15));
        message.set(0, 0, 0, 0, 0).flags(0);
        queue.poll(message);
        assertEquals(1L << 40, message.position());
        assertEquals(2L << 50, message.expiryDeadlineNs());
        assertEquals(300, message.length());
        assertEquals(200, message.contentLength());
        assertEquals(100, message.propertiesLength());
        assertEquals(15, message.flags());
    }

    @Test
    void shouldTellOrdersApartInTheDigest() {
        add(1);
        add(2);
        final long oneTwo = digest.value();
        queue.clear();
        assertEquals(0, digest.value());
        add(2);
        add(1);
        assertNotEquals(oneTwo, digest.value());
    }

    @Test
    void shouldNumberAnewWhenEmpty() {
        add(1);
        queue.poll(message);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.tailSequence());
        queue.trim();
        add(2);
        assertEquals(2, queue.poll(message).position());
    }
}
