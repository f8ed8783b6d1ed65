package io.ringmain.engine.io;

import io.ringmain.engine.event.DeliveryFlags;
import io.ringmain.engine.event.Identifiers;
import io.ringmain.engine.event.MessageView;
import io.ringmain.engine.event.Stamp;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.Framing;
import io.ringmain.protocol.mqtt.PropertyId;
import io.ringmain.protocol.mqtt.PublishEncoder;
import java.nio.ByteOrder;
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
    private static final int ALIAS_LENGTH = 3;

    private final ExpandableDirectByteBuffer variants = new ExpandableDirectByteBuffer(64 << 10);
    private final ExpandableDirectByteBuffer own = new ExpandableDirectByteBuffer(256);
    private final int[] variantOffsets = new int[VARIANTS];
    private final int[] variantLengths = new int[VARIANTS];

    private MessageView message;
    private long expirySeconds;
    private int variantsEnd;

    /** A bit for each variant. */
    private int encodedVariants;

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
        this.encodedVariants = 0;
        return this;
    }

    int length(final ProtocolVersion version, final int flags) {
        return PublishEncoder.length(
                version,
                flags & DeliveryFlags.WIRE,
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

    /**
     * As {@link #encode}, with properties that only this subscriber gets.
     *
     * @param aliases of the connection, null if it has none.
     * @param maximumPacketSize of the client in bytes.
     */
    void encodeOwn(
            final OutboundQueue outbound,
            final int flags,
            final int packetId,
            final Identifiers identifiers,
            final TopicAliases aliases,
            final int maximumPacketSize,
            final long requiredPosition,
            final long commitPosition) {
        int alias =
                aliases == null ? 0 : aliases.aliasOf(message.buffer(), message.topicOffset(), message.topicLength());
        final boolean known =
                alias != 0 && aliases.isSet(alias, message.buffer(), message.topicOffset(), message.topicLength());
        if (alias != 0 && !known) {
            if (ownLength(flags, message.topicLength(), identifiers, alias) > maximumPacketSize) {
                alias = 0;
            } else {
                aliases.set(alias, message.buffer(), message.topicOffset(), message.topicLength());
            }
        }
        final int topicLength = known ? 0 : message.topicLength();
        final int length = ownLength(flags, topicLength, identifiers, alias);
        final int at = outbound.claim(length);
        writeOwn(outbound.encodedView(), at, flags, packetId, topicLength, identifiers, alias);
        outbound.commit(length, requiredPosition, commitPosition);
    }

    /** Encodes with identifiers into {@link #variants()}, at the offset {@link #ownOffset()}; returns the length. */
    int encodeDetached(final int flags, final int packetId, final Identifiers identifiers) {
        final int length = ownLength(flags, message.topicLength(), identifiers, 0);
        variants.checkLimit(variantsEnd + length);
        writeOwn(variants, variantsEnd, flags, packetId, message.topicLength(), identifiers, 0);
        return length;
    }

    int ownOffset() {
        return variantsEnd;
    }

    private int ownLength(final int flags, final int topicLength, final Identifiers identifiers, final int alias) {
        return PublishEncoder.length(
                ProtocolVersion.V5,
                flags & DeliveryFlags.WIRE,
                topicLength,
                message.propertiesLength() + identifiers.wireLength() + (alias == 0 ? 0 : ALIAS_LENGTH),
                expirySeconds,
                message.payloadLength());
    }

    private void writeOwn(
            final MutableDirectBuffer target,
            final int at,
            final int flags,
            final int packetId,
            final int topicLength,
            final Identifiers identifiers,
            final int alias) {
        int length = 0;
        if (alias != 0) {
            own.putByte(0, (byte) PropertyId.TOPIC_ALIAS);
            own.putShort(1, (short) alias, ByteOrder.BIG_ENDIAN);
            length = ALIAS_LENGTH;
        }
        for (int i = 0; i < identifiers.count(); i++) {
            own.putByte(length++, (byte) PropertyId.SUBSCRIPTION_IDENTIFIER);
            length += Framing.writeVarInt(own, length, identifiers.get(i));
        }
        own.putBytes(length, message.buffer(), message.propertiesOffset(), message.propertiesLength());
        length += message.propertiesLength();
        final int packetLength = PublishEncoder.encode(
                target,
                at,
                ProtocolVersion.V5,
                flags & DeliveryFlags.WIRE,
                packetId,
                message.buffer(),
                message.topicOffset(),
                topicLength,
                own,
                0,
                length,
                expirySeconds,
                message.buffer(),
                message.payloadOffset(),
                message.payloadLength());
        fillStamp(target, at + packetLength);
    }

    /** What the broker says of a message with its own properties, and didn't know when it wrote them. */
    private void fillStamp(final MutableDirectBuffer target, final int packetEnd) {
        if (message.isStamped()) {
            Stamp.fill(target, packetEnd - message.payloadLength(), message.position(), message.timestampNs());
        }
    }

    /** Where the bytes of a variant lie in {@link #variants()}. */
    int variantOffset(final ProtocolVersion version, final int flags) {
        return variantOffsets[variant(version, flags)];
    }

    DirectBuffer variants() {
        return variants;
    }

    private int variant(final ProtocolVersion version, final int flags) {
        final int variant = (version == ProtocolVersion.V5 ? V5_VARIANTS : 0) | flags & DeliveryFlags.WIRE;
        if ((encodedVariants & 1 << variant) == 0) {
            encodedVariants |= 1 << variant;
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
        final int packetLength = PublishEncoder.encode(
                target,
                at,
                version,
                flags & DeliveryFlags.WIRE,
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
        if (version == ProtocolVersion.V5) {
            fillStamp(target, at + packetLength);
        }
    }
}
