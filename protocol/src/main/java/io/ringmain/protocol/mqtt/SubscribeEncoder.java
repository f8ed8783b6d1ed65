package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.MutableDirectBuffer;

/** Writes SUBSCRIBE; layout at {@link SubscribeDecoder}. For clients. */
public final class SubscribeEncoder extends PacketBuilder {
    public SubscribeEncoder wrap(
            final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version, final int packetId) {
        begin(buffer, offset, version);
        u16(packetId);
        if (isV5()) {
            u8(0);
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
