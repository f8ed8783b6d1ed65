package io.ringmain.engine.io;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.MessageView;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes one message for its subscribers: once for each variant of version and flags, however many there are; what
 * differs between subscribers of a variant, the packet id, is patched. Confined to one I/O agent.
 */
final class MessageEncoder {
    private static final int VARIANTS = 32;
    private static final int V5_VARIANTS = 16;
    private static final int ABSENT = -1;

    private final ExpandableDirectByteBuffer variants = new ExpandableDirectByteBuffer(64 << 10);
    private final int[] variantOffsets = new int[VARIANTS];
    private final int[] variantLengths = new int[VARIANTS];

    private MessageView message;
    private long expirySeconds;
    private int variantsEnd;

    /**
     * Takes the message that is to be encoded next.
     *
     * @param expiryDeadlineNs epoch nanoseconds, 0 for none.
     */
    MessageEncoder wrap(final MessageView message, final long expiryDeadlineNs, final long nowNs) {
        this.message = message;
        this.expirySeconds = expiryDeadlineNs == 0
                ? PublishEncoder.NO_EXPIRY
                : Math.max(1, TimeUnit.NANOSECONDS.toSeconds(expiryDeadlineNs - nowNs));
        this.variantsEnd = 0;
        Arrays.fill(variantOffsets, ABSENT);
        return this;
    }

    int length(final ProtocolVersion version, final int flags) {
        return PublishEncoder.length(
                version,
                flags,
                message.topicLength(),
                message.propertiesLength(),
                expirySeconds,
                message.payloadLength());
    }

    /** Encodes at the end of a connection's bytes. */
    void encode(
            final OutboundQueue outbound,
            final ProtocolVersion version,
            final int flags,
            final int packetId,
            final long requiredPosition,
            final long commitPosition) {
        final int length = length(version, flags);
        final int at = outbound.claim(length);
        write(outbound.encodedView(), at, version, flags, packetId);
        outbound.commit(length, requiredPosition, commitPosition);
    }

    /** As {@link #encode}, by a copy of the variant's bytes. */
    void copy(
            final OutboundQueue outbound,
            final ProtocolVersion version,
            final int flags,
            final int packetId,
            final long requiredPosition,
            final long commitPosition) {
        final int variant = variant(version, flags);
        final int length = variantLengths[variant];
        final int at = outbound.claim(length);
        final UnsafeBuffer view = outbound.encodedView();
        view.putBytes(at, variants, variantOffsets[variant], length);
        if (DeliveryFlags.qos(flags) > 0) {
            final int packetIdOffset = PublishEncoder.packetIdOffset(length, message.topicLength());
            view.putShort(at + packetIdOffset, (short) packetId, ByteOrder.BIG_ENDIAN);
        }
        outbound.commit(length, requiredPosition, commitPosition);
    }

    /** Where the bytes of a variant lie in {@link #variants()}. */
    int variantOffset(final ProtocolVersion version, final int flags) {
        return variantOffsets[variant(version, flags)];
    }

    DirectBuffer variants() {
        return variants;
    }

    private int variant(final ProtocolVersion version, final int flags) {
        final int variant = (version == ProtocolVersion.V5 ? V5_VARIANTS : 0) | flags;
        if (variantOffsets[variant] == ABSENT) {
            final int length = length(version, flags);
            variants.checkLimit(variantsEnd + length);
            write(variants, variantsEnd, version, flags, 0);
            variantOffsets[variant] = variantsEnd;
            variantLengths[variant] = length;
            variantsEnd += length;
        }
        return variant;
    }

    private void write(
            final MutableDirectBuffer target,
            final int at,
            final ProtocolVersion version,
            final int flags,
            final int packetId) {
        PublishEncoder.encode(
                target,
                at,
                version,
                flags,
                packetId,
                message.buffer(),
                message.topicOffset(),
                message.topicLength(),
                message.buffer(),
                message.propertiesOffset(),
                message.propertiesLength(),
                expirySeconds,
                message.buffer(),
                message.payloadOffset(),
                message.payloadLength());
    }
}
