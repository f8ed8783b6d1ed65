package io.ringmain.perf.jmh;

import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;

/** The only consumer of a ring: counts events and forgets them. */
final class RingReader implements RingPoller.Handler {
    private final SlotRing ring;
    private final RingPoller poller;
    private long events;
    private long lastConnectionId;

    RingReader(final SlotRing ring) {
        this.ring = ring;
        poller = ring.newPoller();
        ring.addGatingSequences(poller.sequence());
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
    public boolean onEvent(final int offset, final int length) {
        lastConnectionId = EventHeader.connectionId(ring.buffer(), offset);
        events++;
        return true;
    }
}
