package io.ringmain.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.LivePositions;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogReader;
import io.ringmain.storage.log.LogUsage;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.log.RecordDescriptor;
import io.ringmain.storage.log.Retention;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.CachedEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JournalTest {
    /** A log that only counts, and fails when told to. */
    private static final class CountingLog implements MessageLog {
        private long appendPosition;
        private long forcedPosition;
        private int blocks;
        private boolean failing;
        private boolean faulting;
        private long remaining = Long.MAX_VALUE;

        @Override
        public long positionBefore(final long timestampNs) {
            return 0;
        }

        @Override
        public long segmentBefore(final long position) {
            return position > 0 ? 0 : -1;
        }

        @Override
        public long firstPosition() {
            return 0;
        }

        @Override
        public int truncate(
                final long lowWaterPosition, final LivePositions live, final Retention retention, final long nowNs) {
            return 0;
        }

        @Override
        public boolean isOverdue(final Retention retention, final long nowNs) {
            return false;
        }

        @Override
        public LogUsage usage() {
            return new LogUsage(1, 0, 0, 0, 0, 0);
        }

        @Override
        public void requestRoll(final long segmentFirstPosition) {}

        @Override
        public int maxRecordLength() {
            return 1 << 20;
        }

        @Override
        public long appendPosition() {
            return appendPosition;
        }

        @Override
        public long remainingBytes(final long wanted) {
            return remaining;
        }

        @Override
        public void beginBlock(final long timestampNs) {
            blocks++;
        }

        @Override
        public boolean append(final DirectBuffer buffer, final int offset, final int length) {
            if (failing) {
                throw new LogException("the disk is on fire");
            }
            appendPosition += RecordDescriptor.alignedLength(length);
            return true;
        }

        @Override
        public void endBlock() {
            if (faulting) {
                throw new InternalError("a fault occurred in an unsafe memory access operation");
            }
        }

        @Override
        public long force() {
            if (failing) {
                throw new LogException("the disk is on fire");
            }
            if (faulting) {
                throw new InternalError("a fault occurred in an unsafe memory access operation");
            }
            forcedPosition = appendPosition;
            return forcedPosition;
        }

        @Override
        public LogReader newReader() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private final CountingLog log = new CountingLog();
    private final SlotRing ring = new SlotRing(256, 64, 4096);
    private final Sequence journalled = new Sequence();
    private final Sequence commitPosition = new Sequence(0);
    private final Sequence nextDeadline = new Sequence(Long.MAX_VALUE);
    private final RingPoller core = ring.newPoller(journalled);
    private final LogSpace space = new LogSpace(1000);
    private final AtomicLong signalled = new AtomicLong();
    private final CachedEpochClock clock = new CachedEpochClock();
    private final Counters counters = new Counters();

    private JournalAgent journal(final Durability durability) {
        ring.addGatingSequences(core.sequence());
        return new JournalAgent(
                ring,
                log,
                durability,
                clock::time,
                journalled,
                commitPosition,
                core.sequence(),
                nextDeadline,
                space,
                counters);
    }

    private long publish(final int length, final int flags) {
        final long sequence = ring.tryClaim(length);
        EventHeader.write(ring.buffer(), ring.offset(sequence), length, EventType.PUBLISH, flags, 0, 1);
        ring.commit(sequence, length);
        return sequence;
    }

    @Test
    void shouldGiveEveryEventItsPositionAndLogAllButTransientOnes() throws Exception {
        final JournalAgent journal = journal(Durability.APPEND);
        clock.update(500);
        final long first = publish(100, 0);
        final long transientOne = publish(100, EventHeader.TRANSIENT);
        final long last = publish(100, 0);
        journal.doWork();
        assertEquals(0, EventHeader.position(ring.buffer(), ring.offset(first)));
        assertEquals(104, EventHeader.position(ring.buffer(), ring.offset(transientOne)));
        assertEquals(104, EventHeader.position(ring.buffer(), ring.offset(last)));
        assertEquals(500, EventHeader.timestampNs(ring.buffer(), ring.offset(last)));
        assertEquals(208, log.appendPosition());
        assertEquals(1, log.blocks);
        assertEquals(208, commitPosition.get());
        assertEquals(208, counters.get(CounterId.LOG_APPEND_POSITION));
        assertEquals(208, counters.get(CounterId.LOG_COMMIT_POSITION));
        assertEquals(last + ring.slots(100) - 1, journalled.get());
    }

    @Test
    void shouldNeverLetTimeGoBack() throws Exception {
        final JournalAgent journal = journal(Durability.APPEND);
        clock.update(500);
        publish(64, 0);
        journal.doWork();
        clock.update(400);
        final long later = publish(64, 0);
        journal.doWork();
        assertEquals(500, EventHeader.timestampNs(ring.buffer(), ring.offset(later)));
    }

    @Test
    void shouldCommitOnlyWhatWasForced() throws Exception {
        final JournalAgent journal = journal(Durability.SYNC);
        final SyncAgent sync = new SyncAgent(log, commitPosition, counters);
        publish(64, 0);
        journal.doWork();
        assertEquals(0, commitPosition.get());
        assertEquals(64, counters.get(CounterId.LOG_APPEND_POSITION));
        assertEquals(0, counters.get(CounterId.LOG_COMMIT_POSITION));
        assertEquals(1, sync.doWork());
        assertEquals(64, commitPosition.get());
        assertEquals(64, counters.get(CounterId.LOG_COMMIT_POSITION));
        assertEquals(0, sync.doWork());
    }

    @Test
    void shouldKeepTheCoreBehindAFailedAppendAndEnd() throws Exception {
        final JournalAgent journal = journal(Durability.APPEND);
        publish(64, 0);
        journal.doWork();
        final long before = journalled.get();
        log.failing = true;
        publish(64, 0);
        final AgentTerminationException end = assertThrows(AgentTerminationException.class, journal::doWork);
        assertTrue(
                end.getCause().getMessage().contains("position 64"),
                end.getCause().getMessage());
        assertEquals(before, journalled.get());
        assertEquals(64, commitPosition.get());
    }

    @Test
    void shouldNotCommitAfterAFailedForce() throws Exception {
        final JournalAgent journal = journal(Durability.SYNC);
        final SyncAgent sync = new SyncAgent(log, commitPosition, counters);
        publish(64, 0);
        journal.doWork();
        log.failing = true;
        assertThrows(AgentTerminationException.class, sync::doWork);
        assertEquals(0, commitPosition.get());
    }

    /** How the JVM shows a page that the device didn't give, late and as no exception. */
    @Test
    void shouldEndAtAFaultInMappedMemoryAndNameThePosition() throws Exception {
        final JournalAgent journal = journal(Durability.SYNC);
        final SyncAgent sync = new SyncAgent(log, commitPosition, counters);
        publish(64, 0);
        journal.doWork();
        log.faulting = true;
        final AgentTerminationException unforced = assertThrows(AgentTerminationException.class, sync::doWork);
        assertTrue(unforced.getCause().getMessage().contains("behind position 0"));
        final long before = journalled.get();
        publish(64, 0);
        final AgentTerminationException end = assertThrows(AgentTerminationException.class, journal::doWork);
        assertTrue(end.getCause().getMessage().contains("at position 128"));
        assertEquals(before, journalled.get());
        assertEquals(0, commitPosition.get());
    }

    @Test
    void shouldTellWhoWaitsForTheCommitThatItMoved() throws Exception {
        final JournalAgent journal = journal(Durability.SYNC);
        final AtomicInteger calls = new AtomicInteger();
        final SyncAgent sync = new SyncAgent(log, commitPosition, counters, () -> {
            assertEquals(64, commitPosition.get());
            calls.incrementAndGet();
        });
        sync.doWork();
        publish(64, 0);
        journal.doWork();
        sync.doWork();
        sync.doWork();
        assertEquals(1, calls.get());
        log.failing = true;
        assertThrows(AgentTerminationException.class, sync::doWork);
        assertEquals(1, calls.get());
    }

    @Test
    @Timeout(30)
    void shouldWakeTheThreadThatForcesWithoutLosingASignal() throws Exception {
        final ForceSignal signal = new ForceSignal(log);
        final AtomicLong seen = new AtomicLong();
        final long last = 2000 * 64L;
        final Thread forcer = new Thread(() -> {
            while (seen.get() < last) {
                seen.set(signalled.get());
                signal.idle(0);
            }
        });
        forcer.start();
        for (int i = 0; i < 2000; i++) {
            log.append(ring.buffer(), 0, 64);
            signalled.set(log.appendPosition());
            signal.doWork();
        }
        forcer.join();
        assertEquals(last, seen.get());
    }

    @Test
    void shouldMakeOneTickForADeadlineThatHasPassed() throws Exception {
        final JournalAgent journal = journal(Durability.APPEND);
        nextDeadline.set(1000);
        clock.update(999);
        assertEquals(0, journal.doWork());
        clock.update(1000);
        journal.doWork();
        journal.doWork();
        assertEquals(EventType.TICK, EventHeader.type(ring.buffer(), ring.offset(0)));
        assertEquals(0, journalled.get(), "one Tick, until the core has seen it");
    }

    @Test
    void shouldSayWhenTheLogIsNearlyFullAndWhenItIsNotAnyMore() throws Exception {
        final JournalAgent journal = journal(Durability.APPEND);
        log.remaining = 999;
        journal.doWork();
        assertTrue(space.isFull());
        log.remaining = 1000;
        journal.doWork();
        assertFalse(space.isFull());
    }
}
