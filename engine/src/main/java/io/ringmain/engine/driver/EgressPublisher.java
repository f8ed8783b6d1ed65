package io.ringmain.engine.driver;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.ringmain.engine.core.CoreOutput;
import io.ringmain.engine.core.DropReason;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.ring.EgressRecord;
import io.ringmain.engine.ring.EgressType;
import io.ringmain.engine.ring.FanOutHandler;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;

/**
 * Writes what the core says to the lanes of the I/O agents. Live deliveries of one event are gathered, so that its
 * message is copied once per lane, with all targets of that lane before it.
 *
 * <p>Born muted: while the core replays what it said before, nothing is written. Confined to the thread that drives the
 * core.
 */
public final class EgressPublisher implements CoreOutput {
    private static final int MAX_TARGETS = 1024;

    private final RingBuffer[] lanes;
    private final UnsafeBuffer[] targets;
    private final int[] targetCounts;
    private final ExpandableArrayBuffer[] lists;
    private final int[] listsLengths;
    private final LaneWaiter waiter;
    private final LongConsumer pauser;
    private final NamedPublishers named = new NamedPublishers();
    private final Counters counters;
    private final Notes notes = new Notes();
    private final MessageView message = new MessageView();
    private final Identifiers identifiers = new Identifiers();

    private DirectBuffer event;
    private int eventOffset;
    private int eventLength;
    private long requiredPosition;
    private boolean muted = true;

    /** In place of the lanes, for messages; null if I/O agents have threads of their own. */
    private FanOutHandler[] direct;

    /** @param pauser has the agent of a publisher pause it, without waiting for a lane; takes the id of its connection. */
    public EgressPublisher(
            final RingBuffer[] lanes, final LaneWaiter waiter, final LongConsumer pauser, final Counters counters) {
        this.lanes = lanes;
        this.waiter = waiter;
        this.pauser = pauser;
        this.counters = counters;
        this.targetCounts = new int[lanes.length];
        this.targets = new UnsafeBuffer[lanes.length];
        this.lists = new ExpandableArrayBuffer[lanes.length];
        this.listsLengths = new int[lanes.length];
        for (int i = 0; i < lanes.length; i++) {
            targets[i] = new UnsafeBuffer(new byte[MAX_TARGETS * EgressRecord.TARGET_LENGTH]);
            lists[i] = new ExpandableArrayBuffer();
        }
    }

    /** What the log is to be told. What was said while muted and the log was not told is among it. */
    public Notes notes() {
        return notes;
    }

    /**
     * Hands messages to the I/O agents themselves, which saves a copy of each: for when they run on this thread.
     *
     * @param handlers by lane.
     */
    public void direct(final FanOutHandler[] handlers) {
        this.direct = handlers;
    }

    /** The replay is over: what the core says from here on goes out. */
    public void unmute() {
        muted = false;
    }

    /** From here on, what the core says is caused by this event. */
    void begin(final DirectBuffer buffer, final int offset) {
        event = buffer;
        eventOffset = offset;
        eventLength = EventHeader.length(buffer, offset);
        requiredPosition = EventHeader.isTransient(buffer, offset) ? 0 : EventHeader.nextPosition(buffer, offset);
    }

    /** The core is done with the event. */
    void end() {
        for (int lane = 0; lane < lanes.length; lane++) {
            if (targetCounts[lane] > 0) {
                flush(lane);
            }
        }
    }

    @Override
    public void onConnack(final int lane, final long connectionId, final int reasonCode, final boolean sessionPresent) {
        if (muted) {
            return;
        }
        final int index = claim(lane, EgressType.CONNACK, EgressRecord.CONNACK_LENGTH);
        EgressRecord.writeConnack(
                lanes[lane].buffer(), index, requiredPosition, connectionId, reasonCode, sessionPresent);
        lanes[lane].commit(index);
    }

    @Override
    public void onAck(
            final int lane, final long connectionId, final int packetType, final int packetId, final int reasonCode) {
        if (muted) {
            return;
        }
        final int index = claim(lane, EgressType.ACK, EgressRecord.ACK_LENGTH);
        EgressRecord.writeAck(
                lanes[lane].buffer(), index, requiredPosition, connectionId, packetType, packetId, reasonCode);
        lanes[lane].commit(index);
    }

    @Override
    public void onSuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {
        subscriptionAck(EgressType.SUBACK, lane, connectionId, packetId, reasonCodes, offset, count);
    }

    @Override
    public void onUnsuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {
        subscriptionAck(EgressType.UNSUBACK, lane, connectionId, packetId, reasonCodes, offset, count);
    }

    private void subscriptionAck(
            final int type,
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {
        if (muted) {
            return;
        }
        final int index = claim(lane, type, EgressRecord.SUBACK_CODES_OFFSET + count);
        EgressRecord.writeSuback(
                lanes[lane].buffer(), index, requiredPosition, connectionId, packetId, reasonCodes, offset, count);
        lanes[lane].commit(index);
    }

    @Override
    public void onDisconnect(final int lane, final long connectionId, final int reasonCode) {
        if (muted) {
            return;
        }
        final int index = claim(lane, EgressType.DISCONNECT, EgressRecord.DISCONNECT_LENGTH);
        EgressRecord.writeDisconnect(lanes[lane].buffer(), index, requiredPosition, connectionId, reasonCode);
        lanes[lane].commit(index);
    }

    @Override
    public void onDeliverStored(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers,
            final long messagePosition,
            final int messageLength,
            final long expiryDeadlineNs) {
        if (muted) {
            return;
        }
        final int index = claim(lane, EgressType.DELIVER_STORED, EgressRecord.storedLength(identifiers.count()));
        EgressRecord.writeStored(
                lanes[lane].buffer(),
                index,
                requiredPosition,
                connectionId,
                packetId,
                deliveryFlags,
                messagePosition,
                expiryDeadlineNs);
        for (int i = 0; i < identifiers.count(); i++) {
            EgressRecord.addStoredIdentifier(lanes[lane].buffer(), index, identifiers.get(i));
        }
        lanes[lane].commit(index);
    }

    @Override
    public void onDeliverLive(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers) {
        if (muted) {
            return;
        }
        if (targetCounts[lane] == MAX_TARGETS
                || targetCounts[lane] > 0
                        && recordLength(lane) + addedLength(identifiers) > lanes[lane].maxMsgLength()) {
            flush(lane);
        }
        final int target = targetCounts[lane]++ * EgressRecord.TARGET_LENGTH;
        EgressRecord.writeTarget(
                targets[lane], target, connectionId, packetId, deliveryFlags, identifiersField(lane, identifiers));
    }

    /** Bytes of the record with the targets gathered so far. */
    private int recordLength(final int lane) {
        return EgressRecord.TARGETS_OFFSET
                + targetCounts[lane] * EgressRecord.TARGET_LENGTH
                + listsLengths[lane]
                + eventLength;
    }

    private static int addedLength(final Identifiers identifiers) {
        return EgressRecord.TARGET_LENGTH + (identifiers.count() < 2 ? 0 : listLength(identifiers));
    }

    private static int listLength(final Identifiers identifiers) {
        return BitUtil.align((identifiers.count() + 1) * Integer.BYTES, Long.BYTES);
    }

    /** What stands for the identifiers in a target; more than one are put into a list. */
    private int identifiersField(final int lane, final Identifiers identifiers) {
        if (identifiers.count() < 2) {
            return identifiers.isEmpty() ? 0 : identifiers.get(0);
        }
        final int start = listsLengths[lane];
        lists[lane].putInt(start, identifiers.count(), LITTLE_ENDIAN);
        for (int i = 0; i < identifiers.count(); i++) {
            lists[lane].putInt(start + (i + 1) * Integer.BYTES, identifiers.get(i), LITTLE_ENDIAN);
        }
        listsLengths[lane] = start + listLength(identifiers);
        return -1 - start;
    }

    @Override
    public void onReplayWanted(
            final int lane,
            final long connectionId,
            final int number,
            final long askedAt,
            final long fromPosition,
            final long toPosition,
            final int options,
            final DirectBuffer filter) {
        if (muted) {
            return;
        }
        final int length = filter.capacity();
        final int index = claim(lane, EgressType.REPLAY_WANTED, EgressRecord.REPLAY_FILTER_OFFSET + length);
        EgressRecord.writeReplayWanted(
                lanes[lane].buffer(), index, connectionId, number, askedAt, fromPosition, toPosition, options, filter);
        lanes[lane].commit(index);
    }

    @Override
    public void onBehind(final int lane, final long connectionId, final long publisherId) {
        if (!muted && named.add(connectionId, publisherId)) {
            // First, and past the lane: what may be in the queue by the time the publisher stops must not depend on it.
            pauser.accept(publisherId);
            behind(lane, connectionId, publisherId);
        }
    }

    @Override
    public void onCaughtUp(final int lane, final long connectionId) {
        if (!muted) {
            named.remove(connectionId);
            behind(lane, connectionId, EventHeader.NO_CONNECTION);
        }
    }

    private void behind(final int lane, final long connectionId, final long publisherId) {
        final int index = claim(lane, EgressType.BEHIND, EgressRecord.BEHIND_LENGTH);
        EgressRecord.writeBehind(lanes[lane].buffer(), index, connectionId, publisherId);
        lanes[lane].commit(index);
    }

    @Override
    public void onNotTaken(final long position, final int reasonCode) {
        notes.onNotTaken(position, reasonCode);
    }

    @Override
    public void onWillPublished(
            final long causePosition,
            final long connectPosition,
            final DirectBuffer topic,
            final DirectBuffer clientId) {
        notes.onWillPublished(causePosition, connectPosition, topic, clientId);
    }

    @Override
    public void onNoted(final long causePosition) {
        notes.onMet(causePosition);
    }

    @Override
    public void onDrop(final DropReason reason) {
        if (muted) {
            return;
        }
        counters.increment(
                switch (reason) {
                    case QUEUE_FULL_OLDEST -> CounterId.DROPPED_QUEUE_FULL_OLDEST;
                    case QUEUE_FULL_NEWEST -> CounterId.DROPPED_QUEUE_FULL_NEWEST;
                    case QUEUE_FULL_DISCONNECT -> CounterId.DROPPED_QUEUE_FULL_DISCONNECT;
                    case RECORD_LOST -> CounterId.DROPPED_RECORD_LOST;
                    case QUEUE_AGE -> CounterId.DROPPED_QUEUE_AGE;
                    case RETAINED_FULL -> CounterId.REFUSED_RETAINED;
                    case REPLAYS_FULL -> CounterId.REFUSED_REPLAYS;
                    case SUBSCRIPTIONS_FULL -> CounterId.REFUSED_SUBSCRIPTIONS;
                    case EXPIRED -> CounterId.DROPPED_EXPIRED;
                    case PACKET_TOO_LARGE -> CounterId.DROPPED_PACKET_TOO_LARGE;
                });
    }

    private void flush(final int lane) {
        if (direct != null) {
            final int count = targetCounts[lane];
            targetCounts[lane] = 0;
            listsLengths[lane] = 0;
            direct[lane].onFanOut(targets[lane], 0, count, lists[lane], 0, event, eventOffset, requiredPosition);
            return;
        }
        final int targetsLength = targetCounts[lane] * EgressRecord.TARGET_LENGTH;
        final int listsLength = listsLengths[lane];
        final int length = recordLength(lane);
        if (length > lanes[lane].maxMsgLength()) {
            flushTooLong(lane);
            return;
        }
        final int index = claim(lane, EgressType.FAN_OUT, length);
        final AtomicBuffer buffer = lanes[lane].buffer();
        EgressRecord.writeFanOut(buffer, index, requiredPosition, targetCounts[lane], listsLength);
        int at = index + EgressRecord.TARGETS_OFFSET;
        buffer.putBytes(at, targets[lane], 0, targetsLength);
        at += targetsLength;
        buffer.putBytes(at, lists[lane], 0, listsLength);
        at += listsLength;
        buffer.putBytes(at, event, eventOffset, eventLength);
        lanes[lane].commit(index);
        targetCounts[lane] = 0;
        listsLengths[lane] = 0;
    }

    /** A message that is too long for the lane even with one target goes by its position, if it has one. */
    private void flushTooLong(final int lane) {
        if (EventHeader.isTransient(event, eventOffset)) {
            counters.add(CounterId.DROPPED_PACKET_TOO_LARGE, targetCounts[lane]);
            targetCounts[lane] = 0;
            listsLengths[lane] = 0;
            return;
        }
        flushAsStored(lane);
    }

    private void flushAsStored(final int lane) {
        message.wrap(event, eventOffset);
        final long deadline = message.hasExpiry()
                ? EventHeader.timestampNs(event, eventOffset) + TimeUnit.SECONDS.toNanos(message.expirySeconds())
                : 0;
        final int count = targetCounts[lane];
        targetCounts[lane] = 0;
        listsLengths[lane] = 0;
        for (int i = 0; i < count; i++) {
            final int target = i * EgressRecord.TARGET_LENGTH;
            onDeliverStored(
                    lane,
                    EgressRecord.targetConnectionId(targets[lane], target),
                    EgressRecord.targetPacketId(targets[lane], target),
                    EgressRecord.targetFlags(targets[lane], target),
                    identifiers(lane, EgressRecord.targetIdentifiers(targets[lane], target)),
                    EventHeader.position(event, eventOffset),
                    eventLength,
                    deadline);
        }
    }

    private Identifiers identifiers(final int lane, final int field) {
        identifiers.clear();
        if (field >= 0) {
            return identifiers.add(field);
        }
        final int list = -1 - field;
        for (int i = 1; i <= lists[lane].getInt(list, LITTLE_ENDIAN); i++) {
            identifiers.add(lists[lane].getInt(list + i * Integer.BYTES, LITTLE_ENDIAN));
        }
        return identifiers;
    }

    private int claim(final int lane, final int type, final int length) {
        int index = lanes[lane].tryClaim(type, length);
        if (index <= 0) {
            counters.increment(CounterId.LANE_FULL);
            do {
                waiter.onLaneFull(lane);
                index = lanes[lane].tryClaim(type, length);
            } while (index <= 0);
        }
        return index;
    }
}
