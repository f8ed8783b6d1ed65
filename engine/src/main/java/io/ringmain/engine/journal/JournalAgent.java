package io.ringmain.engine.journal;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.TickEvent;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.storage.log.MessageLog;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * First consumer of the ring: stamps each event with position and time, in place, and appends it to the log unless it is
 * transient. What one poll brought is one block, or several when it is long.
 *
 * <p>The core follows {@link #journalled}, which this agent sets itself when the append has worked: the poller's own
 * sequence moves on even after a failure. A failed append ends the agent; nothing behind it is ever acknowledged.
 *
 * <p>It is also what makes time pass: when the deadline that the core waits for is over, it puts a Tick into the ring.
 */
public final class JournalAgent implements Agent, RingPoller.Handler {
    private static final int MAX_EVENTS = 2048;
    private static final int MAX_BYTES = 512 << 10;
    private static final long NO_TICK = -1;

    private final SlotRing ring;
    private final UnsafeBuffer buffer;
    private final RingPoller poller;
    private final MessageLog log;
    private final EpochNanoClock clock;
    private final Sequence journalled;
    private final Sequence commitPosition;
    private final Sequence coreSequence;
    private final Sequence nextDeadline;
    private final LogSpace space;
    private final Counters counters;
    private final boolean commitsOnAppend;

    private long timestampNs;
    private int events;
    private int bytes;
    private boolean blockOpen;
    private long tickSequence = NO_TICK;

    /**
     * @param journalled sequence up to which the core may go; set here.
     * @param commitPosition set here unless the durability is {@link Durability#SYNC}.
     * @param coreSequence of the core's poller.
     * @param nextDeadline epoch nanoseconds, set by the core.
     */
    public JournalAgent(
            final SlotRing ring,
            final MessageLog log,
            final Durability durability,
            final EpochNanoClock clock,
            final Sequence journalled,
            final Sequence commitPosition,
            final Sequence coreSequence,
            final Sequence nextDeadline,
            final LogSpace space,
            final Counters counters) {
        this.ring = ring;
        this.buffer = ring.buffer();
        this.poller = ring.newPoller();
        this.log = log;
        this.commitsOnAppend = durability != Durability.SYNC;
        this.clock = clock;
        this.journalled = journalled;
        this.commitPosition = commitPosition;
        this.coreSequence = coreSequence;
        this.nextDeadline = nextDeadline;
        this.space = space;
        this.counters = counters;
    }

    /** Time in the log never goes back, also when the clock was set back between two runs. */
    public void notBefore(final long lastTimestampNs) {
        timestampNs = Math.max(timestampNs, lastTimestampNs);
    }

    @Override
    public String roleName() {
        return "journal";
    }

    @Override
    public int doWork() throws Exception {
        timestampNs = Math.max(timestampNs, clock.nanoTime());
        events = 0;
        bytes = 0;
        final int ticks = injectTick();
        try {
            poller.poll(this);
            if (blockOpen) {
                endBlock();
            }
        } catch (final RuntimeException | InternalError ex) {
            // An InternalError is a fault in mapped memory: a device that fails under it.
            throw new AgentTerminationException(new IllegalStateException(
                    "the log failed at position " + log.appendPosition()
                            + "; the broker stops and acknowledges nothing behind it: " + ex.getMessage(),
                    ex));
        }
        final long lastSequence = poller.sequence().get();
        if (lastSequence != journalled.get()) {
            counters.set(CounterId.LOG_APPEND_POSITION, log.appendPosition());
            if (commitsOnAppend) {
                commitPosition.set(log.appendPosition());
                counters.set(CounterId.LOG_COMMIT_POSITION, log.appendPosition());
            }
            journalled.set(lastSequence);
        }
        space.update(log.remainingBytes(space.reserveBytes()));
        return ticks + events;
    }

    private int injectTick() {
        if (timestampNs < nextDeadline.get() || coreSequence.get() < tickSequence) {
            return 0;
        }
        final long sequence = ring.tryClaim(TickEvent.LENGTH);
        if (sequence == SlotRing.FULL) {
            return 0;
        }
        TickEvent.write(buffer, ring.offset(sequence), nextDeadline.get());
        ring.commit(sequence, TickEvent.LENGTH);
        tickSequence = sequence;
        return 1;
    }

    @Override
    public boolean onEvent(final int offset, final int length) {
        journal(offset, length);
        return events < MAX_EVENTS && bytes < MAX_BYTES;
    }

    private void journal(final int offset, final int length) {
        events++;
        EventHeader.stamp(buffer, offset, log.appendPosition(), timestampNs);
        if (EventHeader.isTransient(buffer, offset)) {
            return;
        }
        if (!blockOpen) {
            beginBlock();
        }
        if (!log.append(buffer, offset, length)) {
            endBlock();
            beginBlock();
            log.append(buffer, offset, length);
        }
        bytes += length;
    }

    private void beginBlock() {
        log.beginBlock(timestampNs);
        blockOpen = true;
    }

    private void endBlock() {
        log.endBlock();
        blockOpen = false;
        counters.increment(CounterId.LOG_BLOCKS);
    }
}
