package io.ringmain.perf.jmh;

import io.ringmain.engine.core.CoreOutput;
import io.ringmain.engine.core.DropReason;
import io.ringmain.engine.event.Identifiers;
import org.agrona.DirectBuffer;

/** Notes which connection was given which packet id; anything that goes wrong ends the benchmark. */
final class CoreDeliveries implements CoreOutput {
    private final long[] connections = new long[1 << 14];
    private final int[] packetIds = new int[1 << 14];
    private int count;

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    long connection(final int place) {
        return connections[place];
    }

    int packetId(final int place) {
        return packetIds[place];
    }

    @Override
    public void onDeliverLive(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers) {
        connections[count] = connectionId;
        packetIds[count] = packetId;
        count++;
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
        throw new IllegalStateException("a message was put off");
    }

    @Override
    public void onDisconnect(final int lane, final long connectionId, final int reasonCode) {
        throw new IllegalStateException("connection " + connectionId + " is closed: " + reasonCode);
    }

    @Override
    public void onBehind(final int lane, final long connectionId, final long publisherId) {
        throw new IllegalStateException("every message is taken at once");
    }

    @Override
    public void onCaughtUp(final int lane, final long connectionId) {
        throw new IllegalStateException("every message is taken at once");
    }

    @Override
    public void onDrop(final DropReason reason) {
        throw new IllegalStateException("dropped: " + reason);
    }

    @Override
    public void onConnack(
            final int lane, final long connectionId, final int reasonCode, final boolean sessionPresent) {}

    @Override
    public void onAck(
            final int lane, final long connectionId, final int packetType, final int packetId, final int reasonCode) {}

    @Override
    public void onSuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {}

    @Override
    public void onUnsuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {}

    @Override
    public void onReplayWanted(
            final int lane,
            final long connectionId,
            final int number,
            final long askedAt,
            final long fromPosition,
            final long toPosition,
            final int options,
            final DirectBuffer filter) {}

    @Override
    public void onNotTaken(final long position, final int reasonCode) {}

    @Override
    public void onWillPublished(
            final long causePosition,
            final long connectPosition,
            final DirectBuffer topic,
            final DirectBuffer clientId) {}

    @Override
    public void onNoted(final long causePosition) {}
}
