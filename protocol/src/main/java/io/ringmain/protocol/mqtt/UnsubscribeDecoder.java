package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.DirectBuffer;

/** UNSUBSCRIBE, all versions: {@link FilterListDecoder}, filters and nothing else. */
public final class UnsubscribeDecoder extends FilterListDecoder {
    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        return wrap(buffer, offset, length, version, PacketType.UNSUBSCRIBE);
    }

    @Override
    void checkBehindFilter(final ProtocolVersion version, final int filterAt, final int length) {}

    @Override
    void readBehindFilter() {}
}
