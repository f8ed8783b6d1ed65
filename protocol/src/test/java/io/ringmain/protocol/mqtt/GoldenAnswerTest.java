package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What the broker says beyond a code: reason strings, server references, authentication. */
class GoldenAnswerTest {
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    private static final byte[] NO = "no".getBytes(StandardCharsets.UTF_8);

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final UnsafeBuffer codes = new UnsafeBuffer(new byte[] {0, (byte) 0x87});

    private void assertPacket(final String expected, final int length) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(buffer.byteArray(), 0, length));
    }

    @Test
    void shouldSayWhyInAcknowledgements() {
        assertPacket(
                "40 09 0001 97 05 1f0002 6e6f",
                AckEncoder.encode(buffer, 0, PacketType.PUBACK, 1, ReasonCode.QUOTA_EXCEEDED, NO));
        assertPacket(
                "62 09 0001 92 05 1f0002 6e6f",
                AckEncoder.encode(buffer, 0, PacketType.PUBREL, 1, ReasonCode.PACKET_ID_NOT_FOUND, NO));
    }

    @Test
    void shouldSayWhyInSubackAndUnsuback() {
        assertPacket("90 0a 0001 05 1f0002 6e6f 00 87", SubackEncoder.encode(buffer, 0, V5, 1, codes, 0, 2, NO));
        assertPacket("90 05 0001 00 00 87", SubackEncoder.encode(buffer, 0, V5, 1, codes, 0, 2, null));
        assertPacket("90 04 0001 00 80", SubackEncoder.encode(buffer, 0, ProtocolVersion.V3_1_1, 1, codes, 0, 2, NO));
        assertPacket("b0 0a 0001 05 1f0002 6e6f 00 87", UnsubackEncoder.encode(buffer, 0, V5, 1, codes, 0, 2, NO));
        assertPacket("b0 02 0001", UnsubackEncoder.encode(buffer, 0, ProtocolVersion.V3_1_1, 1, codes, 0, 2, NO));
    }

    @Test
    void shouldSayWhyAndWhereToInDisconnect() {
        final byte[] reference = "a:1".getBytes(StandardCharsets.UTF_8);
        assertPacket(
                "e0 0d 9c 0b 1c0003 613a31 1f0002 6e6f",
                DisconnectEncoder.encode(buffer, 0, ReasonCode.USE_ANOTHER_SERVER, NO, reference));
        assertPacket(
                "e0 08 9c 06 1c0003 613a31",
                DisconnectEncoder.encode(buffer, 0, ReasonCode.USE_ANOTHER_SERVER, null, reference));
        assertPacket(
                "e0 07 97 05 1f0002 6e6f", DisconnectEncoder.encode(buffer, 0, ReasonCode.QUOTA_EXCEEDED, NO, null));
    }

    @Test
    void shouldPutTextsIntoConnack() {
        final ConnackEncoder connack = new ConnackEncoder()
                .wrap(buffer, 0, V5)
                .reasonCode(ReasonCode.SUCCESS)
                .responseInformation("r")
                .serverReference("s")
                .authentication("X", new byte[] {1});
        assertPacket("20 13 00 00 10 1a0001 72 1c0001 73 150001 58 160001 01", connack.finish());
    }

    @Test
    void shouldWriteAuth() {
        assertPacket(
                "f0 0a 18 08 150001 58 160001 07",
                new AuthEncoder()
                        .wrap(buffer, 0, ReasonCode.CONTINUE_AUTHENTICATION)
                        .method("X")
                        .data(new byte[] {7})
                        .finish());
        assertPacket(
                HexFormat.of().formatHex(Bytes.of(Golden.AUTH_AGAIN)),
                new AuthEncoder()
                        .wrap(buffer, 0, ReasonCode.RE_AUTHENTICATE)
                        .method("X")
                        .data(new byte[0])
                        .finish());
    }

    @Test
    void shouldWriteTheIdentifierOfASubscription() {
        assertPacket(
                "82 0a 0001 03 0bac02 0001 61 01",
                new SubscribeEncoder().wrap(buffer, 0, V5, 1, 300).add("a", 1).finish());
        assertPacket(
                "82 06 0001 0001 61 01",
                new SubscribeEncoder()
                        .wrap(buffer, 0, ProtocolVersion.V3_1_1, 1, 300)
                        .add("a", 1)
                        .finish());
    }
}
