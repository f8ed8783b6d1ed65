package io.ringmain.engine.core;

import io.ringmain.engine.event.Identifiers;
import org.agrona.DirectBuffer;

/** The output of a core that nobody listens to: it only comes to a state. */
public final class SilentOutput implements CoreOutput {
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
    public void onDisconnect(final int lane, final long connectionId, final int reasonCode) {}

    @Override
    public void onDeliverLive(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers) {}

    @Override
    public void onDeliverStored(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers,
            final long messagePosition,
            final int messageLength,
            final long expiryDeadlineNs) {}

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

    @Override
    public void onBehind(final int lane, final long connectionId, final long publisherId) {}

    @Override
    public void onCaughtUp(final int lane, final long connectionId) {}

    @Override
    public void onDrop(final DropReason reason) {}
}
