package io.ringmain.perf.jmh;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.driver.CoreAgent;
import io.ringmain.engine.driver.EgressPublisher;
import io.ringmain.engine.driver.SnapshotMark;
import io.ringmain.engine.journal.Durability;
import io.ringmain.engine.journal.JournalAgent;
import io.ringmain.engine.journal.LogSpace;
import io.ringmain.engine.ring.FanOutHandler;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Journal and core behind a ring, before one lane that is never full; the log keeps nothing. Messages go through the lane,
 * unless they are handed over {@link #direct directly}.
 */
final class MemorySequencer {
    final BrokerCore core;
    private final JournalAgent journal;
    private final CoreAgent coreAgent;
    private final EgressPublisher egress;

    MemorySequencer(
            final SlotRing ring, final RingBuffer lane, final Sequence commitPosition, final Counters counters) {
        final Sequence journalled = new Sequence();
        final Sequence nextDeadline = new Sequence(BrokerCore.NO_DEADLINE);
        final RingPoller poller = ring.newPoller(journalled);
        ring.addGatingSequences(poller.sequence());
        egress = new EgressPublisher(new RingBuffer[] {lane}, this::onLaneFull, this::onBehind, counters);
        egress.unmute();
        core = new BrokerCore(new CoreLimits(), egress);
        coreAgent = new CoreAgent(ring, poller, core, egress, nextDeadline, new SnapshotMark(), counters);
        journal = new JournalAgent(
                ring,
                new DiscardingLog(),
                Durability.APPEND,
                MemoryIo.CLOCK,
                journalled,
                commitPosition,
                poller.sequence(),
                nextDeadline,
                new LogSpace(1),
                counters);
    }

    /** Hands messages to the I/O agent itself, as the broker does when one thread runs both. */
    void direct(final FanOutHandler agent) {
        egress.direct(new FanOutHandler[] {agent});
    }

    private void onLaneFull(final int lane) {
        throw new IllegalStateException("the lane is full");
    }

    private void onBehind(final long publisherId) {
        throw new IllegalStateException("a subscriber is behind");
    }

    int journal() throws Exception {
        return journal.doWork();
    }

    int core() throws Exception {
        return coreAgent.doWork();
    }
}
