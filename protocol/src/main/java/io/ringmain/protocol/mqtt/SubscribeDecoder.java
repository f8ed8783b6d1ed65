package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import org.agrona.DirectBuffer;

/**
 * SUBSCRIBE, all versions: {@code packet id u16 | properties (MQTT 5) | one or more of: filter (text), options u8}.
 *
 * <p>The whole packet is checked before the first filter is given out. A filter that is well-formed UTF-8 but wrong as
 * a filter is no fault of the packet: {@link #filterValid()} tells.
 */
public final class SubscribeDecoder extends PacketDecoder {
    private static final int QOS = 0x03;
    private static final int NO_LOCAL = 0x04;
    private static final int RETAIN_HANDLING = 0x30;
    private static final int OPTIONS_V5 = 0x3F;

    private int packetId;
    private int firstFilter;
    private int count;
    private int optionsMask;
    private int remainingFilters;
    private int filterOffset;
    private int filterLength;
    private int options;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        count = 0;
        optionsMask = version == ProtocolVersion.V5 ? OPTIONS_V5 : QOS;
        open(buffer, offset, length, PacketType.SUBSCRIBE, 2, version);
        packetId = packetIdentifier();
        properties(properties, version, PacketType.SUBSCRIBE);
        firstFilter = cursor;
        if (fault == ReasonCode.SUCCESS && remaining() == 0) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
        while (remaining() > 0) {
            readFilter(version);
        }
        final int reasonCode = close();
        rewind();
        return reasonCode;
    }

    private void readFilter(final ProtocolVersion version) {
        final int filter = text();
        final int at = cursor - filter;
        final int flags = u8();
        if (fault != ReasonCode.SUCCESS) {
            return;
        }
        count++;
        // MQTT 3.1 calls the upper bits unused.
        if ((flags & ~optionsMask) != 0 && version != ProtocolVersion.V3_1) {
            fail(ReasonCode.MALFORMED_PACKET);
        } else if (version == ProtocolVersion.V5) {
            checkOptions(flags, at, filter);
        } else if ((flags & QOS) == QOS) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
    }

    private void checkOptions(final int flags, final int filterAt, final int length) {
        final boolean qosWrong = (flags & QOS) == QOS;
        final boolean handlingWrong = (flags & RETAIN_HANDLING) == RETAIN_HANDLING;
        if (qosWrong || handlingWrong) {
            fail(ReasonCode.PROTOCOL_ERROR);
        } else if ((flags & NO_LOCAL) != 0 && TopicFilter.isShared(buffer, filterAt, length)) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
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
        options = u8() & optionsMask;
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

    /**
     * Subscription options as MQTT 5 has them: bits 0-1 QoS, 2 No Local, 3 Retain As Published, 4-5 Retain Handling; of
     * a MQTT 3.x packet the QoS alone.
     */
    public int options() {
        return options;
    }

    public int qos() {
        return options & QOS;
    }
}
