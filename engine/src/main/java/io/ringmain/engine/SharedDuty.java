package io.ringmain.engine;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.driver.ColdFetchAgent;
import io.ringmain.engine.driver.CoreAgent;
import io.ringmain.engine.io.IoAgent;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;

/**
 * All agents on one thread. What needs no durability leaves before the force of the same cycle begins, what needs it
 * right after. A cycle that finds nothing to do lets the next one wait in select, unless {@link BusyPoll} has it look
 * again.
 */
final class SharedDuty implements Agent {
    private static final long MAX_WAIT_MS = 100;
    private static final int MAX_ROUNDS = 32;

    private final IoAgent[] ios;
    private final Agent journal;
    private final CoreAgent core;
    private final ColdFetchAgent fetch;
    private final Agent sync;
    private final Agent sysTopics;
    private final Sequence nextDeadline;
    private final EpochNanoClock clock;
    private final boolean mayWait;
    private final BusyPoll busyPoll;
    private boolean idle;

    /**
     * @param sync forces on this thread; null if nobody forces, or a thread of its own that wakes this one up.
     * @param mayWait false when the caller steps the agents and is not to be kept waiting.
     * @param busyPoll whether it looks again before it waits.
     */
    SharedDuty(
            final IoAgent[] ios,
            final Agent journal,
            final CoreAgent core,
            final ColdFetchAgent fetch,
            final Agent sync,
            final Agent sysTopics,
            final Sequence nextDeadline,
            final EpochNanoClock clock,
            final boolean mayWait,
            final BusyPoll busyPoll) {
        this.ios = ios;
        this.journal = journal;
        this.core = core;
        this.fetch = fetch;
        this.sync = sync;
        this.sysTopics = sysTopics;
        this.nextDeadline = nextDeadline;
        this.clock = clock;
        this.mayWait = mayWait;
        this.busyPoll = busyPoll;
    }

    @Override
    public String roleName() {
        return "ringmain";
    }

    @Override
    public int doWork() throws Exception {
        int work = ios[0].pollTransport(mayWait && idle && !looksAgain() ? waitMs() : 0);
        for (int i = 1; i < ios.length; i++) {
            work += ios[i].pollTransport(0);
        }
        work += sequence();
        work += sysTopics.doWork();
        work += fetch.doWork();
        work += drainAndFlush();
        work += sync == null ? 0 : forceAndFlush();
        idle = work == 0 && !hasPendingWork();
        busyPoll.onCycle(work);
        return work;
    }

    /** Others that have work get the processor first. */
    private boolean looksAgain() {
        if (!busyPoll.looksAgain()) {
            return false;
        }
        Thread.yield();
        return true;
    }

    /**
     * Takes what was read through journal, core and lanes, a few hundred events at a time so that they stay in the
     * processor's cache on their way, before anything is written: one write for all that a connection gets in the cycle.
     */
    private int sequence() throws Exception {
        int sum = 0;
        for (int i = 0; i < MAX_ROUNDS; i++) {
            int work = journal.doWork() + core.doWork();
            for (final IoAgent io : ios) {
                work += io.drainLane();
            }
            sum += work;
            if (work == 0) {
                return sum;
            }
        }
        return sum;
    }

    private int forceAndFlush() throws Exception {
        int work = sync.doWork();
        for (final IoAgent io : ios) {
            work += io.flush();
        }
        return work;
    }

    private int drainAndFlush() {
        int work = 0;
        for (final IoAgent io : ios) {
            work += io.drainLane() + io.flush();
        }
        return work;
    }

    private boolean hasPendingWork() {
        for (final IoAgent io : ios) {
            if (io.hasPendingWork()) {
                return true;
            }
        }
        return false;
    }

    private long waitMs() {
        final long nowNs = clock.nanoTime();
        final long untilDeadlineNs = nextDeadline.get() - nowNs;
        long waitMs = Math.min(MAX_WAIT_MS, TimeUnit.NANOSECONDS.toMillis(untilDeadlineNs));
        for (final IoAgent io : ios) {
            // Rounded up: to look again and again within the last millisecond would be to spin.
            waitMs = Math.min(waitMs, TimeUnit.NANOSECONDS.toMillis(io.nextDeadlineNs() - nowNs) + 1);
        }
        return Math.max(0, waitMs);
    }

    @Override
    public void onClose() {
        for (final IoAgent io : ios) {
            io.onClose();
        }
        fetch.onClose();
    }
}
