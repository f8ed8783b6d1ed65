package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.mqtt.PropertyId.*;

/** The type of each property and the packets that may carry it: table 2-4 of MQTT 5. */
final class PropertyRules {
    static final int UNKNOWN = 0;
    static final int BYTE = 1;
    static final int TWO_BYTES = 2;
    static final int FOUR_BYTES = 3;
    static final int VAR_INT = 4;
    static final int TEXT = 5;
    static final int BINARY = 6;
    static final int TEXT_PAIR = 7;

    /** The context of a will's properties, which aren't a packet of their own; else the packet type. */
    static final int WILL = 0;

    private static final int[] TYPES = new int[COUNT];
    private static final int[] CONTEXTS = new int[COUNT];

    static {
        final int message = 1 << PacketType.PUBLISH | 1 << WILL;
        final int answers = 1 << PacketType.CONNACK
                | 1 << PacketType.PUBACK
                | 1 << PacketType.PUBREC
                | 1 << PacketType.PUBREL
                | 1 << PacketType.PUBCOMP
                | 1 << PacketType.SUBACK
                | 1 << PacketType.UNSUBACK
                | 1 << PacketType.DISCONNECT
                | 1 << PacketType.AUTH;
        final int opening = 1 << PacketType.CONNECT | 1 << PacketType.CONNACK;
        rule(PAYLOAD_FORMAT_INDICATOR, BYTE, message);
        rule(MESSAGE_EXPIRY_INTERVAL, FOUR_BYTES, message);
        rule(CONTENT_TYPE, TEXT, message);
        rule(RESPONSE_TOPIC, TEXT, message);
        rule(CORRELATION_DATA, BINARY, message);
        rule(SUBSCRIPTION_IDENTIFIER, VAR_INT, 1 << PacketType.PUBLISH | 1 << PacketType.SUBSCRIBE);
        rule(SESSION_EXPIRY_INTERVAL, FOUR_BYTES, opening | 1 << PacketType.DISCONNECT);
        rule(ASSIGNED_CLIENT_IDENTIFIER, TEXT, 1 << PacketType.CONNACK);
        rule(SERVER_KEEP_ALIVE, TWO_BYTES, 1 << PacketType.CONNACK);
        rule(AUTHENTICATION_METHOD, TEXT, opening | 1 << PacketType.AUTH);
        rule(AUTHENTICATION_DATA, BINARY, opening | 1 << PacketType.AUTH);
        rule(REQUEST_PROBLEM_INFORMATION, BYTE, 1 << PacketType.CONNECT);
        rule(WILL_DELAY_INTERVAL, FOUR_BYTES, 1 << WILL);
        rule(REQUEST_RESPONSE_INFORMATION, BYTE, 1 << PacketType.CONNECT);
        rule(RESPONSE_INFORMATION, TEXT, 1 << PacketType.CONNACK);
        rule(SERVER_REFERENCE, TEXT, 1 << PacketType.CONNACK | 1 << PacketType.DISCONNECT);
        rule(REASON_STRING, TEXT, answers);
        rule(RECEIVE_MAXIMUM, TWO_BYTES, opening);
        rule(TOPIC_ALIAS_MAXIMUM, TWO_BYTES, opening);
        rule(TOPIC_ALIAS, TWO_BYTES, 1 << PacketType.PUBLISH);
        rule(MAXIMUM_QOS, BYTE, 1 << PacketType.CONNACK);
        rule(RETAIN_AVAILABLE, BYTE, 1 << PacketType.CONNACK);
        rule(USER_PROPERTY, TEXT_PAIR, 0xFFFF);
        rule(MAXIMUM_PACKET_SIZE, FOUR_BYTES, opening);
        rule(WILDCARD_SUBSCRIPTION_AVAILABLE, BYTE, 1 << PacketType.CONNACK);
        rule(SUBSCRIPTION_IDENTIFIER_AVAILABLE, BYTE, 1 << PacketType.CONNACK);
        rule(SHARED_SUBSCRIPTION_AVAILABLE, BYTE, 1 << PacketType.CONNACK);
    }

    private PropertyRules() {}

    private static void rule(final int id, final int type, final int contexts) {
        TYPES[id] = type;
        CONTEXTS[id] = contexts;
    }

    /** The type of a property, {@link #UNKNOWN} if there is no such property. */
    static int type(final int id) {
        return id < COUNT ? TYPES[id] : UNKNOWN;
    }

    static boolean isAllowed(final int id, final int context) {
        return (CONTEXTS[id] & 1 << context) != 0;
    }

    /** True if a number is in the range that the specification gives for its property. */
    static boolean isInRange(final int id, final long value) {
        return switch (id) {
            case RECEIVE_MAXIMUM, MAXIMUM_PACKET_SIZE, SUBSCRIPTION_IDENTIFIER -> value != 0;
            default -> TYPES[id] != BYTE || value <= 1;
        };
    }
}
