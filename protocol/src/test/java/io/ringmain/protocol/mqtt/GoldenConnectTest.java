package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ProtocolVersion.V3_1;
import static io.ringmain.protocol.ProtocolVersion.V3_1_1;
import static io.ringmain.protocol.ProtocolVersion.V5;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class GoldenConnectTest {
    private static final int OFFSET = 7;

    private final ConnectDecoder decoder = new ConnectDecoder();
    private final ConnectEncoder encoder = new ConnectEncoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[512]);

    private void decode(final String vector) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(buffer, 0, buffer.capacity()));
    }

    private String text(final int offset, final int length) {
        return Bytes.text(decoder.buffer(), offset, length);
    }

    private void assertEncoded(final String vector, final int length) {
        assertEquals(Bytes.hex(Bytes.of(vector)), Bytes.hex(target, OFFSET, length));
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void shouldDecodeTheLeastOfEveryVersion() {
        decode(Golden.CONNECT_31);
        assertEquals(V3_1, decoder.version());
        assertEquals("abc", text(decoder.clientIdOffset(), decoder.clientIdLength()));

        decode(Golden.CONNECT_311);
        assertEquals(V3_1_1, decoder.version());
        assertEquals(0, decoder.clientIdLength());

        decode(Golden.CONNECT_5);
        assertEquals(V5, decoder.version());
        assertTrue(decoder.cleanStart());
        assertEquals(60, decoder.keepAliveSeconds());
        assertFalse(decoder.hasWill());
        assertFalse(decoder.hasUsername());
        assertFalse(decoder.hasPassword());
        assertEquals(0, decoder.properties().length());
        assertEquals(0, decoder.willProperties().length());
    }

    @Test
    void shouldDecodeEveryFieldOf31() {
        decode(Golden.CONNECT_31_FULL);

        assertFalse(decoder.cleanStart());
        assertPayload(1, true);
    }

    @Test
    void shouldDecodeEveryFieldOf311() {
        decode(Golden.CONNECT_311_FULL);

        assertTrue(decoder.cleanStart());
        assertPayload(2, false);
    }

    private void assertPayload(final int willQos, final boolean willRetain) {
        assertEquals(10, decoder.keepAliveSeconds());
        assertEquals("c1", text(decoder.clientIdOffset(), decoder.clientIdLength()));
        assertTrue(decoder.hasWill());
        assertEquals(willQos, decoder.willQos());
        assertEquals(willRetain, decoder.willRetain());
        assertEquals("w/t", text(decoder.willTopicOffset(), decoder.willTopicLength()));
        assertEquals("bye", text(decoder.willPayloadOffset(), decoder.willPayloadLength()));
        assertTrue(decoder.hasUsername());
        assertEquals("bob", text(decoder.usernameOffset(), decoder.usernameLength()));
        assertTrue(decoder.hasPassword());
        assertEquals("pw", text(decoder.passwordOffset(), decoder.passwordLength()));
    }

    @Test
    void shouldDecodeEveryFieldOf5() {
        decode(Golden.CONNECT_5_FULL);

        assertPayload(1, true);
        final Properties properties = decoder.properties();
        assertEquals(10, properties.value(PropertyId.SESSION_EXPIRY_INTERVAL));
        assertEquals(20, properties.value(PropertyId.RECEIVE_MAXIMUM));
        assertEquals(256, properties.value(PropertyId.MAXIMUM_PACKET_SIZE));
        assertEquals(10, properties.value(PropertyId.TOPIC_ALIAS_MAXIMUM));
        assertEquals(1, properties.value(PropertyId.REQUEST_RESPONSE_INFORMATION));
        assertEquals(0, properties.value(PropertyId.REQUEST_PROBLEM_INFORMATION));
        assertTrue(properties.has(PropertyId.REQUEST_PROBLEM_INFORMATION));
        assertEquals(1, properties.userPropertyCount());
        assertEquals(
                "SCRAM",
                text(
                        properties.bytesOffset(PropertyId.AUTHENTICATION_METHOD),
                        properties.bytesLength(PropertyId.AUTHENTICATION_METHOD)));
        assertEquals(2, properties.bytesLength(PropertyId.AUTHENTICATION_DATA));
        final Properties will = decoder.willProperties();
        assertEquals(5, will.value(PropertyId.WILL_DELAY_INTERVAL));
        assertEquals(1, will.value(PropertyId.PAYLOAD_FORMAT_INDICATOR));
        assertEquals(14, will.messageExpirySeconds());
        assertEquals(
                "r/t", text(will.bytesOffset(PropertyId.RESPONSE_TOPIC), will.bytesLength(PropertyId.RESPONSE_TOPIC)));
        assertEquals(1, will.userPropertyCount());
    }

    @Test
    void shouldTakeThePacketOf31ThatEndsBeforeItsCredentials() {
        decode(Golden.CONNECT_31_CUT);

        assertFalse(decoder.hasUsername());
        assertFalse(decoder.hasPassword());
    }

    @Test
    void shouldTakeThePasswordOf5WithoutUserName() {
        decode(Golden.CONNECT_5_PASSWORD_ALONE);

        assertFalse(decoder.hasUsername());
        assertEquals("pw", text(decoder.passwordOffset(), decoder.passwordLength()));
    }

    @Test
    void shouldPassOverWhat31CallsUnused() {
        decode("10 10  0006'MQIsdp' 03 3B 000A  0002'c1'");

        assertFalse(decoder.hasWill());
        assertTrue(decoder.cleanStart());
    }

    @Test
    void shouldEncodeTheLeastOfEveryVersion() {
        assertEncoded(
                Golden.CONNECT_31,
                encoder.wrap(target, OFFSET, V3_1).keepAlive(60).clientId("abc").finish());
        assertEncoded(
                Golden.CONNECT_311,
                encoder.wrap(target, OFFSET, V3_1_1).keepAlive(60).finish());
        assertEncoded(
                Golden.CONNECT_5, encoder.wrap(target, OFFSET, V5).keepAlive(60).finish());
    }

    @Test
    void shouldEncodeEveryField() {
        assertEncoded(
                Golden.CONNECT_31_FULL, full(V3_1, 1, true).cleanStart(false).finish());
        assertEncoded(Golden.CONNECT_311_FULL, full(V3_1_1, 2, false).finish());
        assertEncoded(Golden.CONNECT_5_ENCODED, full(V5, 1, true).finish());
    }

    private ConnectEncoder full(final ProtocolVersion version, final int willQos, final boolean willRetain) {
        return encoder.wrap(target, OFFSET, version)
                .keepAlive(10)
                .clientId("c1")
                .will("w/t", ascii("bye"), willQos, willRetain)
                .username("bob")
                .password(ascii("pw"))
                .sessionExpiry(10)
                .receiveMaximum(20)
                .maximumPacketSize(256)
                .topicAliasMaximum(10)
                .willDelay(5)
                .willExpiry(14);
    }

    @Test
    void shouldForgetTheOptionsOfTheLastPacket() {
        full(V5, 1, true).finish();

        assertEncoded(
                Golden.CONNECT_5, encoder.wrap(target, OFFSET, V5).keepAlive(60).finish());
    }

    @Test
    void shouldRefuseATextThatDoesNotFit() {
        final ConnectEncoder tooLong = encoder.wrap(target, OFFSET, V5).clientId("x".repeat(65_536));

        assertThrows(IllegalArgumentException.class, tooLong::finish);
    }
}
