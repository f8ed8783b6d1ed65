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

/** SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK. */
final class GoldenSubscriptionTest {
    private static final int OFFSET = 7;

    private final SubscribeDecoder subscribe = new SubscribeDecoder();
    private final UnsubscribeDecoder unsubscribe = new UnsubscribeDecoder();
    private final SubackDecoder suback = new SubackDecoder();
    private final UnsubackDecoder unsuback = new UnsubackDecoder();
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[128]);

    private void decodeSubscribe(final String vector, final ProtocolVersion version) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, subscribe.wrap(buffer, 0, buffer.capacity(), version));
        assertEquals(10, subscribe.packetId());
    }

    private void assertNextFilter(final String filter, final int options) {
        assertTrue(subscribe.next());
        assertEquals(filter, Bytes.text(subscribe.buffer(), subscribe.filterOffset(), subscribe.filterLength()));
        assertEquals(options, subscribe.options());
        assertEquals(options & 3, subscribe.qos());
        assertTrue(subscribe.filterValid());
    }

    private void assertEncoded(final String vector, final int length) {
        assertEquals(Bytes.hex(Bytes.of(vector)), Bytes.hex(target, OFFSET, length));
    }

    @ParameterizedTest
    @EnumSource(names = {"V3_1", "V3_1_1"})
    void shouldDecodeSubscribeOf3(final ProtocolVersion version) {
        decodeSubscribe(Golden.SUBSCRIBE_3, version);

        assertEquals(2, subscribe.count());
        assertNextFilter("a/b", 1);
        assertNextFilter("c/+", 2);
        assertFalse(subscribe.next());
    }

    @Test
    void shouldTakeTheDupFlagAndTheUnusedBitsOf31() {
        decodeSubscribe(Golden.SUBSCRIBE_31_DUP, V3_1);
        assertNextFilter("a/b", 1);

        decodeSubscribe("82 08  000A  0003'a/b' FD", V3_1);
        assertNextFilter("a/b", 1);

        final UnsafeBuffer buffer = Bytes.buffer(Golden.UNSUBSCRIBE_31_DUP);
        assertEquals(ReasonCode.SUCCESS, unsubscribe.wrap(buffer, 0, buffer.capacity(), V3_1));
    }

    @Test
    void shouldDecodeSubscribeOf5() {
        decodeSubscribe(Golden.SUBSCRIBE_5, V5);
        assertNextFilter("a/b", 0x1D);
        assertNextFilter("c/+", 0x22);
        assertFalse(subscribe.next());

        decodeSubscribe(Golden.SUBSCRIBE_5_FULL, V5);
        assertEquals(5, subscribe.properties().value(PropertyId.SUBSCRIPTION_IDENTIFIER));
        assertEquals(1, subscribe.properties().userPropertyCount());
        assertNextFilter("a/b", 0x1D);
    }

    @Test
    void shouldStartOverAtTheFirstFilter() {
        decodeSubscribe(Golden.SUBSCRIBE_5, V5);
        while (subscribe.next()) {}

        subscribe.rewind();

        assertNextFilter("a/b", 0x1D);
    }

    @Test
    void shouldTellWhichFilterIsInvalid() {
        decodeSubscribe("82 15  000A  00  0003'a/b' 00  0003'a+b' 00  0003'#/b' 00", V5);

        assertTrue(subscribe.next());
        assertTrue(subscribe.filterValid());
        assertTrue(subscribe.next());
        assertFalse(subscribe.filterValid());
        assertTrue(subscribe.next());
        assertFalse(subscribe.filterValid());

        final UnsafeBuffer buffer = Bytes.buffer("A2 0D  000A  00  0003'a/b' 0003'#/b'");
        assertEquals(ReasonCode.SUCCESS, unsubscribe.wrap(buffer, 0, buffer.capacity(), V5));
        assertTrue(unsubscribe.next());
        assertTrue(unsubscribe.filterValid());
        assertTrue(unsubscribe.next());
        assertFalse(unsubscribe.filterValid());
    }

    @ParameterizedTest
    @EnumSource
    void shouldEncodeSubscribe(final ProtocolVersion version) {
        final int length = new SubscribeEncoder()
                .wrap(target, OFFSET, version, 10)
                .add("a/b", 0x1D)
                .add("c/+", 0x22)
                .finish();

        assertEncoded(version == V5 ? Golden.SUBSCRIBE_5 : Golden.SUBSCRIBE_3, length);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDecodeUnsubscribe(final ProtocolVersion version) {
        final UnsafeBuffer buffer = Bytes.buffer(version == V5 ? Golden.UNSUBSCRIBE_5 : Golden.UNSUBSCRIBE_3);
        assertEquals(ReasonCode.SUCCESS, unsubscribe.wrap(buffer, 0, buffer.capacity(), version));

        assertEquals(10, unsubscribe.packetId());
        assertEquals(2, unsubscribe.count());
        assertTrue(unsubscribe.next());
        assertEquals("a/b", Bytes.text(buffer, unsubscribe.filterOffset(), unsubscribe.filterLength()));
        assertTrue(unsubscribe.next());
        assertEquals("c/+", Bytes.text(buffer, unsubscribe.filterOffset(), unsubscribe.filterLength()));
        assertFalse(unsubscribe.next());
    }

    @ParameterizedTest
    @EnumSource
    void shouldEncodeUnsubscribe(final ProtocolVersion version) {
        final int length = new UnsubscribeEncoder()
                .wrap(target, OFFSET, version, 10)
                .add("a/b")
                .add("c/+")
                .finish();

        assertEncoded(version == V5 ? Golden.UNSUBSCRIBE_5 : Golden.UNSUBSCRIBE_3, length);
    }

    @Test
    void shouldDecodeSuback() {
        assertSuback(Golden.SUBACK_31, V3_1, 2);
        assertSuback(Golden.SUBACK_3, V3_1_1, 1, 0x80);
        assertSuback(Golden.SUBACK_5, V5, 1, ReasonCode.TOPIC_FILTER_INVALID);
        assertSuback(Golden.SUBACK_5_FULL, V5, 2);
        assertEquals(2, suback.properties().bytesLength(PropertyId.REASON_STRING));
    }

    private void assertSuback(final String vector, final ProtocolVersion version, final int... codes) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, suback.wrap(buffer, 0, buffer.capacity(), version));
        assertEquals(10, suback.packetId());
        assertEquals(codes.length, suback.count());
        for (int i = 0; i < codes.length; i++) {
            assertEquals(codes[i], suback.reasonCode(i));
        }
    }

    @Test
    void shouldEncodeSuback() {
        final UnsafeBuffer codes = Bytes.buffer("FF 01 8F");

        assertEncoded(Golden.SUBACK_3, SubackEncoder.encode(target, OFFSET, V3_1, 10, codes, 1, 2));
        assertEncoded(Golden.SUBACK_3, SubackEncoder.encode(target, OFFSET, V3_1_1, 10, codes, 1, 2));
        assertEncoded(Golden.SUBACK_5, SubackEncoder.encode(target, OFFSET, V5, 10, codes, 1, 2));
        assertEquals(6, SubackEncoder.length(V3_1_1, 2));
        assertEquals(7, SubackEncoder.length(V5, 2));
    }

    @Test
    void shouldDecodeUnsuback() {
        assertUnsuback(Golden.UNSUBACK_3, V3_1);
        assertUnsuback(Golden.UNSUBACK_3, V3_1_1);
        assertUnsuback(Golden.UNSUBACK_5, V5, 0, ReasonCode.NO_SUBSCRIPTION_EXISTED);
        assertUnsuback(Golden.UNSUBACK_5_FULL, V5, ReasonCode.NOT_AUTHORIZED);
    }

    private void assertUnsuback(final String vector, final ProtocolVersion version, final int... codes) {
        final UnsafeBuffer buffer = Bytes.buffer(vector);
        assertEquals(ReasonCode.SUCCESS, unsuback.wrap(buffer, 0, buffer.capacity(), version));
        assertEquals(10, unsuback.packetId());
        assertEquals(codes.length, unsuback.count());
        for (int i = 0; i < codes.length; i++) {
            assertEquals(codes[i], unsuback.reasonCode(i));
        }
    }

    @Test
    void shouldEncodeUnsuback() {
        final UnsafeBuffer codes = Bytes.buffer("FF 00 11");

        assertEncoded(Golden.UNSUBACK_3, UnsubackEncoder.encode(target, OFFSET, V3_1, 10, codes, 1, 2));
        assertEncoded(Golden.UNSUBACK_3, UnsubackEncoder.encode(target, OFFSET, V3_1_1, 10, codes, 1, 2));
        assertEncoded(Golden.UNSUBACK_5, UnsubackEncoder.encode(target, OFFSET, V5, 10, codes, 1, 2));
        assertEquals(4, UnsubackEncoder.length(V3_1, 2));
        assertEquals(7, UnsubackEncoder.length(V5, 2));
    }
}
