package io.ringmain.engine.ring;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.MultiProducerSequencer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.Sequencer;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The ring: variable-length events over the Disruptor's sequencer. An event takes as many consecutive slots as it
 * needs, and never wraps: the buffer is padded behind its last slot by the longest event.
 *
 * <pre>
 *  slot 0      slot 1      slot 2             slot n-1
 *  +-----------+-----------+-----------+ ... +-----------+- - - - - - - - - - - - -+
 *  | event A   | event B               |     | event Z    continues in the padding |
 *  +-----------+-----------+-----------+ ... +-----------+- - - - - - - - - - - - -+
 * </pre>
 *
 * The padding is safe to write: of the events of one lap only the last can reach into it, and the last of the next lap
 * is claimed only after every consumer has passed the first slot of this one.
 *
 * <p>All bytes of an event are written before its first slot is published, and only that slot is ever looked at: consumers
 * are {@link RingPoller}s.
 *
 * <p>Producers: any number of threads. Claiming never blocks.
 */
public final class SlotRing {
    /** {@link #tryClaim} found no room: stop reading, go on with other work, try again in the next cycle. */
    public static final long FULL = -1;

    private final UnsafeBuffer buffer;
    private final Sequencer sequencer;
    private final int slotMask;
    private final int slotShift;
    private final int maxEventLength;

    /**
     * @param slotCount power of two.
     * @param slotLength power of two, in bytes, at least {@link EventHeader#HEADER_LENGTH}.
     * @param maxEventLength longest event in bytes; at most a quarter of the ring, so that one event can't block it.
     */
    public SlotRing(final int slotCount, final int slotLength, final int maxEventLength) {
        if (!BitUtil.isPowerOfTwo(slotCount) || !BitUtil.isPowerOfTwo(slotLength)) {
            throw new IllegalArgumentException("slots must be powers of two: " + slotCount + " x " + slotLength);
        }
        if (maxEventLength > (long) slotCount * slotLength / 4) {
            throw new IllegalArgumentException("an event of " + maxEventLength + " bytes needs a ring of "
                    + 4L * maxEventLength + " bytes, this one has " + (long) slotCount * slotLength);
        }
        this.slotMask = slotCount - 1;
        this.slotShift = Integer.numberOfTrailingZeros(slotLength);
        this.maxEventLength = maxEventLength;
        this.buffer = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(
                Math.addExact(slotCount * slotLength, BitUtil.align(maxEventLength, slotLength))));
        this.sequencer = new MultiProducerSequencer(slotCount, new BusySpinWaitStrategy());
    }

    /** Where the events lie. */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    public int maxEventLength() {
        return maxEventLength;
    }

    /** Number of slots. */
    public int capacity() {
        return sequencer.getBufferSize();
    }

    /** Bytes of all slots together. */
    public int byteCapacity() {
        return slotMask + 1 << slotShift;
    }

    /** Slots that could be claimed now; old by the time it is read, so for people only. Any thread. */
    public long remaining() {
        return sequencer.remainingCapacity();
    }

    /**
     * Claims room for an event of at most this length.
     *
     * @return the sequence of its first slot, or {@link #FULL}.
     */
    public long tryClaim(final int length) {
        return tryClaim(length, 0);
    }

    /**
     * As {@link #tryClaim(int)}, for what mustn't fill the ring.
     *
     * @param leftFree slots that have to stay free; so many less than there are that the longest event fits beside them.
     */
    public long tryClaim(final int length, final int leftFree) {
        if (length > maxEventLength) {
            throw new IllegalArgumentException("event of " + length + " bytes, at most " + maxEventLength);
        }
        final int slots = slots(length);
        if (!sequencer.hasAvailableCapacity(slots + leftFree)) {
            return FULL;
        }
        try {
            return sequencer.tryNext(slots) - slots + 1;
        } catch (final InsufficientCapacityException ex) {
            return FULL;
        }
    }

    /**
     * Publishes a claimed event.
     *
     * @param length that of the claim; the event may have become shorter, and then padding fills what is left.
     */
    public void commit(final long sequence, final int length) {
        final int claimed = slots(length);
        final int used = slots(EventHeader.length(buffer, offset(sequence)));
        if (used < claimed) {
            pad(sequence + used, claimed - used);
            sequencer.publish(sequence + used);
        }
        sequencer.publish(sequence);
    }

    /** Gives up a claim of this length: nothing comes of it. */
    public void abandon(final long sequence, final int length) {
        final int claimed = slots(length);
        pad(sequence, claimed);
        sequencer.publish(sequence);
    }

    private void pad(final long sequence, final int slots) {
        EventHeader.write(
                buffer,
                offset(sequence),
                slots << slotShift,
                EventType.PADDING,
                EventHeader.TRANSIENT,
                EventHeader.NO_LANE,
                EventHeader.NO_CONNECTION);
    }

    /** Offset in {@link #buffer()} of the event that starts at this slot. */
    public int offset(final long sequence) {
        return (int) (sequence & slotMask) << slotShift;
    }

    /** Slots that an event of this length takes. */
    public int slots(final int length) {
        return (length + (1 << slotShift) - 1) >>> slotShift;
    }

    /** A poller for one consumer thread that stays behind the producers. */
    public RingPoller newPoller() {
        return new RingPoller(this, sequencer, null);
    }

    /** A poller for one consumer thread that stays behind another consumer, whose progress is in whole events. */
    public RingPoller newPoller(final Sequence behind) {
        return new RingPoller(this, sequencer, behind);
    }

    /** Producers stay behind these sequences by one lap: those of the last consumers. */
    public void addGatingSequences(final Sequence... sequences) {
        sequencer.addGatingSequences(sequences);
    }
}
