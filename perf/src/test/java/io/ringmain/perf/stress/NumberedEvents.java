package io.ringmain.perf.stress;

import com.lmax.disruptor.Sequence;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.ring.RingPoller;
import io.ringmain.engine.ring.SlotRing;

/** Events of two slots that have a number in all their parts, and a consumer that checks that they are whole. */
final class NumberedEvents implements RingPoller.Handler {
    /** Two slots for an event. */
    static final int SLOT_LENGTH = 64;

    static final int SLOTS = 16;
    static final int EVENT_LENGTH = 2 * SLOT_LENGTH - 8;

    private static final int FIRST_OFFSET = EventHeader.HEADER_LENGTH;
    private static final int LAST_OFFSET = EVENT_LENGTH - Long.BYTES;

    private final SlotRing ring;
    private final RingPoller poller;
    private int eventsLeft;
    private int seen;
    private int firstNumber;
    private int lastNumber;
    private long lastPosition = -1;

    NumberedEvents(final SlotRing ring, final Sequence... behind) {
        this.ring = ring;
        poller = behind.length == 0 ? ring.newPoller() : ring.newPoller(behind[0]);
        ring.addGatingSequences(poller.sequence());
    }

    static SlotRing newRing() {
        return new SlotRing(SLOTS, SLOT_LENGTH, 2 * SLOT_LENGTH);
    }

    /** Publishes an event with this number; false if the ring is full. */
    static boolean publish(final SlotRing ring, final int number, final int headerFlags) {
        final long sequence = ring.tryClaim(EVENT_LENGTH);
        if (sequence == SlotRing.FULL) {
            return false;
        }
        final int offset = ring.offset(sequence);
        EventHeader.write(ring.buffer(), offset, EVENT_LENGTH, EventType.DRAINED, headerFlags, 0, number);
        ring.buffer().putLong(offset + FIRST_OFFSET, number);
        ring.buffer().putLong(offset + LAST_OFFSET, number);
        ring.commit(sequence, EVENT_LENGTH);
        return true;
    }

    /** Takes at most so many events; returns how many were seen so far. */
    int poll(final int events) {
        eventsLeft = events;
        try {
            poller.poll(this);
        } catch (final Exception ex) {
            throw new IllegalStateException(ex);
        }
        return seen;
    }

    /** Number of the first event that was seen, 0 before. */
    int firstNumber() {
        return firstNumber;
    }

    /** Number of the last event that was seen, 0 before. */
    int lastNumber() {
        return lastNumber;
    }

    @Override
    public boolean onEvent(final int offset, final int length) {
        check(ring, offset);
        return --eventsLeft > 0;
    }

    private void check(final SlotRing ring, final int offset) {
        final long number = EventHeader.connectionId(ring.buffer(), offset);
        final boolean whole = EventHeader.length(ring.buffer(), offset) == EVENT_LENGTH
                && ring.buffer().getLong(offset + FIRST_OFFSET) == number
                && ring.buffer().getLong(offset + LAST_OFFSET) == number;
        if (!whole) {
            throw new IllegalStateException("a torn event at " + offset);
        }
        firstNumber = seen == 0 ? (int) number : firstNumber;
        lastNumber = (int) number;
        lastPosition = EventHeader.position(ring.buffer(), offset);
        seen++;
    }

    /** Position that the last event was stamped with. */
    long lastPosition() {
        return lastPosition;
    }
}
