package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.MutableDirectBuffer;

/** Writes UNSUBSCRIBE; layout at {@link UnsubscribeDecoder}. For clients. */
public final class UnsubscribeEncoder extends PacketBuilder {
    public UnsubscribeEncoder wrap(
            final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version, final int packetId) {
        begin(buffer, offset, version);
        u16(packetId);
        if (isV5()) {
            u8(0);
        }
        return this;
    }

    public UnsubscribeEncoder add(final String filter) {
        text(filter);
        return this;
    }

    /** Completes the packet and returns its length. */
    public int finish() {
        return seal(PacketType.UNSUBSCRIBE << 4 | 2);
    }
}
