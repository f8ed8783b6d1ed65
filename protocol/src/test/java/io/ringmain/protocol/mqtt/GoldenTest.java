package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every valid packet, whichever it is. */
final class GoldenTest {
    private final PacketInspector inspector = new PacketInspector();

    static List<Golden.Packet> packets() {
        return Golden.ALL;
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldAcceptTheWholePacket(final Golden.Packet packet) {
        final UnsafeBuffer buffer = new UnsafeBuffer(packet.bytes());

        assertEquals(ReasonCode.SUCCESS, inspector.decode(buffer, 0, buffer.capacity(), packet.version()));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldTellTheSameWhereverThePacketLies(final Golden.Packet packet) {
        final byte[] bytes = packet.bytes();
        final int type = Framing.packetType(bytes[0]);
        final UnsafeBuffer exact = new UnsafeBuffer(bytes);
        final UnsafeBuffer inTheMiddle = new UnsafeBuffer(new byte[bytes.length + 20]);
        inTheMiddle.setMemory(0, inTheMiddle.capacity(), (byte) 0xFF);
        inTheMiddle.putBytes(13, bytes);

        assertEquals(
                inspector.inspect(type, exact, 0, bytes.length, packet.version()),
                inspector.inspect(type, inTheMiddle, 13, bytes.length, packet.version()));
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldRefuseEveryPrefixThatIsGivenAsThePacket(final Golden.Packet packet) {
        final byte[] bytes = packet.bytes();
        final int type = Framing.packetType(bytes[0]);
        for (int length = 0; length < bytes.length; length++) {
            final UnsafeBuffer prefix = new UnsafeBuffer(bytes, 0, length);

            assertEquals(
                    ReasonCode.MALFORMED_PACKET,
                    inspector.decode(type, prefix, 0, length, packet.version()),
                    "of length " + length);
        }
    }

    /** A cut with a remaining length that fits it reaches the checks of each field. */
    @ParameterizedTest
    @MethodSource("packets")
    void shouldNeverReadBehindThePacketWhenItIsCut(final Golden.Packet packet) {
        final byte[] bytes = packet.bytes();
        final int type = Framing.packetType(bytes[0]);
        for (int length = 2; length < bytes.length; length++) {
            final byte[] cut = Arrays.copyOf(bytes, length);
            cut[1] = (byte) (length - 2);

            inspector.inspect(type, new UnsafeBuffer(cut), 0, length, packet.version());
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldNeverReadBehindThePacketWhenABitIsFlipped(final Golden.Packet packet) {
        final byte[] bytes = packet.bytes();
        final int type = Framing.packetType(bytes[0]);
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            final byte[] flipped = bytes.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);

            inspector.inspect(type, new UnsafeBuffer(flipped), 0, flipped.length, packet.version());
        }
    }

    @ParameterizedTest
    @MethodSource("packets")
    void shouldRefuseAByteBehindWhatThePacketHolds(final Golden.Packet packet) {
        final byte[] bytes = packet.bytes();
        final int type = Framing.packetType(bytes[0]);
        final byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        longer[1]++;
        longer[bytes.length] = (byte) 0x77;

        final int reasonCode = inspector.decode(type, new UnsafeBuffer(longer), 0, longer.length, packet.version());

        assertTrue(type == PacketType.PUBLISH || ReasonCode.isError(reasonCode), ReasonCode.name(reasonCode));
    }

    /** The seeds of the fuzz targets are these packets, so that a change of one is a change of the other. */
    @ParameterizedTest
    @MethodSource("packets")
    void shouldBeASeedOfItsFuzzTarget(final Golden.Packet packet) throws IOException {
        final String target = switch (Framing.packetType(packet.bytes()[0])) {
            case PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP -> "ack";
            case PacketType.PINGREQ, PacketType.PINGRESP -> "ping";
            default -> PacketType.name(Framing.packetType(packet.bytes()[0])).toLowerCase(Locale.ROOT);
        };
        final String version = packet.version().name().substring(1).replace('_', '.');
        final String name = "DecoderFuzzTestInputs/" + target + "/" + packet.name() + "-" + version;
        try (InputStream seed = getClass().getResourceAsStream(name)) {
            assertNotNull(seed, name);
            assertEquals(packet.version().ordinal(), seed.read());
            assertEquals(Bytes.hex(packet.bytes()), Bytes.hex(seed.readAllBytes()));
        }
    }

    @Test
    void shouldHoldEveryPacketInEveryVersionThatHasIt() {
        for (final ProtocolVersion version : ProtocolVersion.values()) {
            final int last = version == ProtocolVersion.V5 ? PacketType.AUTH : PacketType.DISCONNECT;
            for (int type = PacketType.CONNECT; type <= last; type++) {
                final int wanted = type;
                assertTrue(
                        Golden.ALL.stream()
                                .anyMatch(p -> p.version() == version && Framing.packetType(p.bytes()[0]) == wanted),
                        PacketType.name(type) + " " + version);
            }
        }
    }
}
