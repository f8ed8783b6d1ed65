package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import org.agrona.DirectBuffer;

/**
 * What SUBSCRIBE and UNSUBSCRIBE share: {@code packet id u16 | properties (MQTT 5) | one or more filters}.
 *
 * <p>The whole packet is checked before the first filter is given out. A filter that is well-formed UTF-8 but wrong as
 * a filter is no fault of the packet: {@link #filterValid()} tells.
 */
public abstract sealed class FilterListDecoder extends PacketDecoder permits SubscribeDecoder, UnsubscribeDecoder {
    private static final int FLAGS = 2;

    private int packetId;
    private int firstFilter;
    private int count;
    private int remainingFilters;
    private int filterOffset;
    private int filterLength;

    final int wrap(
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final ProtocolVersion version,
            final int packetType) {
        count = 0;
        open(buffer, offset, length, packetType, FLAGS, version);
        packetId = packetIdentifier();
        properties(properties, version, packetType);
        firstFilter = cursor;
        if (fault == ReasonCode.SUCCESS && remaining() == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        while (remaining() > 0) {
            final int filter = text();
            checkBehindFilter(version, cursor - filter, filter);
            count++;
        }
        final int reasonCode = close();
        rewind();
        return reasonCode;
    }

    /** Passes over and checks what belongs to a filter that was just read; its text may have been at fault. */
    abstract void checkBehindFilter(ProtocolVersion version, int filterAt, int length);

    /** Reads what belongs to the current filter. */
    abstract void readBehindFilter();

    /** Starts over before the first filter. */
    public final void rewind() {
        cursor = firstFilter;
        remainingFilters = fault == ReasonCode.SUCCESS ? count : 0;
    }

    /** Moves to the next filter; false when there is none left. */
    public final boolean next() {
        if (remainingFilters == 0) {
            return false;
        }
        remainingFilters--;
        filterLength = binary();
        filterOffset = cursor - filterLength;
        readBehindFilter();
        return true;
    }

    public final int packetId() {
        return packetId;
    }

    /** Filters in the packet. */
    public final int count() {
        return count;
    }

    public final int filterOffset() {
        return filterOffset;
    }

    public final int filterLength() {
        return filterLength;
    }

    /** True if the syntax of the current filter is right. */
    public final boolean filterValid() {
        return TopicFilter.validate(buffer, filterOffset, filterLength);
    }
}
