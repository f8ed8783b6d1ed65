package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A target per decoder. An input is a byte for the version and a packet; the seeds are the golden packets. Whatever the
 * bytes, a decoder doesn't throw, doesn't read outside of the packet (a buffer of exactly its size throws then, and
 * other bytes around it change nothing), tells nothing that lies outside of it, and doesn't write.
 *
 * <p>The seeds run with the other tests; {@code JAZZER_FUZZ=1 mvn test -pl protocol -Dtest=DecoderFuzzTest#publish}
 * fuzzes one target for real.
 */
final class DecoderFuzzTest {
    private static final String FUZZ_TIME = "10m";
    private static final int NOISE = 13;

    private final PacketInspector inspector = new PacketInspector();

    private static ProtocolVersion version(final byte[] data) {
        return ProtocolVersion.values()[(data[0] & 0xFF) % 3];
    }

    private static byte[] packet(final byte[] data) {
        final byte[] packet = new byte[data.length - 1];
        System.arraycopy(data, 1, packet, 0, packet.length);
        return packet;
    }

    private static UnsafeBuffer surrounded(final byte[] packet, final int noise) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[packet.length + 2 * NOISE]);
        buffer.setMemory(0, buffer.capacity(), (byte) noise);
        buffer.putBytes(NOISE, packet);
        return buffer;
    }

    private void check(final int type, final byte[] data) {
        if (data.length == 0) {
            return;
        }
        final byte[] packet = packet(data);
        final ProtocolVersion version = version(data);
        final String told = inspector.inspect(type, new UnsafeBuffer(packet), 0, packet.length, version);

        assertArrayEquals(packet(data), packet);
        for (final int noise : new int[] {0x00, 0xFF, 0x2B}) {
            final UnsafeBuffer buffer = surrounded(packet, noise);
            assertEquals(told, inspector.inspect(type, buffer, NOISE, packet.length, version));
        }
    }

    /** The type of the packet if this decoder reads several, else its only one. */
    private static int typeOf(final byte[] data, final int first, final int last) {
        final int type = data.length < 2 ? first : Framing.packetType(data[1]);
        return type < first || type > last ? first : type;
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void connect(final byte[] data) {
        check(PacketType.CONNECT, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void connack(final byte[] data) {
        check(PacketType.CONNACK, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void publish(final byte[] data) {
        check(PacketType.PUBLISH, data);
        if (data.length > 0) {
            encodeAgain(packet(data), version(data));
        }
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void ack(final byte[] data) {
        check(typeOf(data, PacketType.PUBACK, PacketType.PUBCOMP), data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void subscribe(final byte[] data) {
        check(PacketType.SUBSCRIBE, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void suback(final byte[] data) {
        check(PacketType.SUBACK, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void unsubscribe(final byte[] data) {
        check(PacketType.UNSUBSCRIBE, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void unsuback(final byte[] data) {
        check(PacketType.UNSUBACK, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void ping(final byte[] data) {
        check(typeOf(data, PacketType.PINGREQ, PacketType.PINGRESP), data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void disconnect(final byte[] data) {
        check(PacketType.DISCONNECT, data);
    }

    @FuzzTest(maxDuration = FUZZ_TIME)
    void auth(final byte[] data) {
        check(PacketType.AUTH, data);
    }

    /** What is accepted and encoded again says the same, but for what isn't forwarded. */
    private void encodeAgain(final byte[] packet, final ProtocolVersion version) {
        final PublishDecoder first = inspector.publish;
        final boolean accepted = first.wrap(new UnsafeBuffer(packet), 0, packet.length, version) == ReasonCode.SUCCESS;
        if (!accepted || first.topicLength() == 0) {
            return;
        }
        final UnsafeBuffer block = new UnsafeBuffer(new byte[packet.length]);
        final int blockLength = first.properties().copyForwardable(block, 0);
        assertEquals(first.properties().forwardableLength(), blockLength);
        final long expirySeconds = first.properties().messageExpirySeconds();
        final int flags = packet[0] & 0xF;
        final int expected = PublishEncoder.length(
                version, flags, first.topicLength(), blockLength, expirySeconds, first.payloadLength());
        final UnsafeBuffer encoded = new UnsafeBuffer(new byte[expected]);
        final int length = PublishEncoder.encode(
                encoded,
                0,
                version,
                flags,
                first.packetId(),
                first.buffer(),
                first.topicOffset(),
                first.topicLength(),
                block,
                0,
                blockLength,
                expirySeconds,
                first.buffer(),
                first.payloadOffset(),
                first.payloadLength());
        assertEquals(expected, length);

        final PublishDecoder second = new PublishDecoder();
        assertEquals(ReasonCode.SUCCESS, second.wrap(encoded, 0, length, version));
        assertEquals(content(first), content(second));
        assertEquals(expirySeconds, second.properties().messageExpirySeconds());
        final UnsafeBuffer secondBlock = new UnsafeBuffer(new byte[length]);
        final int secondLength = second.properties().copyForwardable(secondBlock, 0);
        assertEquals(Bytes.hex(block, 0, blockLength), Bytes.hex(secondBlock, 0, secondLength));
    }

    private static String content(final PublishDecoder publish) {
        final UnsafeBuffer buffer = new UnsafeBuffer(publish.buffer());
        return publish.dup() + " " + publish.qos() + " " + publish.retain() + " " + publish.packetId() + " "
                + Bytes.hex(buffer, publish.topicOffset(), publish.topicLength()) + " "
                + Bytes.hex(buffer, publish.payloadOffset(), publish.payloadLength());
    }
}
