package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/** Writes AUTH; layout at {@link AuthDecoder}. */
public final class AuthEncoder extends PacketBuilder {
    private static final int OVERHEAD = 32;

    private int properties;

    /** An upper bound of the length in bytes of a packet with this method and so many bytes of data. */
    public static int maxLength(final String method, final int dataLength) {
        return OVERHEAD + method.getBytes(StandardCharsets.UTF_8).length + dataLength;
    }

    public AuthEncoder wrap(final MutableDirectBuffer buffer, final int offset, final int reasonCode) {
        begin(buffer, offset, ProtocolVersion.V5);
        u8(reasonCode);
        properties = cursor;
        return this;
    }

    public AuthEncoder method(final String method) {
        u8(PropertyId.AUTHENTICATION_METHOD);
        text(method);
        return this;
    }

    /** Authentication Data; nothing is written if it is empty. */
    public AuthEncoder data(final byte[] data) {
        if (data.length > 0) {
            u8(PropertyId.AUTHENTICATION_DATA);
            bytes(data);
        }
        return this;
    }

    /** Completes the packet and returns its length. */
    public int finish() {
        prefixLength(properties);
        return seal(PacketType.AUTH << 4);
    }
}
