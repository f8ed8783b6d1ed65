package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ReasonCode.*;

/** The reason codes that each packet of MQTT 5 may carry: table 2-6, and the tables of the packets themselves. */
final class ReasonCodeRules {
    private static final int FIRST_ERROR = 0x80;

    /** One bit per code below 0x40 and one per code from 0x80 to 0xBF, by packet type. */
    private static final long[] GOOD = new long[16];

    private static final long[] ERRORS = new long[16];

    static {
        allow(PacketType.CONNACK, SUCCESS, BAD_AUTHENTICATION_METHOD, TOPIC_NAME_INVALID, PACKET_TOO_LARGE);
        allow(PacketType.CONNACK, QUOTA_EXCEEDED, PAYLOAD_FORMAT_INVALID, RETAIN_NOT_SUPPORTED, QOS_NOT_SUPPORTED);
        allow(PacketType.CONNACK, USE_ANOTHER_SERVER, SERVER_MOVED, CONNECTION_RATE_EXCEEDED);
        allowAll(PacketType.CONNACK, UNSPECIFIED_ERROR, BANNED);
        allowPublishAnswers(PacketType.PUBACK);
        allowPublishAnswers(PacketType.PUBREC);
        allow(PacketType.PUBREL, SUCCESS, PACKET_ID_NOT_FOUND);
        allow(PacketType.PUBCOMP, SUCCESS, PACKET_ID_NOT_FOUND);
        allow(PacketType.SUBACK, SUCCESS, GRANTED_QOS_1, GRANTED_QOS_2, UNSPECIFIED_ERROR);
        allow(PacketType.SUBACK, IMPLEMENTATION_SPECIFIC_ERROR, NOT_AUTHORIZED, TOPIC_FILTER_INVALID);
        allow(PacketType.SUBACK, PACKET_ID_IN_USE, QUOTA_EXCEEDED, SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
        allow(PacketType.SUBACK, SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED, WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
        allow(PacketType.UNSUBACK, SUCCESS, NO_SUBSCRIPTION_EXISTED, UNSPECIFIED_ERROR);
        allow(PacketType.UNSUBACK, IMPLEMENTATION_SPECIFIC_ERROR, NOT_AUTHORIZED);
        allow(PacketType.UNSUBACK, TOPIC_FILTER_INVALID, PACKET_ID_IN_USE);
        allow(PacketType.DISCONNECT, SUCCESS, DISCONNECT_WITH_WILL, NOT_AUTHORIZED, SERVER_BUSY, SERVER_SHUTTING_DOWN);
        allowAll(PacketType.DISCONNECT, UNSPECIFIED_ERROR, IMPLEMENTATION_SPECIFIC_ERROR);
        allowAll(PacketType.DISCONNECT, KEEP_ALIVE_TIMEOUT, TOPIC_NAME_INVALID);
        allowAll(PacketType.DISCONNECT, RECEIVE_MAXIMUM_EXCEEDED, WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
        allow(PacketType.AUTH, SUCCESS, CONTINUE_AUTHENTICATION, RE_AUTHENTICATE);
    }

    private ReasonCodeRules() {}

    private static void allowPublishAnswers(final int packetType) {
        allow(packetType, SUCCESS, NO_MATCHING_SUBSCRIBERS, UNSPECIFIED_ERROR, IMPLEMENTATION_SPECIFIC_ERROR);
        allow(packetType, NOT_AUTHORIZED, TOPIC_NAME_INVALID, PACKET_ID_IN_USE, QUOTA_EXCEEDED, PAYLOAD_FORMAT_INVALID);
    }

    private static void allow(final int packetType, final int... reasonCodes) {
        for (final int reasonCode : reasonCodes) {
            allowAll(packetType, reasonCode, reasonCode);
        }
    }

    private static void allowAll(final int packetType, final int first, final int last) {
        for (int reasonCode = first; reasonCode <= last; reasonCode++) {
            if (reasonCode < FIRST_ERROR) {
                GOOD[packetType] |= 1L << reasonCode;
            } else {
                ERRORS[packetType] |= 1L << reasonCode - FIRST_ERROR;
            }
        }
    }

    static boolean isAllowed(final int packetType, final int reasonCode) {
        final long codes = reasonCode < FIRST_ERROR ? GOOD[packetType] : ERRORS[packetType];
        final int bit = reasonCode & FIRST_ERROR - 1;
        return bit < Long.SIZE && (codes & 1L << bit) != 0;
    }
}
