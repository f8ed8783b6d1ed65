package io.ringmain.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SlotRingTest {
    private static final int SLOTS = 64;
    private static final int SLOT_LENGTH = 64;
    private static final int MAX_LENGTH = 1000;
    private static final int EVENTS_PER_PRODUCER = 200_000;

    private final SlotRing ring = new SlotRing(SLOTS, SLOT_LENGTH, MAX_LENGTH);

    private static void fill(final UnsafeBuffer buffer, final int offset, final int length, final long number) {
        EventHeader.write(buffer, offset, length, 1, 0, 0, number);
        for (int i = EventHeader.HEADER_LENGTH; i < length; i++) {
            buffer.putByte(offset + i, (byte) (number + i));
        }
    }

    /** Checks every byte of every event, and that each producer's come in order. */
    private static final class Checker implements RingPoller.Handler {
        private final SlotRing ring;
        private final long[] next;
        private int seen;
        private int padding;

        Checker(final SlotRing ring, final int producers) {
            this.ring = ring;
            this.next = new long[producers];
        }

        @Override
        public boolean onEvent(final int offset, final int length) {
            if (EventHeader.type(ring.buffer(), offset) == EventType.PADDING) {
                padding++;
                return true;
            }
            final long number = EventHeader.connectionId(ring.buffer(), offset);
            final int producer = (int) (number % next.length);
            if (number / next.length != next[producer]++) {
                throw new AssertionError("event " + number + " out of order");
            }
            for (int i = EventHeader.HEADER_LENGTH; i < length; i++) {
                if (ring.buffer().getByte(offset + i) != (byte) (number + i)) {
                    throw new AssertionError("event " + number + " is damaged at byte " + i);
                }
            }
            seen++;
            return true;
        }
    }

    @Test
    void shouldKeepEventsOfAnyLengthWholeOverManyLaps() throws Exception {
        final RingPoller poller = ring.newPoller();
        ring.addGatingSequences(poller.sequence());
        final Checker checker = new Checker(ring, 1);
        final SplittableRandom random = new SplittableRandom(1);
        long number = 0;
        while (number < 20_000) {
            final int length = random.nextInt(EventHeader.HEADER_LENGTH, MAX_LENGTH + 1);
            final long sequence = ring.tryClaim(length);
            if (sequence == SlotRing.FULL || random.nextInt(5) == 0) {
                poller.poll(checker);
            }
            if (sequence != SlotRing.FULL) {
                fill(ring.buffer(), ring.offset(sequence), length, number++);
                ring.commit(sequence, length);
            }
        }
        poller.poll(checker);
        assertEquals(20_000, checker.seen);
    }

    @Test
    void shouldPadWhatAnEventDidNotNeedOfItsClaim() throws Exception {
        final RingPoller poller = ring.newPoller();
        ring.addGatingSequences(poller.sequence());
        final Checker checker = new Checker(ring, 1);
        final SplittableRandom random = new SplittableRandom(2);
        long number = 0;
        while (number < 20_000) {
            final int claim = random.nextInt(EventHeader.HEADER_LENGTH, MAX_LENGTH + 1);
            final long sequence = ring.tryClaim(claim);
            if (sequence == SlotRing.FULL) {
                poller.poll(checker);
            } else {
                final int length = random.nextInt(EventHeader.HEADER_LENGTH, claim + 1);
                fill(ring.buffer(), ring.offset(sequence), length, number++);
                ring.commit(sequence, claim);
            }
        }
        poller.poll(checker);
        assertEquals(20_000, checker.seen);
        assertTrue(checker.padding > 1000, "padding " + checker.padding);
    }

    @Test
    void shouldOrderTheEventsOfSeveralProducers() throws Exception {
        final int producers = 2;
        final RingPoller poller = ring.newPoller();
        ring.addGatingSequences(poller.sequence());
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread[] threads = new Thread[producers];
        for (int p = 0; p < producers; p++) {
            final int producer = p;
            threads[p] = new Thread(() -> produce(producer, producers));
            threads[p].setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            threads[p].start();
        }
        final Checker checker = new Checker(ring, producers);
        while (checker.seen < producers * EVENTS_PER_PRODUCER && failure.get() == null) {
            if (poller.poll(checker) == 0) {
                Thread.yield();
            }
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(null, failure.get());
    }

    private void produce(final int producer, final int producers) {
        final SplittableRandom random = new SplittableRandom(producer);
        for (long i = 0; i < EVENTS_PER_PRODUCER; i++) {
            final int length = random.nextInt(EventHeader.HEADER_LENGTH, 300);
            long sequence = ring.tryClaim(length);
            while (sequence == SlotRing.FULL) {
                Thread.yield();
                sequence = ring.tryClaim(length);
            }
            fill(ring.buffer(), ring.offset(sequence), length, i * producers + producer);
            ring.commit(sequence, length);
        }
    }

    @Test
    void shouldSayWhenItIsFullAndGoOnWhenItIsRead() throws Exception {
        final RingPoller poller = ring.newPoller();
        ring.addGatingSequences(poller.sequence());
        final Checker checker = new Checker(ring, 1);
        long number = 0;
        for (long sequence = ring.tryClaim(64); sequence != SlotRing.FULL; sequence = ring.tryClaim(64)) {
            fill(ring.buffer(), ring.offset(sequence), 64, number++);
            ring.commit(sequence, 64);
        }
        assertEquals(SLOTS, number);
        poller.poll(checker);
        assertEquals(SLOTS, ring.tryClaim(64));
    }

    @Test
    void shouldRefuseWhatCantFit() {
        assertThrows(IllegalArgumentException.class, () -> ring.tryClaim(MAX_LENGTH + 1));
        assertThrows(IllegalArgumentException.class, () -> new SlotRing(64, 64, 64 * 64 / 2));
        assertThrows(IllegalArgumentException.class, () -> new SlotRing(63, 64, 64));
    }
}
