package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ProtocolVersion.V3_1;
import static io.ringmain.protocol.ProtocolVersion.V3_1_1;
import static io.ringmain.protocol.ProtocolVersion.V5;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GoldenAckTest {
    private static final int OFFSET = 7;
    private static final List<String> SHORT = List.of(Golden.PUBACK, Golden.PUBREC, Golden.PUBREL, Golden.PUBCOMP);

    private final AckDecoder decoder = new AckDecoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[64]);

    private void decode(final String vector, final ProtocolVersion version) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(buffer, 0, buffer.capacity(), version));
    }

    @ParameterizedTest
    @EnumSource
    void shouldDecodeTheShortForm(final ProtocolVersion version) {
        int type = PacketType.PUBACK;
        for (final String vector : SHORT) {
            decode(vector, version);

            assertEquals(type++, decoder.packetType());
            assertEquals(0x1234, decoder.packetId());
            assertEquals(ReasonCode.SUCCESS, decoder.reasonCode());
            assertEquals(0, decoder.properties().length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEncodeTheShortForm(final ProtocolVersion version) {
        int type = PacketType.PUBACK;
        for (final String vector : SHORT) {
            assertEncoded(vector, version, type++, ReasonCode.SUCCESS);
        }
    }

    @Test
    void shouldDecodeReasonCodes() {
        decode(Golden.PUBACK_5, V5);
        assertEquals(ReasonCode.NO_MATCHING_SUBSCRIBERS, decoder.reasonCode());
        decode(Golden.PUBREC_5, V5);
        assertEquals(ReasonCode.QUOTA_EXCEEDED, decoder.reasonCode());
        decode(Golden.PUBREL_5, V5);
        assertEquals(ReasonCode.PACKET_ID_NOT_FOUND, decoder.reasonCode());
        decode(Golden.PUBCOMP_5, V5);
        assertEquals(ReasonCode.PACKET_ID_NOT_FOUND, decoder.reasonCode());
        decode(Golden.PUBREC_5_LONG, V5);
        assertEquals(ReasonCode.SUCCESS, decoder.reasonCode());
    }

    @Test
    void shouldEncodeReasonCodes() {
        assertEncoded(Golden.PUBACK_5, V5, PacketType.PUBACK, ReasonCode.NO_MATCHING_SUBSCRIBERS);
        assertEncoded(Golden.PUBREC_5, V5, PacketType.PUBREC, ReasonCode.QUOTA_EXCEEDED);
        assertEncoded(Golden.PUBREL_5, V5, PacketType.PUBREL, ReasonCode.PACKET_ID_NOT_FOUND);
        assertEncoded(Golden.PUBCOMP_5, V5, PacketType.PUBCOMP, ReasonCode.PACKET_ID_NOT_FOUND);
    }

    @Test
    void shouldLeaveReasonCodesOutOf3() {
        assertEncoded(Golden.PUBACK, V3_1_1, PacketType.PUBACK, ReasonCode.QUOTA_EXCEEDED);
        assertEncoded(Golden.PUBREC, V3_1, PacketType.PUBREC, ReasonCode.NOT_AUTHORIZED);
    }

    private void assertEncoded(
            final String vector, final ProtocolVersion version, final int type, final int reasonCode) {
        final int length = AckEncoder.encode(target, OFFSET, version, type, 0x1234, reasonCode);

        assertEquals(Bytes.hex(Bytes.of(vector)), Bytes.hex(target, OFFSET, length));
        assertEquals(length, AckEncoder.length(version, reasonCode));
    }

    @Test
    void shouldDecodeProperties() {
        for (final String vector :
                List.of(Golden.PUBACK_5_FULL, Golden.PUBREC_5_FULL, Golden.PUBREL_5_FULL, Golden.PUBCOMP_5_FULL)) {
            decode(vector, V5);

            final Properties properties = decoder.properties();
            assertEquals(
                    "no",
                    Bytes.text(
                            decoder.buffer(),
                            properties.bytesOffset(PropertyId.REASON_STRING),
                            properties.bytesLength(PropertyId.REASON_STRING)));
            assertEquals(1, properties.userPropertyCount());
        }
    }

    @Test
    void shouldTakeTheDupFlagOf31() {
        decode(Golden.PUBREL_31_DUP, V3_1);

        assertEquals(PacketType.PUBREL, decoder.packetType());
    }
}
