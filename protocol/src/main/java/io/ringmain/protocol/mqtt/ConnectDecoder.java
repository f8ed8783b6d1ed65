package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import io.ringmain.protocol.TopicName;
import org.agrona.DirectBuffer;

/**
 * CONNECT, all versions.
 *
 * <pre>
 *  +-----------------+-------+-------+------------+------------+-----------+------------------------------------------+
 *  | protocol name   | level | flags | keep alive | properties | client id | will properties, topic, payload; user    |
 *  | (text)          | u8    | u8    | u16 s      | (MQTT 5)   | (text)    | name; password: each when its flag is set |
 *  +-----------------+-------+-------+------------+------------+-----------+------------------------------------------+
 * </pre>
 */
public final class ConnectDecoder extends PacketDecoder {
    private static final int RESERVED = 0x01;
    private static final int CLEAN_START = 0x02;
    private static final int WILL = 0x04;
    private static final int WILL_QOS_SHIFT = 3;
    private static final int WILL_RETAIN = 0x20;
    private static final int PASSWORD = 0x40;
    private static final int USERNAME = 0x80;

    private final Properties willProperties = new Properties();
    private ProtocolVersion version;
    private int flags;
    private int keepAliveSeconds;
    private int clientIdOffset;
    private int clientIdLength;
    private int willTopicOffset;
    private int willTopicLength;
    private int willPayloadOffset;
    private int willPayloadLength;
    private int usernameOffset;
    private int usernameLength;
    private int passwordOffset;
    private int passwordLength;

    /**
     * Wraps a whole packet.
     *
     * @return {@link ReasonCode#UNSUPPORTED_PROTOCOL_VERSION} for a name or level that is none of ours.
     */
    public int wrap(final DirectBuffer buffer, final int offset, final int length) {
        version = null;
        flags = 0;
        willProperties.clear(buffer, offset);
        if (open(buffer, offset, length, PacketType.CONNECT, 0, null)) {
            readHeader();
        }
        if (fault == ReasonCode.SUCCESS) {
            readPayload();
        }
        return close();
    }

    private void readHeader() {
        final int nameLength = text();
        final int nameOffset = cursor - nameLength;
        final int level = u8();
        version = ProtocolVersion.ofLevel(level);
        if (fault == ReasonCode.SUCCESS && (version == null || !nameIsOf(version, nameOffset, nameLength))) {
            version = null;
            fail(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION);
        }
        checkLengthEncoding(version);
        flags = u8();
        keepAliveSeconds = u16();
        checkFlags();
        properties(properties, version, PacketType.CONNECT);
        if (!properties.isAuthenticationComplete()) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /** MQTT 3.1 has only one version of the name and level, MQTT 3.1.1 and 5 share theirs. */
    private boolean nameIsOf(final ProtocolVersion version, final int offset, final int length) {
        final String name = version == ProtocolVersion.V3_1 ? "MQIsdp" : "MQTT";
        if (length != name.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void checkFlags() {
        final boolean reservedSet = (flags & RESERVED) != 0;
        final boolean willBitsAlone = !hasWill() && (flags & (WILL_RETAIN | 3 << WILL_QOS_SHIFT)) != 0;
        // MQTT 3.1 calls bit 0 and the will bits without a will unused.
        final boolean unusedSet = (reservedSet || willBitsAlone) && version != ProtocolVersion.V3_1;
        final boolean passwordAlone = hasPassword() && !hasUsername() && version != ProtocolVersion.V5;
        if (unusedSet || (hasWill() && willQos() == 3) || passwordAlone) {
            fail(ReasonCode.MALFORMED_PACKET);
        }
    }

    private void readPayload() {
        clientIdLength = text();
        clientIdOffset = cursor - clientIdLength;
        if (hasWill()) {
            readWill();
        } else {
            willTopicLength = 0;
            willTopicOffset = cursor;
            willPayloadLength = 0;
            willPayloadOffset = cursor;
        }
        dropMissingCredentials(USERNAME | PASSWORD);
        usernameLength = hasUsername() ? text() : 0;
        usernameOffset = cursor - usernameLength;
        dropMissingCredentials(PASSWORD);
        passwordLength = hasPassword() ? binary() : 0;
        passwordOffset = cursor - passwordLength;
        checkClientId();
    }

    private void readWill() {
        properties(willProperties, version, PropertyRules.WILL);
        willTopicLength = text();
        willTopicOffset = cursor - willTopicLength;
        willPayloadLength = binary();
        willPayloadOffset = cursor - willPayloadLength;
        if (fault != ReasonCode.SUCCESS) {
            return;
        }
        if (!TopicName.validate(buffer, willTopicOffset, willTopicLength)) {
            fail(ReasonCode.TOPIC_NAME_INVALID);
        } else if (!willProperties.isResponseTopicValid()) {
            fail(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /**
     * MQTT 3.1 wants a server to take a packet that ends before the user name or the password that its flags announce
     * (section 3.1, user name and password flags): the packet's length counts, not the flags.
     */
    private void dropMissingCredentials(final int flagsOfMissing) {
        if (version == ProtocolVersion.V3_1 && remaining() == 0) {
            flags &= ~flagsOfMissing;
        }
    }

    /** Only MQTT 5 gives every client without an identifier one; 3.1.1 wants a clean session then, 3.1 always one. */
    private void checkClientId() {
        final boolean mayBeEmpty = version == ProtocolVersion.V5 || (version == ProtocolVersion.V3_1_1 && cleanStart());
        if (fault == ReasonCode.SUCCESS && remaining() == 0 && clientIdLength == 0 && !mayBeEmpty) {
            fail(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        }
    }

    /** The version asked for; null when it is none that we speak, or when the packet was broken before it. */
    public ProtocolVersion version() {
        return version;
    }

    public boolean cleanStart() {
        return (flags & CLEAN_START) != 0;
    }

    public int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    public boolean hasWill() {
        return (flags & WILL) != 0;
    }

    /** QoS of the will; meaningless without one. */
    public int willQos() {
        return (flags >> WILL_QOS_SHIFT) & 3;
    }

    public boolean willRetain() {
        return (flags & WILL_RETAIN) != 0;
    }

    public boolean hasUsername() {
        return (flags & USERNAME) != 0;
    }

    public boolean hasPassword() {
        return (flags & PASSWORD) != 0;
    }

    public int clientIdOffset() {
        return clientIdOffset;
    }

    public int clientIdLength() {
        return clientIdLength;
    }

    /** Properties of the will, empty without one. */
    public Properties willProperties() {
        return willProperties;
    }

    public int willTopicOffset() {
        return willTopicOffset;
    }

    public int willTopicLength() {
        return willTopicLength;
    }

    public int willPayloadOffset() {
        return willPayloadOffset;
    }

    public int willPayloadLength() {
        return willPayloadLength;
    }

    public int usernameOffset() {
        return usernameOffset;
    }

    public int usernameLength() {
        return usernameLength;
    }

    public int passwordOffset() {
        return passwordOffset;
    }

    public int passwordLength() {
        return passwordLength;
    }
}
