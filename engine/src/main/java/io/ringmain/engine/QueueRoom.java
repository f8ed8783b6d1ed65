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

    /**
     * Slots of the ring that messages may take: as many as a queue takes before it is long, so that it has room for what
     * is on its way then, and for as much again from others; but the longest event has to fit.
     */
    static int messageSlots(final BrokerContext context) {
        final int longest = context.maxEventLength() / BrokerContext.SLOT_LENGTH + 1;
        return Math.min(
                context.ringSlots(), Math.max(longest, context.coreLimits().queuedMessages() / CoreLimits.LONG_SHARE));
    }

    /** A line for each bound of the queue that leaves too little; none if nobody is to be held back. */
    static List<String> shortages(final BrokerContext context, final IoLimits io, final CoreLimits core) {
        final List<String> lines = new ArrayList<>();
        if (io.slowConsumerWaitNs() == 0) {
            return lines;
        }
        final int slots = messageSlots(context);
        final long messages = HoldBack.messages(slots);
        if (room(core.queuedMessages()) < messages) {
            lines.add(shortage(
                    "limits.queued_messages_per_session: " + core.queuedMessages() + " messages", least(messages)));
        }
        final long bytes =
                HoldBack.bytes((long) slots * BrokerContext.SLOT_LENGTH, io.maxPacketSize(), context.eventOverhead());
        if (room(core.queuedBytes()) < bytes) {
            lines.add(shortage("limits.queued_bytes_per_session: " + core.queuedBytes() + " bytes", least(bytes)));
        }
        return lines;
    }

    private static String shortage(final String bound, final long least) {
        return bound
                + " are too few: a publisher that is held back may overrun the queue of its subscriber with what is on"
                + " its way; " + least + " are enough";
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
