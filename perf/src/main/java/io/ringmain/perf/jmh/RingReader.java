package io.ringmain.perf.jmh;

import com.lmax.disruptor.EventPoller;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.ring.SlotRing;

/** The only consumer of a ring: counts events and forgets them. */
final class RingReader implements EventPoller.Handler<SlotRing> {
    private final EventPoller<SlotRing> poller;
    private long nextEventSequence;
    private long events;
    private long lastConnectionId;

    RingReader(final SlotRing ring) {
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    /** Takes everything that is there; returns the number of events so far. */
    long poll() {
        try {
            poller.poll(this);
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
        return events;
    }

    /** Of the last event. */
    long lastConnectionId() {
        return lastConnectionId;
    }

    @Override
    public boolean onEvent(final SlotRing ring, final long sequence, final boolean endOfBatch) {
        if (sequence >= nextEventSequence) {
            final int offset = ring.offset(sequence);
            nextEventSequence = sequence + ring.slots(EventHeader.length(ring.buffer(), offset));
            lastConnectionId = EventHeader.connectionId(ring.buffer(), offset);
            events++;
        }
        return true;
    }
}
