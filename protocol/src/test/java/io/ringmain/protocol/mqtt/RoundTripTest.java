package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.Qos;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What an encoder writes, its decoder reads back; over packets drawn from a seed, which is the repetition. */
final class RoundTripTest {
    private static final int SEEDS = 20;
    private static final int PACKETS = 50;
    private static final String[] ALPHABET = {"a", "Z", "7", " ", "/", "$", "\u00e9", "\u20ac", "\ud83d\ude00", "\ufeff"
    };

    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4096]);
    private Random random;
    private ProtocolVersion version;
    private int offset;

    private String text(final int most) {
        final StringBuilder out = new StringBuilder();
        final int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            out.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return out.toString();
    }

    private byte[] bytes(final int most) {
        final byte[] out = new byte[random.nextInt(most)];
        random.nextBytes(out);
        return out;
    }

    private static UnsafeBuffer utf8(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Draws version and place; what lies around the packet is noise. */
    private void draw() {
        version = ProtocolVersion.values()[random.nextInt(3)];
        offset = random.nextInt(64);
        random.nextBytes(target.byteArray());
    }

    private void assertText(final String expected, final int at, final int length) {
        assertEquals(expected, Bytes.text(target, at, length));
    }

    private void assertBytes(final byte[] expected, final int at, final int length) {
        assertEquals(Bytes.hex(expected), Bytes.hex(target, at, length));
    }

    @RepeatedTest(SEEDS)
    void shouldReadBackPublish(final RepetitionInfo seed) {
        random = new Random(seed.getCurrentRepetition());
        for (int i = 0; i < PACKETS; i++) {
            draw();
            publish();
        }
    }

    private void publish() {
        final int qos = random.nextInt(3);
        final int dup = qos == Qos.AT_MOST_ONCE ? 0 : random.nextInt(2);
        final int flags = dup << 3 | qos << 1 | random.nextInt(2);
        final int packetId = 1 + random.nextInt(65_535);
        final String topic = text(30);
        final UnsafeBuffer topicBuffer = utf8(topic);
        final UnsafeBuffer block = randomBlock();
        final long expiry = random.nextBoolean() ? -1 : random.nextLong() & 0xFFFF_FFFFL;
        final byte[] payload = bytes(600);

        final int length = PublishEncoder.encode(
                target,
                offset,
                version,
                flags,
                packetId,
                topicBuffer,
                0,
                topicBuffer.capacity(),
                block,
                0,
                block.capacity(),
                expiry,
                new UnsafeBuffer(payload),
                0,
                payload.length);

        final PublishDecoder decoder = new PublishDecoder();
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(target, offset, length, version));
        assertEquals(qos, decoder.qos());
        assertEquals(dup == 1, decoder.dup());
        assertEquals((flags & 1) == 1, decoder.retain());
        assertEquals(qos == 0 ? 0 : packetId, decoder.packetId());
        assertText(topic, decoder.topicOffset(), decoder.topicLength());
        assertBytes(payload, decoder.payloadOffset(), decoder.payloadLength());
        if (version == ProtocolVersion.V5) {
            assertEquals(expiry, decoder.properties().messageExpirySeconds());
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[1024]);
            final int copied = decoder.properties().copyForwardable(copy, 3);
            assertEquals(Bytes.hex(block.byteArray()), Bytes.hex(copy, 3, copied));
        } else {
            assertEquals(0, decoder.properties().length());
        }
    }

    /** A block as a message takes it along, of any of the properties that it may have. */
    private UnsafeBuffer randomBlock() {
        final UnsafeBuffer block = new UnsafeBuffer(new byte[1024]);
        int at = 0;
        if (random.nextBoolean()) {
            block.putByte(at++, (byte) PropertyId.PAYLOAD_FORMAT_INDICATOR);
            block.putByte(at++, (byte) random.nextInt(2));
        }
        for (final int id :
                new int[] {PropertyId.CONTENT_TYPE, PropertyId.RESPONSE_TOPIC, PropertyId.CORRELATION_DATA}) {
            if (random.nextBoolean()) {
                block.putByte(at++, (byte) id);
                at += putText(block, at, text(10));
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            block.putByte(at++, (byte) PropertyId.USER_PROPERTY);
            at += putText(block, at, text(10));
            at += putText(block, at, text(20));
        }
        return new UnsafeBuffer(Arrays.copyOf(block.byteArray(), at));
    }

    private static int putText(final UnsafeBuffer target, final int at, final String text) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        target.putShort(at, (short) utf8.length, java.nio.ByteOrder.BIG_ENDIAN);
        target.putBytes(at + 2, utf8);
        return 2 + utf8.length;
    }

    @RepeatedTest(SEEDS)
    void shouldReadBackConnect(final RepetitionInfo seed) {
        random = new Random(seed.getCurrentRepetition());
        for (int i = 0; i < PACKETS; i++) {
            draw();
            connect();
        }
    }

    private void connect() {
        final boolean clean = random.nextBoolean();
        final int keepAlive = random.nextInt(65_536);
        final String clientId = text(30);
        final String username = random.nextBoolean() ? text(10) : null;
        final byte[] password = username != null && random.nextBoolean() ? bytes(20) : null;
        final String willTopic = random.nextBoolean() ? text(10) : null;
        final byte[] willPayload = bytes(100);
        final int willQos = random.nextInt(3);
        final long expiry = random.nextLong() & 0xFFFF_FFFFL;

        final ConnectEncoder encoder = new ConnectEncoder()
                .wrap(target, offset, version)
                .cleanStart(clean)
                .keepAlive(keepAlive)
                .clientId(clientId)
                .username(username)
                .password(password)
                .sessionExpiry(expiry);
        if (willTopic != null) {
            encoder.will(willTopic, willPayload, willQos, true);
        }
        final ConnectDecoder decoder = new ConnectDecoder();
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(target, offset, encoder.finish()));

        assertEquals(version, decoder.version());
        assertEquals(clean, decoder.cleanStart());
        assertEquals(keepAlive, decoder.keepAliveSeconds());
        assertText(clientId, decoder.clientIdOffset(), decoder.clientIdLength());
        assertEquals(username != null, decoder.hasUsername());
        assertText(username == null ? "" : username, decoder.usernameOffset(), decoder.usernameLength());
        assertEquals(password != null, decoder.hasPassword());
        assertBytes(password == null ? new byte[0] : password, decoder.passwordOffset(), decoder.passwordLength());
        assertEquals(willTopic != null, decoder.hasWill());
        assertText(willTopic == null ? "" : willTopic, decoder.willTopicOffset(), decoder.willTopicLength());
        if (willTopic != null) {
            assertEquals(willQos, decoder.willQos());
            assertBytes(willPayload, decoder.willPayloadOffset(), decoder.willPayloadLength());
        }
        if (version == ProtocolVersion.V5) {
            assertEquals(expiry, decoder.properties().value(PropertyId.SESSION_EXPIRY_INTERVAL));
        }
    }

    @RepeatedTest(SEEDS)
    void shouldReadBackSubscriptions(final RepetitionInfo seed) {
        random = new Random(seed.getCurrentRepetition());
        for (int i = 0; i < PACKETS; i++) {
            draw();
            subscriptions();
        }
    }

    private void subscriptions() {
        final int packetId = 1 + random.nextInt(65_535);
        final int count = 1 + random.nextInt(10);
        final String[] filters = new String[count];
        final SubscribeEncoder encoder = new SubscribeEncoder().wrap(target, offset, version, packetId);
        for (int i = 0; i < count; i++) {
            filters[i] = text(10) + "/+/#";
            encoder.add(filters[i], i % 3 | 0x08 | 0x10);
        }
        final SubscribeDecoder decoder = new SubscribeDecoder();
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(target, offset, encoder.finish(), version));
        assertEquals(packetId, decoder.packetId());
        assertEquals(count, decoder.count());
        for (int i = 0; i < count; i++) {
            assertTrue(decoder.next());
            assertText(filters[i], decoder.filterOffset(), decoder.filterLength());
            assertTrue(decoder.filterValid());
            assertEquals(version == ProtocolVersion.V5 ? i % 3 | 0x18 : i % 3, decoder.options());
        }
        assertFalse(decoder.next());
        unsubscriptions(packetId, filters);
    }

    private void unsubscriptions(final int packetId, final String[] filters) {
        final UnsubscribeEncoder encoder = new UnsubscribeEncoder().wrap(target, offset, version, packetId);
        for (final String filter : filters) {
            encoder.add(filter);
        }
        final UnsubscribeDecoder decoder = new UnsubscribeDecoder();
        assertEquals(ReasonCode.SUCCESS, decoder.wrap(target, offset, encoder.finish(), version));
        assertEquals(packetId, decoder.packetId());
        for (final String filter : filters) {
            assertTrue(decoder.next());
            assertText(filter, decoder.filterOffset(), decoder.filterLength());
        }
        assertFalse(decoder.next());
    }

    @RepeatedTest(SEEDS)
    void shouldReadBackAcks(final RepetitionInfo seed) {
        random = new Random(seed.getCurrentRepetition());
        final AckDecoder decoder = new AckDecoder();
        for (int i = 0; i < PACKETS; i++) {
            draw();
            final int type = PacketType.PUBACK + random.nextInt(4);
            final int packetId = 1 + random.nextInt(65_535);
            final int reasonCode = random.nextInt(256);
            if (ReasonCodeRules.isAllowed(type, reasonCode)) {
                final int length = AckEncoder.encode(target, offset, version, type, packetId, reasonCode);

                assertEquals(ReasonCode.SUCCESS, decoder.wrap(target, offset, length, version));
                assertEquals(type, decoder.packetType());
                assertEquals(packetId, decoder.packetId());
                assertEquals(version == ProtocolVersion.V5 ? reasonCode : 0, decoder.reasonCode());
            }
        }
    }
}
