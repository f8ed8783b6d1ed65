package io.ringmain.engine.driver;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.core.BrokerCore;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Last consumer of the ring: hands each journalled event to the core. When the core fails, its state can't be trusted
 * any more; the agent ends and names the event, and the broker with it.
 */
public final class CoreAgent implements Agent, RingPoller.Handler {
    private static final int MAX_EVENTS = 512;

    private final SlotRing ring;
    private final UnsafeBuffer buffer;
    private final RingPoller poller;
    private final BrokerCore core;
    private final EgressPublisher egress;
    private final Sequence nextDeadline;
    private final SnapshotMark mark;
    private final Counters counters;
    private final long expiredBefore;
    private int events;

    /**
     * @param poller behind the journal.
     * @param nextDeadline set here for the journal, which makes the Tick.
     * @param mark set here for whoever takes snapshots.
     */
    public CoreAgent(
            final SlotRing ring,
            final RingPoller poller,
            final BrokerCore core,
            final EgressPublisher egress,
            final Sequence nextDeadline,
            final SnapshotMark mark,
            final Counters counters) {
        this.mark = mark;
        this.ring = ring;
        this.buffer = ring.buffer();
        this.poller = poller;
        this.core = core;
        this.egress = egress;
        this.nextDeadline = nextDeadline;
        this.counters = counters;
        this.expiredBefore = core.expiredSessions();
        nextDeadline.set(core.nextDeadlineNs());
    }

    @Override
    public String roleName() {
        return "core";
    }

    @Override
    public int doWork() throws Exception {
        events = 0;
        poller.poll(this);
        final int notes = egress.notes().write(ring);
        if (events > 0) {
            counters.add(CounterId.EVENTS, events);
            showGauges();
        }
        return events + notes;
    }

    private void showGauges() {
        counters.set(CounterId.SESSIONS, core.sessionCount());
        counters.set(CounterId.SESSIONS_CONNECTED, core.connectedCount());
        counters.set(CounterId.SESSIONS_EXPIRED, core.expiredSessions() - expiredBefore);
        counters.set(CounterId.SUBSCRIPTIONS, core.subscriptionCount());
        counters.set(CounterId.SUBSCRIPTIONS_SHARED, core.sharedSubscriptionCount());
        counters.set(CounterId.REPLAYS, core.replayCount());
        counters.set(CounterId.RETAINED, core.retainedCount());
    }

    @Override
    public boolean onEvent(final int offset, final int length) {
        apply(offset);
        return ++events < MAX_EVENTS;
    }

    private void apply(final int offset) {
        try {
            egress.begin(buffer, offset);
            core.onEvent(buffer, offset);
            egress.end();
            nextDeadline.set(core.nextDeadlineNs());
            if (!EventHeader.isTransient(buffer, offset)) {
                egress.notes().onHandled(EventHeader.nextPosition(buffer, offset));
            }
            if (EventHeader.type(buffer, offset) == EventType.SNAPSHOT_MARK) {
                mark.set(
                        EventHeader.position(buffer, offset),
                        core.digest(),
                        egress.notes().areTold());
            }
        } catch (final AgentTerminationException ex) {
            throw ex;
        } catch (final RuntimeException | Error ex) {
            throw new AgentTerminationException(new IllegalStateException(
                    "the core failed at position " + EventHeader.position(buffer, offset) + " on "
                            + EventType.name(EventHeader.type(buffer, offset)) + ": " + ex,
                    ex));
        }
    }
}
