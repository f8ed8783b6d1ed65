package io.ringmain.protocol.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ReasonCode;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class PropertiesTest {
    private final Properties properties = new Properties();

    private int wrap(final String block, final int context) {
        final UnsafeBuffer buffer = Bytes.buffer(block);
        return properties.wrap(buffer, 0, buffer.capacity(), context);
    }

    @Test
    void shouldWalkOverUserPropertiesInOrder() {
        final String block = "26 0001'k'0001'1'  01 01  26 0001'j'0000  02 00000001  26 0001'k'0001'2'";
        final UnsafeBuffer buffer = Bytes.buffer(block);
        assertEquals(ReasonCode.SUCCESS, properties.wrap(buffer, 0, buffer.capacity(), PacketType.PUBLISH));

        assertEquals(3, properties.userPropertyCount());
        for (int round = 0; round < 2; round++) {
            properties.rewind();
            final StringBuilder walked = new StringBuilder();
            while (properties.nextUserProperty()) {
                walked.append(Bytes.text(buffer, properties.keyOffset(), properties.keyLength()))
                        .append('=')
                        .append(Bytes.text(buffer, properties.valueOffset(), properties.valueLength()))
                        .append(' ');
            }
            assertEquals("k=1 j= k=2 ", walked.toString());
        }
    }

    private String forwarded() {
        final UnsafeBuffer target = new UnsafeBuffer(new byte[64]);
        final int length = properties.copyForwardable(target, 0);
        assertEquals(properties.forwardableLength(), length);
        return HexFormat.of().formatHex(target.byteArray(), 0, length);
    }

    @Test
    void shouldNotForwardUserPropertiesThatAreExcluded() {
        final byte[] prefix = {'a', 'b'};
        final String block =
                "26 0002'ab'0001'1'  01 01  26 0003'abc'0000  23 0001  26 0001'a'0002'ab'  26 0002'Ab'0000";
        wrap(block, PacketType.PUBLISH);
        assertEquals(2, properties.excludeUserProperties(prefix));
        assertEquals("0101" + "26000161" + "00026162" + "260002416200" + "00", forwarded());

        wrap("26 0001'a'0000", PacketType.PUBLISH);
        assertEquals(0, properties.excludeUserProperties(prefix));
        assertEquals("260001610000", forwarded());

        wrap("26 0002'ab'0000", PacketType.PUBLISH);
        assertEquals("26000261620000", forwarded(), "what was excluded from another packet");
    }

    @Test
    void shouldForgetTheLastBlock() {
        wrap("01 01 02 0000003C 26 0001'k'0001'v'", PacketType.PUBLISH);

        assertEquals(ReasonCode.SUCCESS, wrap("", PacketType.PUBLISH));

        assertFalse(properties.has(PropertyId.PAYLOAD_FORMAT_INDICATOR));
        assertEquals(-1, properties.messageExpirySeconds());
        assertEquals(0, properties.userPropertyCount());
        assertEquals(0, properties.forwardableLength());
        properties.rewind();
        assertFalse(properties.nextUserProperty());
    }

    @Test
    void shouldReadTheLargestNumbers() {
        assertEquals(ReasonCode.SUCCESS, wrap("11 FFFFFFFF 21 FFFF 27 FFFFFFFF", PacketType.CONNECT));
        assertEquals(0xFFFF_FFFFL, properties.value(PropertyId.SESSION_EXPIRY_INTERVAL));
        assertEquals(0xFFFF, properties.value(PropertyId.RECEIVE_MAXIMUM));
        assertEquals(0xFFFF_FFFFL, properties.value(PropertyId.MAXIMUM_PACKET_SIZE));

        assertEquals(ReasonCode.SUCCESS, wrap("0B FFFFFF7F", PacketType.SUBSCRIBE));
        assertEquals(268_435_455, properties.value(PropertyId.SUBSCRIPTION_IDENTIFIER));
    }

    @Test
    void shouldGiveTheDefaultOfWhatIsNotThere() {
        wrap("", PacketType.CONNECT);

        assertEquals(65_535, properties.value(PropertyId.RECEIVE_MAXIMUM, 65_535));
        assertEquals(0, properties.bytesLength(PropertyId.AUTHENTICATION_METHOD));
    }

    @Test
    void shouldLeaveTheWillDelayOutOfWhatAWillTakesAlong() {
        assertEquals(ReasonCode.SUCCESS, wrap("18 00000005 01 01 02 0000000E 03 0001't'", PropertyRules.WILL));
        final UnsafeBuffer target = new UnsafeBuffer(new byte[16]);

        final int length = properties.copyForwardable(target, 1);

        assertEquals(6, properties.forwardableLength());
        assertEquals("010103000174", Bytes.hex(target, 1, length));
    }

    /** Table 2-4, one property at a time: what is allowed in no packet but these. */
    @Test
    void shouldAllowEveryPropertyInItsPacketsOnly() {
        assertAllowed(PropertyId.PAYLOAD_FORMAT_INDICATOR, "01", 0, 3);
        assertAllowed(PropertyId.MESSAGE_EXPIRY_INTERVAL, "00000001", 0, 3);
        assertAllowed(PropertyId.CONTENT_TYPE, "0001'a'", 0, 3);
        assertAllowed(PropertyId.RESPONSE_TOPIC, "0001'a'", 0, 3);
        assertAllowed(PropertyId.CORRELATION_DATA, "0001'a'", 0, 3);
        assertAllowed(PropertyId.SUBSCRIPTION_IDENTIFIER, "01", 3, 8);
        assertAllowed(PropertyId.SESSION_EXPIRY_INTERVAL, "00000001", 1, 2, 14);
        assertAllowed(PropertyId.ASSIGNED_CLIENT_IDENTIFIER, "0001'a'", 2);
        assertAllowed(PropertyId.SERVER_KEEP_ALIVE, "0001", 2);
        assertAllowed(PropertyId.AUTHENTICATION_METHOD, "0001'a'", 1, 2, 15);
        assertAllowed(PropertyId.AUTHENTICATION_DATA, "0001'a'", 1, 2, 15);
        assertAllowed(PropertyId.REQUEST_PROBLEM_INFORMATION, "01", 1);
        assertAllowed(PropertyId.WILL_DELAY_INTERVAL, "00000001", 0);
        assertAllowed(PropertyId.REQUEST_RESPONSE_INFORMATION, "01", 1);
        assertAllowed(PropertyId.RESPONSE_INFORMATION, "0001'a'", 2);
        assertAllowed(PropertyId.SERVER_REFERENCE, "0001'a'", 2, 14);
        assertAllowed(PropertyId.REASON_STRING, "0001'a'", 2, 4, 5, 6, 7, 9, 11, 14, 15);
        assertAllowed(PropertyId.RECEIVE_MAXIMUM, "0001", 1, 2);
        assertAllowed(PropertyId.TOPIC_ALIAS_MAXIMUM, "0001", 1, 2);
        assertAllowed(PropertyId.TOPIC_ALIAS, "0001", 3);
        assertAllowed(PropertyId.MAXIMUM_QOS, "01", 2);
        assertAllowed(PropertyId.RETAIN_AVAILABLE, "01", 2);
        assertAllowed(PropertyId.USER_PROPERTY, "0001'k'0001'v'", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15);
        assertAllowed(PropertyId.MAXIMUM_PACKET_SIZE, "00000001", 1, 2);
        assertAllowed(PropertyId.WILDCARD_SUBSCRIPTION_AVAILABLE, "01", 2);
        assertAllowed(PropertyId.SUBSCRIPTION_IDENTIFIER_AVAILABLE, "01", 2);
        assertAllowed(PropertyId.SHARED_SUBSCRIPTION_AVAILABLE, "01", 2);
    }

    private void assertAllowed(final int id, final String value, final int... contexts) {
        for (int context = PropertyRules.WILL; context <= PacketType.AUTH; context++) {
            final boolean isPing = context == PacketType.PINGREQ || context == PacketType.PINGRESP;
            if (!isPing) {
                boolean allowed = false;
                for (final int wanted : contexts) {
                    allowed |= wanted == context;
                }
                final int reasonCode = wrap(String.format("%02X %s", id, value), context);
                assertEquals(
                        allowed ? ReasonCode.SUCCESS : ReasonCode.MALFORMED_PACKET,
                        reasonCode,
                        "property " + id + " in " + context);
            }
        }
    }

    @Test
    void shouldRefuseEveryPropertyTwiceButUserPropertyAndIdentifiersOfAMessage() {
        assertEquals(ReasonCode.SUCCESS, wrap("0B 01 0B 02", PacketType.PUBLISH));
        assertEquals(ReasonCode.SUCCESS, wrap("26 0000 0000 26 0000 0000", PacketType.SUBSCRIBE));
        assertEquals(ReasonCode.PROTOCOL_ERROR, wrap("0B 01 0B 02", PacketType.SUBSCRIBE));
        assertEquals(ReasonCode.PROTOCOL_ERROR, wrap("13 0001 13 0001", PacketType.CONNACK));
        assertTrue(properties.has(PropertyId.SERVER_KEEP_ALIVE));
    }
}
