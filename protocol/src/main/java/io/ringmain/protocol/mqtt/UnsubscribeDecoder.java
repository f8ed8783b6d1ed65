package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import org.agrona.DirectBuffer;

/** UNSUBSCRIBE, all versions: {@code packet id u16 | properties (MQTT 5) | one or more filters (text)}. */
public final class UnsubscribeDecoder extends PacketDecoder {
    private int packetId;
    private int firstFilter;
    private int count;
    private int remainingFilters;
    private int filterOffset;
    private int filterLength;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        count = 0;
        open(buffer, offset, length, PacketType.UNSUBSCRIBE, 2, version);
        packetId = packetIdentifier();
        properties(properties, version, PacketType.UNSUBSCRIBE);
        firstFilter = cursor;
        if (fault == ReasonCode.SUCCESS && remaining() == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        while (remaining() > 0) {
            text();
            count++;
        }
        final int reasonCode = close();
        rewind();
        return reasonCode;
    }

    /** Starts over before the first filter. */
    public void rewind() {
        cursor = firstFilter;
        remainingFilters = fault == ReasonCode.SUCCESS ? count : 0;
    }

    /** Moves to the next filter; false when there is none left. */
    public boolean next() {
        if (remainingFilters == 0) {
            return false;
        }
        remainingFilters--;
        filterLength = binary();
        filterOffset = cursor - filterLength;
        return true;
    }

    public int packetId() {
        return packetId;
    }

    /** Filters in the packet. */
    public int count() {
        return count;
    }

    public int filterOffset() {
        return filterOffset;
    }

    public int filterLength() {
        return filterLength;
    }

    /** True if the syntax of the current filter is right. */
    public boolean filterValid() {
        return TopicFilter.validate(buffer, filterOffset, filterLength);
    }
}
