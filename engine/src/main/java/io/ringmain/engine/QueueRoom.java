package io.ringmain.engine;

import io.ringmain.engine.core.CoreLimits;
import io.ringmain.engine.io.HoldBack;
import io.ringmain.engine.io.IoLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the queue of a session has room for what a publisher may still add when it is found to be long: then a publisher
 * that is faster than its subscriber loses nothing, however the threads are scheduled.
 */
final class QueueRoom {
    private QueueRoom() {}

    /** A line for each bound of the queue that leaves too little; none if nobody is to be held back. */
    static List<String> shortages(final BrokerContext context, final IoLimits io, final CoreLimits core) {
        final List<String> lines = new ArrayList<>();
        if (io.slowConsumerWaitNs() == 0) {
            return lines;
        }
        final long messages = HoldBack.messages(context.ringSlots());
        if (room(core.queuedMessages()) < messages) {
            lines.add("limits.queued_messages_per_session: " + core.queuedMessages()
                    + " messages are too few for a ring of " + context.ringSlots()
                    + " slots: a publisher that is held back may overrun the queue of its subscriber; "
                    + least(messages) + " are enough");
        }
        final long bytes = HoldBack.bytes(
                (long) context.ringSlots() * BrokerContext.SLOT_LENGTH, io.maxPacketSize(), context.eventOverhead());
        if (room(core.queuedBytes()) < bytes) {
            lines.add("limits.queued_bytes_per_session: " + core.queuedBytes() + " bytes are too few for a ring of "
                    + context.ringSlots()
                    + " slots: a publisher that is held back may overrun the queue of its subscriber; "
                    + least(bytes) + " are enough");
        }
        return lines;
    }

    /** What a queue still takes when one message more is in it than may be before it is long. */
    private static long room(final long bound) {
        return bound - bound / CoreLimits.LONG_SHARE - 1;
    }

    /** The least bound that has this room. */
    private static long least(final long room) {
        return room + room / (CoreLimits.LONG_SHARE - 1) + 1;
    }
}
