package io.ringmain.engine.core;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;

/** Writes down what the core says, one line for each call. */
final class OutputRecorder implements CoreOutput {
    private static final String[] PACKETS = {"", "", "", "", "puback", "pubrec", "pubrel", "pubcomp"};

    private final List<String> lines = new ArrayList<>();

    /** Gives the lines since the last call. */
    List<String> take() {
        final List<String> taken = new ArrayList<>(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void onConnack(final int lane, final long connectionId, final int reasonCode, final boolean sessionPresent) {
        lines.add(connectionId + " connack " + reasonCode + (sessionPresent ? " present" : ""));
    }

    @Override
    public void onAck(
            final int lane, final long connectionId, final int packetType, final int packetId, final int reasonCode) {
        lines.add(connectionId + " " + PACKETS[packetType] + " " + packetId + " 0x" + Integer.toHexString(reasonCode));
    }

    @Override
    public void onSuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {
        lines.add(connectionId + " suback " + packetId + codes(reasonCodes, offset, count));
    }

    @Override
    public void onUnsuback(
            final int lane,
            final long connectionId,
            final int packetId,
            final DirectBuffer reasonCodes,
            final int offset,
            final int count) {
        lines.add(connectionId + " unsuback " + packetId + codes(reasonCodes, offset, count));
    }

    private static String codes(final DirectBuffer buffer, final int offset, final int count) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(" 0x").append(Integer.toHexString(buffer.getByte(offset + i) & 0xFF));
        }
        return text.toString();
    }

    @Override
    public void onDisconnect(final int lane, final long connectionId, final int reasonCode) {
        lines.add(connectionId + " disconnect 0x" + Integer.toHexString(reasonCode));
    }

    @Override
    public void onDeliverLive(
            final int lane,
            final long connectionId,
            final int packetId,
            final int deliveryFlags,
            final Identifiers identifiers) {
        lines.add(connectionId + " live " + packetId + flags(deliveryFlags) + ids(identifiers));
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
        lines.add(connectionId + " stored " + packetId + flags(deliveryFlags) + ids(identifiers) + " @"
                + messagePosition);
    }

    private static String ids(final Identifiers identifiers) {
        return identifiers.isEmpty() ? "" : " ids " + Arrays.toString(identifiers.toArray());
    }

    private static String flags(final int flags) {
        return " q" + DeliveryFlags.qos(flags)
                + (DeliveryFlags.isRetain(flags) ? " retain" : "")
                + (DeliveryFlags.isDup(flags) ? " dup" : "")
                + ((flags & DeliveryFlags.REPORT) != 0 ? " report" : "");
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
        lines.add(connectionId + " replay " + number + " asked @" + askedAt + " from " + fromPosition + " to "
                + toPosition + " " + filter.getStringWithoutLengthUtf8(0, filter.capacity()));
    }

    /** What was said about messages that were not taken, and wills; apart, since it goes to no connection. */
    final List<String> notes = new ArrayList<>();

    @Override
    public void onBehind(final int lane, final long connectionId, final long publisherId) {
        lines.add("behind c" + connectionId + ": c" + publisherId);
    }

    @Override
    public void onCaughtUp(final int lane, final long connectionId) {
        lines.add("caught up c" + connectionId);
    }

    @Override
    public void onNotTaken(final long position, final int reasonCode) {
        notes.add("not taken @" + position + " 0x" + Integer.toHexString(reasonCode));
    }

    @Override
    public void onWillPublished(
            final long causePosition,
            final long connectPosition,
            final DirectBuffer topic,
            final DirectBuffer clientId) {
        notes.add("will @" + connectPosition + " by @" + causePosition);
    }

    @Override
    public void onNoted(final long causePosition) {}

    @Override
    public void onDrop(final DropReason reason) {
        lines.add("drop " + reason);
    }
}
