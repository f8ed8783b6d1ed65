package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.MutableDirectBuffer;

/** Writes SUBSCRIBE; layout at {@link SubscribeDecoder}. For clients. */
public final class SubscribeEncoder extends PacketBuilder {
    /** A subscription without identifier. */
    public static final int NO_IDENTIFIER = 0;

    public SubscribeEncoder wrap(
            final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version, final int packetId) {
        return wrap(buffer, offset, version, packetId, NO_IDENTIFIER);
    }

    /** @param identifier subscription identifier, left out in MQTT 3.x. */
    public SubscribeEncoder wrap(
            final MutableDirectBuffer buffer,
            final int offset,
            final ProtocolVersion version,
            final int packetId,
            final int identifier) {
        begin(buffer, offset, version);
        u16(packetId);
        if (isV5()) {
            final int properties = cursor;
            if (identifier != NO_IDENTIFIER) {
                u8(PropertyId.SUBSCRIPTION_IDENTIFIER);
                cursor += Framing.writeVarInt(buffer, cursor, identifier);
            }
            prefixLength(properties);
        }
        return this;
    }

    /** Adds a filter; options as in MQTT 5, of which MQTT 3.x takes the QoS alone. */
    public SubscribeEncoder add(final String filter, final int options) {
        text(filter);
        u8(isV5() ? options : options & 3);
        return this;
    }

    /** Completes the packet and returns its length. */
    public int finish() {
        return seal(PacketType.SUBSCRIBE << 4 | 2);
    }
}
