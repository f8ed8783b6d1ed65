package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.protocol.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FramingTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private static int packetLength(final String vector, final int limit) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        return Framing.packetLength(buffer, 0, buffer.capacity(), limit);
    }

    /** The examples of table 1-1 (MQTT 5) and 2.4 (3.1.1): the ends of every length. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "127, 7F",
        "128, 8001",
        "16383, FF7F",
        "16384, 808001",
        "2097151, FFFF7F",
        "2097152, 80808001",
        "268435455, FFFFFF7F"
    })
    void shouldReadAndWriteLengths(final int value, final String encoded) {
        final UnsafeBuffer target = new UnsafeBuffer(new byte[8]);
        final int bytes = encoded.length() / 2;

        assertEquals(1 + bytes + value, packetLength("30" + encoded, NO_LIMIT));
        assertEquals(bytes, Framing.varIntLength(value));
        assertEquals(bytes, Framing.writeVarInt(target, 2, value));
        assertEquals(Bytes.hex(Bytes.of(encoded)), Bytes.hex(target, 2, bytes));
    }

    @Test
    void shouldWaitForTheWholeFixedHeader() {
        assertEquals(Framing.INCOMPLETE, packetLength("", NO_LIMIT));
        assertEquals(Framing.INCOMPLETE, packetLength("30", NO_LIMIT));
        assertEquals(Framing.INCOMPLETE, packetLength("30 80", NO_LIMIT));
        assertEquals(Framing.INCOMPLETE, packetLength("30 80 80", NO_LIMIT));
        assertEquals(Framing.INCOMPLETE, packetLength("30 80 80 80", NO_LIMIT));
    }

    @Test
    void shouldRefuseAFifthByteOfTheLengthBeforeItComes() {
        assertEquals(Framing.MALFORMED, packetLength("30 80 80 80 80", NO_LIMIT));
        assertEquals(Framing.MALFORMED, packetLength("30 FF FF FF FF FF", NO_LIMIT));
    }

    @Test
    void shouldRefuseAPacketOverTheLimitByItsHeaderAlone() {
        assertEquals(100, packetLength("30 62", 100));
        assertEquals(Framing.TOO_LARGE, packetLength("30 63", 100));
        assertEquals(Framing.TOO_LARGE, packetLength("30 FF FF FF 7F", 268_435_459));
        assertEquals(268_435_460, packetLength("30 FF FF FF 7F", 268_435_460));
    }

    @Test
    void shouldReadOnlyWhatIsAvailable() {
        final UnsafeBuffer buffer = Bytes.buffer("FF FF 30 85 01 FF");

        assertEquals(Framing.INCOMPLETE, Framing.packetLength(buffer, 2, 2, NO_LIMIT));
        assertEquals(3 + 133, Framing.packetLength(buffer, 2, 3, NO_LIMIT));
    }

    @Test
    void shouldTellTheTypeOfAFirstByte() {
        assertEquals(PacketType.AUTH, Framing.packetType((byte) 0xF0));
        assertEquals(PacketType.PUBREL, Framing.packetType(0x62));
        assertEquals("AUTH", PacketType.name(PacketType.AUTH));
        assertEquals("CONNECT", PacketType.name(PacketType.CONNECT));
    }

    /** Frames a stream that arrives in pieces, the way a connection does, and says what it found. */
    private static final class Stream {
        private final UnsafeBuffer received = new UnsafeBuffer(new byte[4096]);
        private final PacketInspector inspector = new PacketInspector();
        private final List<String> packets = new ArrayList<>();
        private final ProtocolVersion version;
        private int end;

        Stream(final ProtocolVersion version) {
            this.version = version;
        }

        void receive(final byte[] bytes, final int from, final int to) {
            received.putBytes(end, bytes, from, to - from);
            end += to - from;
            int start = 0;
            int length = Framing.packetLength(received, start, end - start, 1024);
            while (length > 0 && length <= end - start) {
                final int type = Framing.packetType(received.getByte(start));
                packets.add(inspector.inspect(type, received, start, length, version));
                start += length;
                length = Framing.packetLength(received, start, end - start, 1024);
            }
            received.putBytes(0, received, start, end - start);
            end -= start;
        }
    }

    private static byte[] allPackets(final ProtocolVersion version) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (final Golden.Packet packet : Golden.ALL) {
            if (packet.version() == version) {
                out.writeBytes(packet.bytes());
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void shouldFrameAlikeHoweverTheStreamIsSplit(final ProtocolVersion version) {
        final byte[] bytes = allPackets(version);
        final Stream whole = new Stream(version);
        whole.receive(bytes, 0, bytes.length);
        assertEquals(Golden.ALL.stream().filter(p -> p.version() == version).count(), whole.packets.size());

        for (int cut = 1; cut < bytes.length; cut++) {
            final Stream inTwo = new Stream(version);
            inTwo.receive(bytes, 0, cut);
            inTwo.receive(bytes, cut, bytes.length);
            assertEquals(whole.packets, inTwo.packets, "cut at " + cut);
        }
        final Stream byteByByte = new Stream(version);
        for (int i = 0; i < bytes.length; i++) {
            byteByByte.receive(bytes, i, i + 1);
        }
        assertEquals(whole.packets, byteByByte.packets);
        for (int seed = 0; seed < 100; seed++) {
            assertEquals(whole.packets, split(bytes, version, seed), "seed " + seed);
        }
    }

    private static List<String> split(final byte[] bytes, final ProtocolVersion version, final int seed) {
        final Random random = new Random(seed);
        final Stream stream = new Stream(version);
        int from = 0;
        while (from < bytes.length) {
            final int to = Math.min(bytes.length, from + 1 + random.nextInt(1 + random.nextInt(60)));
            stream.receive(bytes, from, to);
            from = to;
        }
        return stream.packets;
    }
}
