package io.ringmain.perf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.JournalAgent;
import io.ringmain.engine.journal.LogSpace;
import io.ringmain.engine.journal.SyncAgent;
import io.ringmain.engine.ring.SlotRing;
import io.ringmain.perf.jmh.DiscardingLog;
import org.agrona.concurrent.Agent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What the journal and the sync say is done: events are stamped before the core sees them, bytes are there before a commit. */
public final class JournalStress {
    private static final int POSITION = 128;

    private JournalStress() {}

    private static void step(final Agent agent) {
        try {
            agent.doWork();
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** A log that isn't empty, and notes what was forced, in fields that are plain: only the agents publish them. */
    private static final class PlainLog extends DiscardingLog {
        long forced;

        PlainLog() {
            append(null, 0, POSITION);
        }

        @Override
        public long force() {
            forced = appendPosition();
            return forced;
        }
    }

    /** The journal in durability append, and the core's thread, which polls and then looks at the commit position. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not journalled yet")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "journalled after the poll, and committed")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "stamped, appended, committed")
    @Outcome(
            expect = FORBIDDEN,
            desc = "seen without its position, or committed without its bytes, or seen before the commit")
    @State
    public static class Journalled {
        private final SlotRing ring = NumberedEvents.newRing();
        private final Sequence journalled = new Sequence();
        private final Sequence commitPosition = new Sequence(POSITION);
        private final PlainLog log = new PlainLog();
        private final NumberedEvents core = new NumberedEvents(ring, journalled);
        private final JournalAgent journal = new JournalAgent(
                ring,
                log,
                Durability.APPEND,
                () -> 1,
                journalled,
                commitPosition,
                new Sequence(),
                new Sequence(Long.MAX_VALUE),
                new LogSpace(0),
                new Counters());

        public Journalled() {
            NumberedEvents.publish(ring, 1, 0);
        }

        @Actor
        public void journal() {
            step(journal);
        }

        @Actor
        public void core(final II_Result result) {
            final int seen = core.poll(1);
            result.r1 = seen == 0 || core.lastPosition() == POSITION ? seen : -1;
            final long committed = commitPosition.get();
            result.r2 = committed == POSITION ? 0 : log.appendPosition() == committed ? 1 : -1;
        }
    }

    /** The thread that forces, and an I/O agent that looks at the commit position. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "not committed yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "committed, and forced before")
    @Outcome(expect = FORBIDDEN, desc = "committed before it was forced")
    @State
    public static class Forced {
        private final Sequence commitPosition = new Sequence(0);
        private final PlainLog log = new PlainLog();
        private final SyncAgent sync = new SyncAgent(log, commitPosition, new Counters());

        @Actor
        public void force() {
            step(sync);
        }

        @Actor
        public void look(final I_Result result) {
            final long committed = commitPosition.get();
            result.r1 = committed == 0 ? 0 : log.forced == committed ? 1 : -1;
        }
    }
}
