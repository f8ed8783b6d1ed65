package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ProtocolVersion.V3_1;
import static io.ringmain.protocol.ProtocolVersion.V3_1_1;
import static io.ringmain.protocol.ProtocolVersion.V5;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** CONNACK, PINGREQ, PINGRESP, DISCONNECT, AUTH. */
final class GoldenConversationTest {
    private static final int OFFSET = 7;

    private final ConnackDecoder connack = new ConnackDecoder();
    private final ConnackEncoder encoder = new ConnackEncoder();
    private final DisconnectDecoder disconnect = new DisconnectDecoder();
    private final AuthDecoder auth = new AuthDecoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[128]);

    private void assertConnack(
            final String vector, final ProtocolVersion version, final boolean sessionPresent, final int reasonCode) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, connack.wrap(buffer, 0, buffer.capacity(), version));
        assertEquals(sessionPresent, connack.sessionPresent());
        assertEquals(reasonCode, connack.reasonCode());
    }

    private void assertEncoded(final String vector, final int length) {
        assertEquals(Bytes.hex(Bytes.of(vector)), Bytes.hex(target, OFFSET, length));
    }

    @Test
    void shouldDecodeConnack() {
        assertConnack(Golden.CONNACK_31, V3_1, false, 0);
        assertConnack(Golden.CONNACK_31_REFUSED, V3_1, false, 5);
        assertConnack(Golden.CONNACK_311_PRESENT, V3_1_1, true, 0);
        assertConnack(Golden.CONNACK_311_REFUSED, V3_1_1, false, 2);
        assertConnack(Golden.CONNACK_5, V5, true, 0);
        assertConnack(Golden.CONNACK_5_MOVED, V5, false, ReasonCode.USE_ANOTHER_SERVER);
        assertEquals(2, connack.properties().bytesLength(PropertyId.SERVER_REFERENCE));
        assertEquals(2, connack.properties().bytesLength(PropertyId.RESPONSE_INFORMATION));
    }

    @Test
    void shouldDecodeEveryPropertyOfConnack() {
        assertConnack(Golden.CONNACK_5_FULL, V5, false, 0);

        final Properties properties = connack.properties();
        assertEquals(3600, properties.value(PropertyId.SESSION_EXPIRY_INTERVAL));
        assertEquals(100, properties.value(PropertyId.RECEIVE_MAXIMUM));
        assertEquals(1, properties.value(PropertyId.MAXIMUM_QOS));
        assertEquals(0, properties.value(PropertyId.RETAIN_AVAILABLE));
        assertEquals(65_536, properties.value(PropertyId.MAXIMUM_PACKET_SIZE));
        assertEquals(0, properties.value(PropertyId.TOPIC_ALIAS_MAXIMUM));
        assertEquals(1, properties.value(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE));
        assertEquals(0, properties.value(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE));
        assertEquals(0, properties.value(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE));
        assertEquals(30, properties.value(PropertyId.SERVER_KEEP_ALIVE));
        assertFalse(properties.has(PropertyId.AUTHENTICATION_METHOD));
        assertEquals(
                "auto",
                Bytes.text(
                        connack.buffer(),
                        properties.bytesOffset(PropertyId.ASSIGNED_CLIENT_IDENTIFIER),
                        properties.bytesLength(PropertyId.ASSIGNED_CLIENT_IDENTIFIER)));
    }

    @Test
    void shouldEncodeConnack() {
        assertEncoded(
                Golden.CONNACK_31,
                encoder.wrap(target, OFFSET, V3_1)
                        .sessionPresent(true)
                        .reasonCode(0)
                        .finish());
        assertEncoded(
                Golden.CONNACK_31_REFUSED,
                encoder.wrap(target, OFFSET, V3_1)
                        .reasonCode(ReasonCode.NOT_AUTHORIZED)
                        .finish());
        assertEncoded(
                Golden.CONNACK_311_PRESENT,
                encoder.wrap(target, OFFSET, V3_1_1).sessionPresent(true).finish());
        assertEncoded(
                Golden.CONNACK_311_REFUSED,
                encoder.wrap(target, OFFSET, V3_1_1)
                        .reasonCode(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID)
                        .receiveMaximum(10)
                        .finish());
        assertEncoded(
                Golden.CONNACK_5,
                encoder.wrap(target, OFFSET, V5)
                        .sessionPresent(true)
                        .reasonCode(0)
                        .finish());
    }

    @Test
    void shouldEncodeEveryPropertyOfConnack() {
        final int length = encoder.wrap(target, OFFSET, V5)
                .sessionExpiry(3600)
                .receiveMaximum(100)
                .maximumQos(1)
                .retainAvailable(false)
                .maximumPacketSize(65_536)
                .assignedClientId(Bytes.buffer("'auto'"), 0, 4)
                .topicAliasMaximum(0)
                .reasonString("ok")
                .wildcardAvailable(true)
                .subscriptionIdentifiersAvailable(false)
                .sharedAvailable(false)
                .serverKeepAlive(30)
                .finish();

        assertEncoded(Golden.CONNACK_5_FULL, length);
    }

    @Test
    void shouldSayNothingOfAMaximumQosOf2() {
        assertEncoded(
                "20 03 00 00 00", encoder.wrap(target, OFFSET, V5).maximumQos(2).finish());
    }

    @Test
    void shouldEncodePings() {
        assertEncoded(Golden.PINGREQ, PingEncoder.pingreq(target, OFFSET));
        assertEncoded(Golden.PINGRESP, PingEncoder.pingresp(target, OFFSET));
    }

    @Test
    void shouldDecodeDisconnect() {
        assertDisconnect(Golden.DISCONNECT, V3_1, 0);
        assertDisconnect(Golden.DISCONNECT, V3_1_1, 0);
        assertDisconnect(Golden.DISCONNECT, V5, 0);
        assertDisconnect(Golden.DISCONNECT_5, V5, ReasonCode.DISCONNECT_WITH_WILL);
        assertDisconnect(Golden.DISCONNECT_5_LONG, V5, ReasonCode.SERVER_SHUTTING_DOWN);
        assertDisconnect(Golden.DISCONNECT_5_EXPIRY, V5, 0);
        assertTrue(disconnect.properties().has(PropertyId.SESSION_EXPIRY_INTERVAL));
        assertEquals(0, disconnect.properties().value(PropertyId.SESSION_EXPIRY_INTERVAL));
        assertDisconnect(Golden.DISCONNECT_5_FULL, V5, ReasonCode.SERVER_MOVED);
        assertEquals(2, disconnect.properties().bytesLength(PropertyId.SERVER_REFERENCE));
    }

    private void assertDisconnect(final String vector, final ProtocolVersion version, final int reasonCode) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, disconnect.wrap(buffer, 0, buffer.capacity(), version));
        assertEquals(reasonCode, disconnect.reasonCode());
    }

    @Test
    void shouldEncodeDisconnect() {
        assertEncoded(Golden.DISCONNECT, DisconnectEncoder.encode(target, OFFSET, V3_1, 0));
        assertEncoded(
                Golden.DISCONNECT, DisconnectEncoder.encode(target, OFFSET, V3_1_1, ReasonCode.SERVER_SHUTTING_DOWN));
        assertEncoded(Golden.DISCONNECT, DisconnectEncoder.encode(target, OFFSET, V5, 0));
        assertEncoded(Golden.DISCONNECT_5, DisconnectEncoder.encode(target, OFFSET, V5, 4));
        assertEquals(3, DisconnectEncoder.length(V5, 4));
        assertEquals(2, DisconnectEncoder.length(V3_1, 4));
    }

    @Test
    void shouldDecodeAuth() {
        assertAuth(Golden.AUTH, 0);
        assertAuth(Golden.AUTH_AGAIN, ReasonCode.RE_AUTHENTICATE);
        assertAuth(Golden.AUTH_FULL, ReasonCode.CONTINUE_AUTHENTICATION);
        assertEquals(1, auth.properties().bytesLength(PropertyId.AUTHENTICATION_METHOD));
        assertEquals(1, auth.properties().bytesLength(PropertyId.AUTHENTICATION_DATA));
        assertEquals(1, auth.properties().userPropertyCount());
    }

    private void assertAuth(final String vector, final int reasonCode) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, auth.wrap(buffer, 0, buffer.capacity(), V5));
        assertEquals(reasonCode, auth.reasonCode());
    }
}
