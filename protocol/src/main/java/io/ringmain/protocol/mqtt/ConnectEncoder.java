package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import org.agrona.MutableDirectBuffer;

/**
 * Writes CONNECT; layout at {@link ConnectDecoder}. For clients: it takes texts as strings and allocates for them. Set
 * what there is to say in any order, then {@link #finish}.
 */
public final class ConnectEncoder extends PacketBuilder {
    private static final long ABSENT = -1;

    private int offset;
    private boolean cleanStart;
    private int keepAliveSeconds;
    private String clientId;
    private String username;
    private byte[] password;
    private String willTopic;
    private byte[] willPayload;
    private int willQos;
    private boolean willRetain;
    private long sessionExpirySeconds;
    private long receiveMaximum;
    private long maximumPacketSize;
    private long topicAliasMaximum;
    private long willDelaySeconds;
    private long willExpirySeconds;

    public ConnectEncoder wrap(final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version) {
        this.buffer = buffer;
        this.offset = offset;
        this.version = version;
        cleanStart = true;
        keepAliveSeconds = 0;
        clientId = "";
        username = null;
        password = null;
        willTopic = null;
        sessionExpirySeconds = ABSENT;
        receiveMaximum = ABSENT;
        maximumPacketSize = ABSENT;
        topicAliasMaximum = ABSENT;
        willDelaySeconds = ABSENT;
        willExpirySeconds = ABSENT;
        return this;
    }

    public ConnectEncoder cleanStart(final boolean clean) {
        this.cleanStart = clean;
        return this;
    }

    public ConnectEncoder keepAlive(final int seconds) {
        this.keepAliveSeconds = seconds;
        return this;
    }

    public ConnectEncoder clientId(final String id) {
        this.clientId = id;
        return this;
    }

    public ConnectEncoder username(final String name) {
        this.username = name;
        return this;
    }

    public ConnectEncoder password(final byte[] secret) {
        this.password = secret;
        return this;
    }

    public ConnectEncoder will(final String topic, final byte[] payload, final int qos, final boolean retain) {
        this.willTopic = topic;
        this.willPayload = payload;
        this.willQos = qos;
        this.willRetain = retain;
        return this;
    }

    public ConnectEncoder sessionExpiry(final long seconds) {
        this.sessionExpirySeconds = seconds;
        return this;
    }

    public ConnectEncoder receiveMaximum(final int maximum) {
        this.receiveMaximum = maximum;
        return this;
    }

    public ConnectEncoder maximumPacketSize(final int bytes) {
        this.maximumPacketSize = bytes;
        return this;
    }

    public ConnectEncoder topicAliasMaximum(final int maximum) {
        this.topicAliasMaximum = maximum;
        return this;
    }

    public ConnectEncoder willDelay(final long seconds) {
        this.willDelaySeconds = seconds;
        return this;
    }

    public ConnectEncoder willExpiry(final long seconds) {
        this.willExpirySeconds = seconds;
        return this;
    }

    /** Completes the packet and returns its length. */
    public int finish() {
        begin(buffer, offset, version);
        text(version == ProtocolVersion.V3_1 ? "MQIsdp" : "MQTT");
        u8(version.level());
        u8(flags());
        u16(keepAliveSeconds);
        if (isV5()) {
            writeProperties();
        }
        text(clientId);
        if (willTopic != null) {
            writeWill();
        }
        if (username != null) {
            text(username);
        }
        if (password != null) {
            bytes(password);
        }
        return seal(PacketType.CONNECT << 4);
    }

    private int flags() {
        final int will = willTopic == null ? 0 : 4 | willQos << 3 | (willRetain ? 0x20 : 0);
        return (cleanStart ? 2 : 0) | will | (password != null ? 0x40 : 0) | (username != null ? 0x80 : 0);
    }

    private void writeProperties() {
        final int from = cursor;
        fourBytes(PropertyId.SESSION_EXPIRY_INTERVAL, sessionExpirySeconds);
        twoBytes(PropertyId.RECEIVE_MAXIMUM, receiveMaximum);
        fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, maximumPacketSize);
        twoBytes(PropertyId.TOPIC_ALIAS_MAXIMUM, topicAliasMaximum);
        prefixLength(from);
    }

    private void writeWill() {
        if (isV5()) {
            final int from = cursor;
            fourBytes(PropertyId.WILL_DELAY_INTERVAL, willDelaySeconds);
            fourBytes(PropertyId.MESSAGE_EXPIRY_INTERVAL, willExpirySeconds);
            prefixLength(from);
        }
        text(willTopic);
        bytes(willPayload);
    }

    private void twoBytes(final int id, final long value) {
        if (value != ABSENT) {
            u8(id);
            u16((int) value);
        }
    }

    private void fourBytes(final int id, final long value) {
        if (value != ABSENT) {
            u8(id);
            u32(value);
        }
    }
}
