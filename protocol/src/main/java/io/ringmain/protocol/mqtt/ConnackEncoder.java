package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes CONNACK; layout at {@link ConnackDecoder}. Set what there is to say and {@link #finish}: properties are left
 * out in MQTT 3.x, where the reason code becomes a return code, and session present is left out in MQTT 3.1.
 */
public final class ConnackEncoder extends PacketBuilder {
    private int head;

    public ConnackEncoder wrap(final MutableDirectBuffer buffer, final int offset, final ProtocolVersion version) {
        begin(buffer, offset, version);
        head = cursor;
        u16(0);
        return this;
    }

    public ConnackEncoder sessionPresent(final boolean present) {
        buffer.putByte(head, (byte) (present && version != ProtocolVersion.V3_1 ? 1 : 0));
        return this;
    }

    /** An MQTT 5 reason code, whatever the version. */
    public ConnackEncoder reasonCode(final int reasonCode) {
        buffer.putByte(head + 1, (byte) (isV5() ? reasonCode : ReasonCode.connackV3(reasonCode)));
        return this;
    }

    public ConnackEncoder sessionExpiry(final long seconds) {
        return fourBytes(PropertyId.SESSION_EXPIRY_INTERVAL, seconds);
    }

    public ConnackEncoder receiveMaximum(final int maximum) {
        return twoBytes(PropertyId.RECEIVE_MAXIMUM, maximum);
    }

    /** Announces QoS 0 or 1; 2 is announced by saying nothing. */
    public ConnackEncoder maximumQos(final int qos) {
        return qos == 2 ? this : oneByte(PropertyId.MAXIMUM_QOS, qos);
    }

    public ConnackEncoder retainAvailable(final boolean available) {
        return oneByte(PropertyId.RETAIN_AVAILABLE, available ? 1 : 0);
    }

    public ConnackEncoder maximumPacketSize(final int bytes) {
        return fourBytes(PropertyId.MAXIMUM_PACKET_SIZE, bytes);
    }

    public ConnackEncoder assignedClientId(final DirectBuffer source, final int offset, final int length) {
        if (isV5()) {
            u8(PropertyId.ASSIGNED_CLIENT_IDENTIFIER);
            bytes(source, offset, length);
        }
        return this;
    }

    public ConnackEncoder topicAliasMaximum(final int maximum) {
        return twoBytes(PropertyId.TOPIC_ALIAS_MAXIMUM, maximum);
    }

    public ConnackEncoder wildcardAvailable(final boolean available) {
        return oneByte(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, available ? 1 : 0);
    }

    public ConnackEncoder subscriptionIdentifiersAvailable(final boolean available) {
        return oneByte(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, available ? 1 : 0);
    }

    public ConnackEncoder sharedAvailable(final boolean available) {
        return oneByte(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, available ? 1 : 0);
    }

    public ConnackEncoder serverKeepAlive(final int seconds) {
        return twoBytes(PropertyId.SERVER_KEEP_ALIVE, seconds);
    }

    public ConnackEncoder reasonString(final String reason) {
        return oneText(PropertyId.REASON_STRING, reason);
    }

    public ConnackEncoder responseInformation(final String information) {
        return oneText(PropertyId.RESPONSE_INFORMATION, information);
    }

    public ConnackEncoder serverReference(final String reference) {
        return oneText(PropertyId.SERVER_REFERENCE, reference);
    }

    /** @param data left out if it is empty. */
    public ConnackEncoder authentication(final String method, final byte[] data) {
        oneText(PropertyId.AUTHENTICATION_METHOD, method);
        if (isV5() && data.length > 0) {
            u8(PropertyId.AUTHENTICATION_DATA);
            bytes(data);
        }
        return this;
    }

    private ConnackEncoder oneText(final int id, final String text) {
        if (isV5()) {
            u8(id);
            text(text);
        }
        return this;
    }

    private ConnackEncoder oneByte(final int id, final int value) {
        if (isV5()) {
            u8(id);
            u8(value);
        }
        return this;
    }

    private ConnackEncoder twoBytes(final int id, final int value) {
        if (isV5()) {
            u8(id);
            u16(value);
        }
        return this;
    }

    private ConnackEncoder fourBytes(final int id, final long value) {
        if (isV5()) {
            u8(id);
            u32(value);
        }
        return this;
    }

    /** Completes the packet and returns its length. */
    public int finish() {
        if (isV5()) {
            prefixLength(head + 2);
        }
        return seal(PacketType.CONNACK << 4);
    }
}
