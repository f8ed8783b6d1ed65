package io.ringmain.engine.ring;

import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.Sequencer;
import io.ringmain.engine.event.EventHeader;

/**
 * A consumer's place in a {@link SlotRing}: hands out whole events, one call for each however many slots it takes. One
 * thread.
 *
 * <p>In place of the Disruptor's EventPoller, which calls for every slot and looks at the state of each one: with events of
 * two to a hundred slots that was 3 to 6 % of the broker's time. An event's first slot is published when all its bytes
 * are written, so its first slot is all that has to be looked at.
 */
public final class RingPoller {
    /** Takes one event. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @param offset of the event in {@link SlotRing#buffer()}.
         * @param length of the event in bytes.
         * @return false to stop behind this event.
         */
        boolean onEvent(int offset, int length) throws Exception;
    }

    private final SlotRing ring;
    private final Sequencer sequencer;
    private final Sequence behind;
    private final Sequence sequence = new Sequence();

    /** @param behind another consumer's progress, in whole events; null for who is behind the producers alone. */
    RingPoller(final SlotRing ring, final Sequencer sequencer, final Sequence behind) {
        this.ring = ring;
        this.sequencer = sequencer;
        this.behind = behind;
        this.sequence.set(sequencer.getCursor());
    }

    /** Up to where events were handled: the last slot of the last of them. Producers may be gated on it. */
    public Sequence sequence() {
        return sequence;
    }

    /**
     * Hands out what is there. An event whose handler throws counts as handled.
     *
     * @return how many events were handed out.
     */
    public int poll(final Handler handler) throws Exception {
        final long limit = behind == null ? sequencer.getCursor() : behind.get();
        long next = sequence.get() + 1;
        int events = 0;
        try {
            boolean more = true;
            while (more && next <= limit && (behind != null || sequencer.isAvailable(next))) {
                final int offset = ring.offset(next);
                final int length = EventHeader.length(ring.buffer(), offset);
                next += ring.slots(length);
                events++;
                more = handler.onEvent(offset, length);
            }
        } finally {
            sequence.set(next - 1);
        }
        return events;
    }
}
