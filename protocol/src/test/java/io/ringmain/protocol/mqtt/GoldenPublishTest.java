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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoldenPublishTest {
    private static final int OFFSET = 7;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(new byte[0]);
    private static final UnsafeBuffer TOPIC = Bytes.buffer("'a/b'");
    private static final UnsafeBuffer PAYLOAD = Bytes.buffer("'hi'");

    private final PublishDecoder decoder = new PublishDecoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[512]);

    private void decode(final String vector, final ProtocolVersion version) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(buffer, 0, buffer.capacity(), version));
    }

    private void assertContent(final String topic, final String payload) {
        assertEquals(topic, Bytes.text(decoder.buffer(), decoder.topicOffset(), decoder.topicLength()));
        assertEquals(payload, Bytes.text(decoder.buffer(), decoder.payloadOffset(), decoder.payloadLength()));
    }

    @ParameterizedTest
    @EnumSource(names = {"V3_1", "V3_1_1"})
    void shouldDecodeEveryQosOf3(final ProtocolVersion version) {
        decode(Golden.PUBLISH_3_QOS0, version);
        assertEquals(0, decoder.qos());
        assertEquals(0, decoder.packetId());
        assertFalse(decoder.dup());
        assertFalse(decoder.retain());
        assertContent("a/b", "hi");

        decode(Golden.PUBLISH_3_QOS1, version);
        assertEquals(1, decoder.qos());
        assertEquals(10, decoder.packetId());
        assertTrue(decoder.dup());
        assertTrue(decoder.retain());
        assertContent("a/b", "hi");

        decode(Golden.PUBLISH_3_QOS2, version);
        assertEquals(2, decoder.qos());
        assertEquals(65_535, decoder.packetId());
        assertContent("a/b", "");
    }

    @Test
    void shouldDecodeEveryFieldOf5() {
        decode(Golden.PUBLISH_5_FULL, V5);

        assertTrue(decoder.dup());
        assertEquals(2, decoder.qos());
        assertTrue(decoder.retain());
        assertEquals(10, decoder.packetId());
        assertContent("a/b", "hi");
        assertTrue(decoder.payloadFormatValid());
        final Properties properties = decoder.properties();
        assertEquals(1, properties.value(PropertyId.PAYLOAD_FORMAT_INDICATOR));
        assertEquals(60, properties.messageExpirySeconds());
        assertEquals(7, properties.value(PropertyId.TOPIC_ALIAS));
        assertEquals(128, properties.value(PropertyId.SUBSCRIPTION_IDENTIFIER));
        assertEquals(3, properties.bytesLength(PropertyId.CONTENT_TYPE));
        assertEquals(3, properties.bytesLength(PropertyId.RESPONSE_TOPIC));
        assertEquals(2, properties.bytesLength(PropertyId.CORRELATION_DATA));
        assertEquals(1, properties.userPropertyCount());
    }

    @Test
    void shouldDecodeTheEmptyTopicThatComesWithAnAlias() {
        decode(Golden.PUBLISH_5_ALIAS, V5);

        assertContent("", "");
        assertEquals(1, decoder.properties().value(PropertyId.TOPIC_ALIAS));
    }

    @Test
    void shouldTellThatAPayloadIsNotTheTextItClaimsToBe() {
        decode("30 0A  0003'a/b' 02 01 01 C3 28", V5);
        assertFalse(decoder.payloadFormatValid());

        decode("30 0A  0003'a/b' 02 01 00 C3 28", V5);
        assertTrue(decoder.payloadFormatValid());
    }

    @Test
    void shouldLeaveWhatIsNotForwardedOutOfTheBlock() {
        decode(Golden.PUBLISH_5_FULL, V5);

        final int length = decoder.properties().copyForwardable(target, OFFSET);

        assertEquals(decoder.properties().forwardableLength(), length);
        assertEquals(Bytes.hex(Bytes.of(Golden.FORWARDABLE)), Bytes.hex(target, OFFSET, length));
    }

    @Test
    void shouldCopyAWholeBlockThatIsForwardable() {
        decode("30 0D  0003'a/b' 07 26 0001'k'0001'v'", V5);

        final int length = decoder.properties().copyForwardable(target, OFFSET);

        assertEquals(7, decoder.properties().forwardableLength());
        assertEquals("26 0001 6b 0001 76".replace(" ", ""), Bytes.hex(target, OFFSET, length));
    }

    @ParameterizedTest
    @EnumSource(names = {"V3_1", "V3_1_1"})
    void shouldEncodeEveryQosOf3(final ProtocolVersion version) {
        assertEncoded(Golden.PUBLISH_3_QOS0, version, 0, 99, Golden.FORWARDABLE, 60, PAYLOAD);
        assertEncoded(Golden.PUBLISH_3_QOS1, version, 0xB, 10, "", -1, PAYLOAD);
        assertEncoded(Golden.PUBLISH_3_QOS2, version, 4, 65_535, "", -1, NOTHING);
    }

    @Test
    void shouldEncodeEveryFieldOf5() {
        assertEncoded(Golden.PUBLISH_5_QOS0, V5, 0, 99, "", PublishEncoder.NO_EXPIRY, PAYLOAD);
        assertEncoded(Golden.PUBLISH_5_ENCODED, V5, 4, 10, Golden.FORWARDABLE, 60, PAYLOAD);
    }

    private void assertEncoded(
            final String vector,
            final ProtocolVersion version,
            final int flags,
            final int packetId,
            final String block,
            final long expirySeconds,
            final UnsafeBuffer payload) {
        final UnsafeBuffer properties = Bytes.buffer(block);
        final int length = PublishEncoder.encode(
                target,
                OFFSET,
                version,
                flags,
                packetId,
                TOPIC,
                0,
                3,
                properties,
                0,
                properties.capacity(),
                expirySeconds,
                payload,
                0,
                payload.capacity());

        assertEquals(Bytes.hex(Bytes.of(vector)), Bytes.hex(target, OFFSET, length));
        assertEquals(
                length,
                PublishEncoder.length(version, flags, 3, properties.capacity(), expirySeconds, payload.capacity()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 120, 121, 122, 123, 16_376, 16_377, 16_378, 16_379, 2_097_144, 2_097_145, 2_097_146})
    void shouldEncodeRemainingLengthsOfEverySize(final int payloadLength) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[payloadLength]);
        payload.setMemory(0, payloadLength, (byte) 0x5A);
        final UnsafeBuffer large = new UnsafeBuffer(new byte[payloadLength + 20]);

        final int length = PublishEncoder.encode(
                large, 1, V3_1_1, 2, 0x1234, TOPIC, 0, 3, NOTHING, 0, 0, -1, payload, 0, payloadLength);

        assertEquals(PublishEncoder.length(V3_1_1, 2, 3, 0, -1, payloadLength), length);
        assertEquals(length, Framing.packetLength(large, 1, 5, Integer.MAX_VALUE));
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(large, 1, length, V3_1_1));
        assertEquals(payloadLength, decoder.payloadLength());
        final int packetIdAt = 1 + PublishEncoder.packetIdOffset(length, 3);
        assertEquals(0x1234, large.getShort(packetIdAt, java.nio.ByteOrder.BIG_ENDIAN));
    }

    @Test
    void shouldTreatVersions31And311Alike() {
        decode(Golden.PUBLISH_3_QOS1, V3_1);
        final int payloadOffset = decoder.payloadOffset();
        decode(Golden.PUBLISH_3_QOS1, V3_1_1);

        assertEquals(payloadOffset, decoder.payloadOffset());
    }
}
