package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicFilter;
import org.agrona.DirectBuffer;

/** SUBSCRIBE, all versions: {@link FilterListDecoder}, where each filter is followed by its options, u8. */
public final class SubscribeDecoder extends FilterListDecoder {
    private static final int QOS = 0x03;
    private static final int NO_LOCAL = 0x04;
    private static final int RETAIN_HANDLING = 0x30;
    private static final int OPTIONS_V5 = 0x3F;

    private int optionsMask;
    private int options;

    public int wrap(final DirectBuffer buffer, final int offset, final int length, final ProtocolVersion version) {
        optionsMask = version == ProtocolVersion.V5 ? OPTIONS_V5 : QOS;
        return wrap(buffer, offset, length, version, PacketType.SUBSCRIBE);
    }

    @Override
    void checkBehindFilter(final ProtocolVersion version, final int filterAt, final int length) {
        final int flags = u8();
        if (fault != ReasonCode.SUCCESS) {
            return;
        }
        // MQTT 3.1 calls the upper bits unused.
        if ((flags & ~optionsMask) != 0 && version != ProtocolVersion.V3_1) {
            fail(ReasonCode.MALFORMED_PACKET);
        } else if (version == ProtocolVersion.V5) {
            checkOptions(flags, filterAt, length);
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

    @Override
    void readBehindFilter() {
        options = u8() & optionsMask;
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
