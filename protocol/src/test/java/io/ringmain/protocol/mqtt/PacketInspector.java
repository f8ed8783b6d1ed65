package io.ringmain.protocol.mqtt;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.DirectBuffer;

/**
 * Decodes any packet and renders all that its decoder tells, with the bytes of texts and payloads instead of offsets:
 * two decodings are equal when their renderings are. Checks on the way that nothing told lies outside of the packet.
 */
final class PacketInspector {
    final ConnectDecoder connect = new ConnectDecoder();
    final ConnackDecoder connack = new ConnackDecoder();
    final PublishDecoder publish = new PublishDecoder();
    final AckDecoder ack = new AckDecoder();
    final SubscribeDecoder subscribe = new SubscribeDecoder();
    final SubackDecoder suback = new SubackDecoder();
    final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    final UnsubackDecoder unsuback = new UnsubackDecoder();
    final EmptyPacketDecoder empty = new EmptyPacketDecoder();
    final DisconnectDecoder disconnect = new DisconnectDecoder();
    final AuthDecoder auth = new AuthDecoder();

    private final StringBuilder out = new StringBuilder();
    private DirectBuffer buffer;
    private int offset;
    private int limit;

    /** Decodes by the type in the first byte. */
    int decode(final DirectBuffer packet, final int at, final int length, final ProtocolVersion version) {
        final int type = length == 0 ? 0 : Framing.packetType(packet.getByte(at));
        return decode(type, packet, at, length, version);
    }

    int decode(
            final int type, final DirectBuffer packet, final int at, final int length, final ProtocolVersion version) {
        return switch (type) {
            case PacketType.CONNECT -> connect.wrap(packet, at, length);
            case PacketType.CONNACK -> connack.wrap(packet, at, length, version);
            case PacketType.PUBLISH -> publish.wrap(packet, at, length, version);
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP ->
                ack.wrap(packet, at, length, version);
            case PacketType.SUBSCRIBE -> subscribe.wrap(packet, at, length, version);
            case PacketType.SUBACK -> suback.wrap(packet, at, length, version);
            case PacketType.UNSUBSCRIBE -> unsubscribe.wrap(packet, at, length, version);
            case PacketType.UNSUBACK -> unsuback.wrap(packet, at, length, version);
            case PacketType.PINGREQ, PacketType.PINGRESP -> empty.wrap(packet, at, length, type);
            case PacketType.DISCONNECT -> disconnect.wrap(packet, at, length, version);
            case PacketType.AUTH -> auth.wrap(packet, at, length, version);
            default -> ReasonCode.MALFORMED_PACKET;
        };
    }

    /** The reason code of the decoder of this type and, if it is success, everything that the decoder tells. */
    String inspect(
            final int type, final DirectBuffer packet, final int at, final int length, final ProtocolVersion version) {
        buffer = packet;
        offset = at;
        limit = at + length;
        out.setLength(0);
        final int reasonCode = decode(type, packet, at, length, version);
        out.append(ReasonCode.name(reasonCode));
        if (reasonCode == ReasonCode.SUCCESS) {
            render(type);
        }
        return out.toString();
    }

    private void render(final int type) {
        switch (type) {
            case PacketType.CONNECT -> renderConnect();
            case PacketType.CONNACK -> {
                number("sessionPresent", connack.sessionPresent() ? 1 : 0);
                number("code", connack.reasonCode());
                properties(connack.properties());
            }
            case PacketType.PUBLISH -> renderPublish();
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP -> {
                number("type", ack.packetType());
                number("id", ack.packetId());
                number("code", ack.reasonCode());
                properties(ack.properties());
            }
            case PacketType.SUBSCRIBE -> renderSubscribe();
            case PacketType.UNSUBSCRIBE -> renderUnsubscribe();
            case PacketType.SUBACK -> {
                number("id", suback.packetId());
                properties(suback.properties());
                for (int i = 0; i < suback.count(); i++) {
                    number("code", suback.reasonCode(i));
                }
            }
            case PacketType.UNSUBACK -> {
                number("id", unsuback.packetId());
                properties(unsuback.properties());
                for (int i = 0; i < unsuback.count(); i++) {
                    number("code", unsuback.reasonCode(i));
                }
            }
            case PacketType.DISCONNECT -> {
                number("code", disconnect.reasonCode());
                properties(disconnect.properties());
            }
            case PacketType.AUTH -> {
                number("code", auth.reasonCode());
                properties(auth.properties());
            }
            default -> {}
        }
    }

    private void renderConnect() {
        number("level", connect.version().level());
        number("clean", connect.cleanStart() ? 1 : 0);
        number("keepAlive", connect.keepAliveSeconds());
        bytes("clientId", connect.clientIdOffset(), connect.clientIdLength());
        properties(connect.properties());
        if (connect.hasWill()) {
            number("willQos", connect.willQos());
            number("willRetain", connect.willRetain() ? 1 : 0);
        }
        bytes("willTopic", connect.willTopicOffset(), connect.willTopicLength());
        bytes("willPayload", connect.willPayloadOffset(), connect.willPayloadLength());
        properties(connect.willProperties());
        number("hasUsername", connect.hasUsername() ? 1 : 0);
        bytes("username", connect.usernameOffset(), connect.usernameLength());
        number("hasPassword", connect.hasPassword() ? 1 : 0);
        bytes("password", connect.passwordOffset(), connect.passwordLength());
    }

    private void renderPublish() {
        number("dup", publish.dup() ? 1 : 0);
        number("qos", publish.qos());
        number("retain", publish.retain() ? 1 : 0);
        number("id", publish.packetId());
        bytes("topic", publish.topicOffset(), publish.topicLength());
        properties(publish.properties());
        bytes("payload", publish.payloadOffset(), publish.payloadLength());
        number("formatValid", publish.payloadFormatValid() ? 1 : 0);
    }

    private void renderSubscribe() {
        number("id", subscribe.packetId());
        properties(subscribe.properties());
        int filters = 0;
        while (subscribe.next()) {
            bytes("filter", subscribe.filterOffset(), subscribe.filterLength());
            number("valid", subscribe.filterValid() ? 1 : 0);
            number("options", subscribe.options());
            number("qos", subscribe.qos());
            filters++;
        }
        require(filters == subscribe.count() && filters > 0, "filters " + filters);
    }

    private void renderUnsubscribe() {
        number("id", unsubscribe.packetId());
        properties(unsubscribe.properties());
        int filters = 0;
        while (unsubscribe.next()) {
            bytes("filter", unsubscribe.filterOffset(), unsubscribe.filterLength());
            number("valid", unsubscribe.filterValid() ? 1 : 0);
            filters++;
        }
        require(filters == unsubscribe.count() && filters > 0, "filters " + filters);
    }

    private void properties(final Properties properties) {
        bytes("block", properties.offset(), properties.length());
        for (int id = 0; id < PropertyId.COUNT; id++) {
            final int type = PropertyRules.type(id);
            if (!properties.has(id)) {
                continue;
            }
            if (type == PropertyRules.TEXT || type == PropertyRules.BINARY) {
                bytes("property" + id, properties.bytesOffset(id), properties.bytesLength(id));
            } else {
                number("property" + id, properties.value(id));
            }
        }
        int count = 0;
        properties.rewind();
        while (properties.nextUserProperty()) {
            bytes("key", properties.keyOffset(), properties.keyLength());
            bytes("value", properties.valueOffset(), properties.valueLength());
            count++;
        }
        require(count == properties.userPropertyCount(), "user properties " + count);
        require(
                properties.forwardableLength() >= 0 && properties.forwardableLength() <= properties.length(),
                "forwardable length");
    }

    private void number(final String name, final long value) {
        out.append(' ').append(name).append('=').append(value);
    }

    private void bytes(final String name, final int at, final int length) {
        require(length >= 0 && at >= offset && at + length <= limit, name + " outside: " + at + "+" + length);
        final byte[] copy = new byte[length];
        buffer.getBytes(at, copy);
        out.append(' ').append(name).append('=').append(Bytes.hex(copy));
    }

    private static void require(final boolean condition, final String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
