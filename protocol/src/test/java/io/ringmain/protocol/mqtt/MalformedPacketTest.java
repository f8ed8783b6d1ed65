package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ProtocolVersion.V3_1;
import static io.ringmain.protocol.ProtocolVersion.V3_1_1;
import static io.ringmain.protocol.ProtocolVersion.V5;
import static io.ringmain.protocol.ReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
import static io.ringmain.protocol.ReasonCode.MALFORMED_PACKET;
import static io.ringmain.protocol.ReasonCode.PROTOCOL_ERROR;
import static io.ringmain.protocol.ReasonCode.TOPIC_ALIAS_INVALID;
import static io.ringmain.protocol.ReasonCode.TOPIC_NAME_INVALID;
import static io.ringmain.protocol.ReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not be accepted, each with the reason code that the specification gives it. */
final class MalformedPacketTest {
    private static final List<Row> ROWS = new ArrayList<>();

    private final PacketInspector inspector = new PacketInspector();

    private record Row(String why, ProtocolVersion version, int reasonCode, String vector) {
        @Override
        public String toString() {
            return why + " " + version + ": " + vector;
        }
    }

    private static void row(
            final String why, final ProtocolVersion version, final int reasonCode, final String vector) {
        ROWS.add(new Row(why, version, reasonCode, vector));
    }

    private static void everyVersion(final String why, final int reasonCode, final String vector) {
        for (final ProtocolVersion version : ProtocolVersion.values()) {
            row(why, version, reasonCode, vector);
        }
    }

    static List<Row> rows() {
        ROWS.clear();
        headers();
        connects();
        connectPayloads();
        connectProperties();
        connacks();
        publishes();
        publishProperties();
        acks();
        subscribes();
        unsubscribes();
        answersToSubscriptions();
        endings();
        texts();
        return ROWS;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldGiveTheReason(final Row row) {
        final UnsafeBuffer buffer = Bytes.buffer(row.vector);

        assertEquals(
                ReasonCode.name(row.reasonCode),
                ReasonCode.name(inspector.decode(buffer, 0, buffer.capacity(), row.version)));
    }

    /** Else a row would be refused for its length, and not for what it shows. */
    @Test
    void shouldHaveTheRightLengthInEveryRowThatIsNotAboutLengths() {
        for (final Row row : rows()) {
            final UnsafeBuffer buffer = Bytes.buffer(row.vector);
            if (!row.why.contains("length")) {
                final int length = Framing.packetLength(buffer, 0, buffer.capacity(), Integer.MAX_VALUE);
                assertEquals(buffer.capacity(), length, row.toString());
            }
        }
    }

    @Test
    void shouldKnowTheVersionToAnswerInWhenAConnectIsRefused() {
        final ConnectDecoder decoder = inspector.connect;
        final UnsafeBuffer noClientId = Bytes.buffer("10 0C  0004'MQTT' 04 00 003C 0000");
        decoder.wrap(noClientId, 0, noClientId.capacity());
        assertSame(V3_1_1, decoder.version());

        final UnsafeBuffer future = Bytes.buffer("10 0C  0004'MQTT' 06 02 003C 0000");
        decoder.wrap(future, 0, future.capacity());
        assertNull(decoder.version());
    }

    private static void headers() {
        everyVersion("flags of CONNECT", MALFORMED_PACKET, "11 0C  0004'MQTT' 04 02 003C 0000");
        everyVersion("flags of PINGREQ", MALFORMED_PACKET, "C1 00");
        everyVersion("flags of PINGRESP", MALFORMED_PACKET, "D8 00");
        everyVersion("PINGREQ with content", MALFORMED_PACKET, "C0 01 00");
        everyVersion("PINGRESP with content", MALFORMED_PACKET, "D0 01 00");
        everyVersion("reserved type", MALFORMED_PACKET, "00 00");
        for (final ProtocolVersion version : List.of(V3_1_1, V5)) {
            row("flags of CONNACK", version, MALFORMED_PACKET, "21 02 0000");
            row("flags of PUBACK", version, MALFORMED_PACKET, "42 02 1234");
            row("flags of PUBREC", version, MALFORMED_PACKET, "51 02 1234");
            row("flags of PUBREL", version, MALFORMED_PACKET, "60 02 1234");
            row("DUP of PUBREL", version, MALFORMED_PACKET, "6A 02 1234");
            row("flags of PUBCOMP", version, MALFORMED_PACKET, "72 02 1234");
            row("flags of SUBSCRIBE", version, MALFORMED_PACKET, "80 06 000A 0001'a' 00");
            row("DUP of SUBSCRIBE", version, MALFORMED_PACKET, "8A 06 000A 0001'a' 00");
            row("flags of SUBACK", version, MALFORMED_PACKET, "91 03 000A 00");
            row("flags of UNSUBSCRIBE", version, MALFORMED_PACKET, "A0 05 000A 0001'a'");
            row("flags of UNSUBACK", version, MALFORMED_PACKET, "B2 02 000A");
            row("flags of DISCONNECT", version, MALFORMED_PACKET, "E1 00");
        }
        row("flags of AUTH", V5, MALFORMED_PACKET, "F1 00");
        everyVersion("longer than its length says", MALFORMED_PACKET, "40 02 1234 00");
        everyVersion("shorter than its length says", MALFORMED_PACKET, "40 03 1234");
        everyVersion("fifth byte of the length", MALFORMED_PACKET, "30 80 80 80 80 00");
        row("length in more bytes than it takes", V5, MALFORMED_PACKET, "40 82 00 1234");
        row("length in more bytes than it takes", V5, MALFORMED_PACKET, "10 8D 00  0004'MQTT' 05 02 003C 00 0000");
        row("length in more bytes than it takes", V5, MALFORMED_PACKET, "E0 80 00");
    }

    private static void connects() {
        everyVersion("empty", MALFORMED_PACKET, "10 00");
        everyVersion("name cut", MALFORMED_PACKET, "10 04  0004'MQ'");
        everyVersion("no level", MALFORMED_PACKET, "10 06  0004'MQTT'");
        everyVersion("level 0", UNSUPPORTED_PROTOCOL_VERSION, "10 0C  0004'MQTT' 00 02 003C 0000");
        everyVersion("level 2", UNSUPPORTED_PROTOCOL_VERSION, "10 0E  0006'MQIsdp' 02 02 003C 0000");
        everyVersion("level 6", UNSUPPORTED_PROTOCOL_VERSION, "10 0C  0004'MQTT' 06 02 003C 0000");
        everyVersion("level of a bridge", UNSUPPORTED_PROTOCOL_VERSION, "10 0C  0004'MQTT' 84 02 003C 0000");
        everyVersion("name of 3.1.1, level of 3.1", UNSUPPORTED_PROTOCOL_VERSION, "10 0C  0004'MQTT' 03 02 003C 0000");
        everyVersion("name of 3.1, level of 5", UNSUPPORTED_PROTOCOL_VERSION, "10 0E  0006'MQIsdp' 05 02 003C 0000");
        everyVersion("name in small letters", UNSUPPORTED_PROTOCOL_VERSION, "10 0C  0004'mqtt' 04 02 003C 0000");
        everyVersion("no flags", MALFORMED_PACKET, "10 07  0004'MQTT' 04");
        everyVersion("keep alive cut", MALFORMED_PACKET, "10 09  0004'MQTT' 04 02 00");
        everyVersion("no client id", MALFORMED_PACKET, "10 0A  0004'MQTT' 04 02 003C");
        everyVersion("reserved flag, 3.1.1", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 03 003C 0001'a'");
        everyVersion("reserved flag, 5", MALFORMED_PACKET, "10 0E  0004'MQTT' 05 03 003C 00 0001'a'");
        everyVersion("will QoS without will, 3.1.1", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 0A 003C 0001'a'");
        everyVersion("will retain without will, 3.1.1", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 22 003C 0001'a'");
        everyVersion("will QoS without will, 5", MALFORMED_PACKET, "10 0E  0004'MQTT' 05 12 003C 00 0001'a'");
        everyVersion("will retain without will, 5", MALFORMED_PACKET, "10 0E  0004'MQTT' 05 22 003C 00 0001'a'");
        final String will = "0001'a' 0001'w' 0001'x'";
        everyVersion("will QoS 3, 3.1", MALFORMED_PACKET, "10 15  0006'MQIsdp' 03 1E 003C" + will);
        everyVersion("will QoS 3, 3.1.1", MALFORMED_PACKET, "10 13  0004'MQTT' 04 1E 003C" + will);
        everyVersion("will QoS 3, 5", MALFORMED_PACKET, "10 15  0004'MQTT' 05 1E 003C 00 0001'a' 00 0001'w' 0001'x'");
        final String password = "0001'a' 0001'p'";
        everyVersion("password alone, 3.1", MALFORMED_PACKET, "10 12  0006'MQIsdp' 03 42 003C" + password);
        everyVersion("password alone, 3.1.1", MALFORMED_PACKET, "10 10  0004'MQTT' 04 42 003C" + password);
    }

    private static void connectPayloads() {
        everyVersion("no id in 3.1", CLIENT_IDENTIFIER_NOT_VALID, "10 0E  0006'MQIsdp' 03 02 003C 0000");
        everyVersion("no id, state kept in 3.1.1", CLIENT_IDENTIFIER_NOT_VALID, "10 0C  0004'MQTT' 04 00 003C 0000");
        everyVersion("client id cut", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 02 003C 0002'a'");
        everyVersion("more than the flags say", MALFORMED_PACKET, "10 0F  0004'MQTT' 04 02 003C 0001'a' 0000");
        everyVersion("no will topic", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 06 003C 0001'a'");
        everyVersion("no will payload", MALFORMED_PACKET, "10 10  0004'MQTT' 04 06 003C 0001'a' 0001'w'");
        everyVersion("wildcard in will topic", TOPIC_NAME_INVALID, "10 12  0004'MQTT' 04 06 003C 0001'a' 0001'#' 0000");
        everyVersion("empty will topic", TOPIC_NAME_INVALID, "10 11  0004'MQTT' 04 06 003C 0001'a' 0000 0000");
        everyVersion("no user name in 3.1.1", MALFORMED_PACKET, "10 0D  0004'MQTT' 04 82 003C 0001'a'");
        everyVersion("user name cut in 3.1", MALFORMED_PACKET, "10 11  0006'MQIsdp' 03 82 003C 0001'a' 0001");
        everyVersion("no password in 3.1.1", MALFORMED_PACKET, "10 10  0004'MQTT' 04 C2 003C 0001'a' 0001'u'");
        everyVersion("no password in 5", MALFORMED_PACKET, "10 11  0004'MQTT' 05 C2 003C 00 0001'a' 0001'u'");
        everyVersion("user name without its flag", MALFORMED_PACKET, "10 11  0004'MQTT' 05 02 003C 00 0001'a' 0001'u'");
    }

    private static void connectProperty(final String why, final int reasonCode, final String block) {
        final int length = Bytes.of(block).length;
        final String vector = String.format("10 %02X  0004'MQTT' 05 02 003C %02X %s 0000", length + 13, length, block);
        everyVersion(why, reasonCode, vector);
    }

    private static void willProperty(final String why, final int reasonCode, final String block) {
        final int length = Bytes.of(block).length;
        final String vector = String.format(
                "10 %02X  0004'MQTT' 05 06 003C 00 0000 %02X %s 0001'w' 0000", length + 19, length, block);
        everyVersion(why, reasonCode, vector);
    }

    private static void connectProperties() {
        everyVersion("properties cut", MALFORMED_PACKET, "10 0B  0004'MQTT' 05 02 003C 05");
        everyVersion("no property length", MALFORMED_PACKET, "10 0A  0004'MQTT' 05 02 003C");
        everyVersion("padded property length", MALFORMED_PACKET, "10 0E  0004'MQTT' 05 02 003C 80 00 0000");
        everyVersion(
                "fifth byte of property length", MALFORMED_PACKET, "10 11  0004'MQTT' 05 02 003C 80808080 00 0000");
        connectProperty("unknown", MALFORMED_PACKET, "00 00");
        connectProperty("unknown", MALFORMED_PACKET, "2B 00");
        connectProperty("unknown", MALFORMED_PACKET, "7F 00");
        connectProperty("unknown", MALFORMED_PACKET, "91 00 0000000A");
        connectProperty("of PUBLISH", MALFORMED_PACKET, "01 01");
        connectProperty("of CONNACK", MALFORMED_PACKET, "24 01");
        connectProperty("of a will", MALFORMED_PACKET, "18 00000001");
        connectProperty("reason string", MALFORMED_PACKET, "1F 0001'a'");
        connectProperty("receive maximum 0", PROTOCOL_ERROR, "21 0000");
        connectProperty("maximum packet size 0", PROTOCOL_ERROR, "27 00000000");
        connectProperty("request problem information 2", PROTOCOL_ERROR, "17 02");
        connectProperty("request response information 2", PROTOCOL_ERROR, "19 02");
        connectProperty("session expiry twice", PROTOCOL_ERROR, "11 00000001 11 00000001");
        connectProperty("receive maximum twice", PROTOCOL_ERROR, "21 0001 21 0001");
        connectProperty("authentication method twice", PROTOCOL_ERROR, "15 0001'X' 15 0001'X'");
        connectProperty("authentication data without method", PROTOCOL_ERROR, "16 0001 07");
        connectProperty("byte cut", MALFORMED_PACKET, "17");
        connectProperty("two bytes cut", MALFORMED_PACKET, "21 00");
        connectProperty("four bytes cut", MALFORMED_PACKET, "11 000000");
        connectProperty("text cut", MALFORMED_PACKET, "15 0002'X'");
        connectProperty("length of text cut", MALFORMED_PACKET, "15 00");
        connectProperty("binary cut", MALFORMED_PACKET, "15 0001'X' 16 0002 07");
        connectProperty("key of user property cut", MALFORMED_PACKET, "26 0002'k'");
        connectProperty("value of user property missing", MALFORMED_PACKET, "26 0001'k'");
        connectProperty("value of user property cut", MALFORMED_PACKET, "26 0001'k' 0002'v'");
        connectProperty("key of user property ill-formed", MALFORMED_PACKET, "26 0001 FF 0001'v'");
        connectProperty("value of user property with U+0000", MALFORMED_PACKET, "26 0001'k' 0001 00");
        willProperty("of CONNECT", MALFORMED_PACKET, "21 0001");
        willProperty("topic alias", MALFORMED_PACKET, "23 0001");
        willProperty("payload format 2", PROTOCOL_ERROR, "01 02");
        willProperty("will delay twice", PROTOCOL_ERROR, "18 00000001 18 00000001");
        willProperty("content type ill-formed", MALFORMED_PACKET, "03 0001 FF");
        willProperty("wildcard in response topic", PROTOCOL_ERROR, "08 0003'a/#'");
    }

    private static void connacks() {
        everyVersion("empty", MALFORMED_PACKET, "20 00");
        row("no code", V3_1_1, MALFORMED_PACKET, "20 01 00");
        row("reserved bits", V3_1_1, MALFORMED_PACKET, "20 02 02 00");
        row("reserved bits", V5, MALFORMED_PACKET, "20 03 80 00 00");
        row("reserved code", V3_1, PROTOCOL_ERROR, "20 02 00 06");
        row("reserved code", V3_1_1, PROTOCOL_ERROR, "20 02 00 80");
        row("session present in a refusal", V3_1_1, PROTOCOL_ERROR, "20 02 01 02");
        row("session present in a refusal", V5, PROTOCOL_ERROR, "20 03 01 87 00");
        row("code of another packet", V5, PROTOCOL_ERROR, "20 03 00 8E 00");
        row("no property length", V5, MALFORMED_PACKET, "20 02 00 00");
        row("maximum QoS 2", V5, PROTOCOL_ERROR, "20 05 00 00 02 24 02");
        row("retain available 2", V5, PROTOCOL_ERROR, "20 05 00 00 02 25 02");
        row("wildcard available 2", V5, PROTOCOL_ERROR, "20 05 00 00 02 28 02");
        row("identifiers available 2", V5, PROTOCOL_ERROR, "20 05 00 00 02 29 02");
        row("shared available 2", V5, PROTOCOL_ERROR, "20 05 00 00 02 2A 02");
        row("receive maximum 0", V5, PROTOCOL_ERROR, "20 06 00 00 03 21 0000");
        row("property of CONNECT", V5, MALFORMED_PACKET, "20 05 00 00 02 17 01");
        row("data without method", V5, PROTOCOL_ERROR, "20 07 00 00 04 16 0001 07");
        row("trailing byte", V5, MALFORMED_PACKET, "20 04 00 00 00 00");
        row("properties in 3", V3_1_1, MALFORMED_PACKET, "20 03 00 00 00");
    }

    private static void publishes() {
        everyVersion("empty", MALFORMED_PACKET, "30 00");
        everyVersion("QoS 3", MALFORMED_PACKET, "36 06 0001'a' 0001 00");
        everyVersion("QoS 3 with DUP", MALFORMED_PACKET, "3E 06 0001'a' 0001 00");
        everyVersion("DUP with QoS 0", MALFORMED_PACKET, "38 04 0001'a' 00");
        everyVersion("topic cut", MALFORMED_PACKET, "30 03 0002'a'");
        everyVersion("packet id cut", MALFORMED_PACKET, "32 04 0001'a' 00");
        everyVersion("no packet id", MALFORMED_PACKET, "32 03 0001'a'");
        everyVersion("packet id 0", PROTOCOL_ERROR, "32 06 0001'a' 0000 00");
        everyVersion("packet id 0", PROTOCOL_ERROR, "34 06 0001'a' 0000 00");
        everyVersion("empty topic", PROTOCOL_ERROR, "30 03 0000 00");
        everyVersion("+ in topic", TOPIC_NAME_INVALID, "30 06 0003'a/+' 00");
        everyVersion("# in topic", TOPIC_NAME_INVALID, "30 06 0003'a/#' 00");
        everyVersion("U+0000 in topic", MALFORMED_PACKET, "30 06 0003'a' 00'b' 00");
        everyVersion("surrogate in topic", MALFORMED_PACKET, "30 06 0003 EDA080 00");
        everyVersion("overlong topic", MALFORMED_PACKET, "30 05 0002 C1BF 00");
        row("no property length", V5, MALFORMED_PACKET, "30 03 0001'a'");
        row("properties cut", V5, MALFORMED_PACKET, "30 05 0001'a' 02 01");
    }

    private static void publishProperty(final String why, final int reasonCode, final String block) {
        final int length = Bytes.of(block).length;
        row(why, V5, reasonCode, String.format("30 %02X 0001'a' %02X %s", length + 4, length, block));
    }

    private static void publishProperties() {
        publishProperty("payload format 2", PROTOCOL_ERROR, "01 02");
        publishProperty("payload format twice", PROTOCOL_ERROR, "01 01 01 01");
        publishProperty("expiry twice", PROTOCOL_ERROR, "02 00000001 02 00000001");
        publishProperty("content type twice", PROTOCOL_ERROR, "03 0001'a' 03 0001'a'");
        publishProperty("content type ill-formed", MALFORMED_PACKET, "03 0001 80");
        publishProperty("response topic twice", PROTOCOL_ERROR, "08 0001'a' 08 0001'a'");
        publishProperty("response topic ill-formed", MALFORMED_PACKET, "08 0001 FF");
        publishProperty("wildcard in response topic", PROTOCOL_ERROR, "08 0001'+'");
        publishProperty("empty response topic", PROTOCOL_ERROR, "08 0000");
        publishProperty("correlation data twice", PROTOCOL_ERROR, "09 0000 09 0000");
        publishProperty("topic alias 0", TOPIC_ALIAS_INVALID, "23 0000");
        publishProperty("topic alias twice", PROTOCOL_ERROR, "23 0001 23 0001");
        publishProperty("subscription identifier 0", PROTOCOL_ERROR, "0B 00");
        publishProperty("subscription identifier padded", MALFORMED_PACKET, "0B 81 00");
        publishProperty("subscription identifier too long", MALFORMED_PACKET, "0B 80808080 01");
        publishProperty("subscription identifier cut", MALFORMED_PACKET, "0B 80");
        publishProperty("will delay", MALFORMED_PACKET, "18 00000001");
        publishProperty("session expiry", MALFORMED_PACKET, "11 00000001");
        publishProperty("reason string", MALFORMED_PACKET, "1F 0000");
        row("alias 0 with empty topic", V5, TOPIC_ALIAS_INVALID, "30 06 0000 03 23 0000");
    }

    private static void acks() {
        for (final String first : List.of("40", "50", "62", "70")) {
            everyVersion("empty", MALFORMED_PACKET, first + "00");
            everyVersion("packet id cut", MALFORMED_PACKET, first + "01 12");
            everyVersion("packet id 0", PROTOCOL_ERROR, first + "02 0000");
            row("reason code in 3", V3_1, MALFORMED_PACKET, first + "03 1234 00");
            row("reason code in 3", V3_1_1, MALFORMED_PACKET, first + "03 1234 00");
            row("unknown reason code", V5, PROTOCOL_ERROR, first + "03 1234 FF");
            row("code of SUBACK", V5, PROTOCOL_ERROR, first + "03 1234 01");
            row("properties cut", V5, MALFORMED_PACKET, first + "04 1234 00 01");
            row("property of CONNECT", V5, MALFORMED_PACKET, first + "07 1234 00 03 21 0001");
            row("reason string twice", V5, PROTOCOL_ERROR, first + "0A 1234 00 06 1F 0000 1F 0000");
            row("trailing byte", V5, MALFORMED_PACKET, first + "05 1234 00 00 00");
        }
        row("code of PUBREL", V5, PROTOCOL_ERROR, "40 03 1234 92");
        row("code of PUBREL", V5, PROTOCOL_ERROR, "50 03 1234 92");
        row("code of PUBACK", V5, PROTOCOL_ERROR, "62 03 1234 10");
        row("code of PUBACK", V5, PROTOCOL_ERROR, "70 03 1234 87");
    }

    private static void subscribes() {
        everyVersion("empty", MALFORMED_PACKET, "82 00");
        row("packet id 0", V3_1, PROTOCOL_ERROR, "82 06 0000 0001'a' 00");
        row("packet id 0", V3_1_1, PROTOCOL_ERROR, "82 06 0000 0001'a' 00");
        row("packet id 0", V5, PROTOCOL_ERROR, "82 07 0000 00 0001'a' 00");
        row("no filter", V3_1, PROTOCOL_ERROR, "82 02 000A");
        row("no filter", V3_1_1, PROTOCOL_ERROR, "82 02 000A");
        row("no filter", V5, PROTOCOL_ERROR, "82 03 000A 00");
        row("no options", V3_1_1, MALFORMED_PACKET, "82 05 000A 0001'a'");
        row("second filter cut", V3_1_1, MALFORMED_PACKET, "82 07 000A 0001'a' 00 00");
        row("QoS 3", V3_1, MALFORMED_PACKET, "82 06 000A 0001'a' 03");
        row("QoS 3", V3_1_1, MALFORMED_PACKET, "82 06 000A 0001'a' 03");
        row("QoS 3", V5, PROTOCOL_ERROR, "82 07 000A 00 0001'a' 03");
        row("reserved bit", V3_1_1, MALFORMED_PACKET, "82 06 000A 0001'a' 04");
        row("reserved bit", V3_1_1, MALFORMED_PACKET, "82 06 000A 0001'a' 80");
        row("reserved bit", V5, MALFORMED_PACKET, "82 07 000A 00 0001'a' 40");
        row("reserved bit", V5, MALFORMED_PACKET, "82 07 000A 00 0001'a' 80");
        row("retain handling 3", V5, PROTOCOL_ERROR, "82 07 000A 00 0001'a' 30");
        row("no local on shared", V5, PROTOCOL_ERROR, "82 10 000A 00 000A'$share/g/a' 04");
        row("fault in the second filter", V5, PROTOCOL_ERROR, "82 0B 000A 00 0001'a' 00 0001'b' 30");
        row("filter ill-formed", V3_1_1, MALFORMED_PACKET, "82 06 000A 0001 FF 00");
        row("filter ill-formed", V5, MALFORMED_PACKET, "82 07 000A 00 0001 FF 00");
        row("U+0000 in filter", V3_1_1, MALFORMED_PACKET, "82 06 000A 0001 00 00");
        row("subscription identifier 0", V5, PROTOCOL_ERROR, "82 09 000A 02 0B 00 0001'a' 00");
        row("subscription identifier twice", V5, PROTOCOL_ERROR, "82 0B 000A 04 0B01 0B02 0001'a' 00");
        row("property of PUBLISH", V5, MALFORMED_PACKET, "82 09 000A 02 01 01 0001'a' 00");
        row("no property length", V5, MALFORMED_PACKET, "82 02 000A");
    }

    private static void unsubscribes() {
        everyVersion("empty", MALFORMED_PACKET, "A2 00");
        row("packet id 0", V3_1_1, PROTOCOL_ERROR, "A2 05 0000 0001'a'");
        row("packet id 0", V5, PROTOCOL_ERROR, "A2 06 0000 00 0001'a'");
        row("no filter", V3_1, PROTOCOL_ERROR, "A2 02 000A");
        row("no filter", V3_1_1, PROTOCOL_ERROR, "A2 02 000A");
        row("no filter", V5, PROTOCOL_ERROR, "A2 03 000A 00");
        row("filter cut", V3_1_1, MALFORMED_PACKET, "A2 05 000A 0002'a'");
        row("second filter cut", V3_1_1, MALFORMED_PACKET, "A2 06 000A 0001'a' 00");
        row("filter ill-formed", V3_1_1, MALFORMED_PACKET, "A2 05 000A 0001 C0");
        row("filter ill-formed", V5, MALFORMED_PACKET, "A2 06 000A 00 0001 C0");
        row("subscription identifier", V5, MALFORMED_PACKET, "A2 08 000A 02 0B 01 0001'a'");
        row("no property length", V5, MALFORMED_PACKET, "A2 02 000A");
    }

    private static void answersToSubscriptions() {
        everyVersion("empty", MALFORMED_PACKET, "90 00");
        row("packet id 0", V3_1_1, PROTOCOL_ERROR, "90 03 0000 00");
        row("no code", V3_1_1, PROTOCOL_ERROR, "90 02 000A");
        row("no code", V5, PROTOCOL_ERROR, "90 03 000A 00");
        row("reserved code", V3_1_1, PROTOCOL_ERROR, "90 03 000A 03");
        row("code of 5", V3_1_1, PROTOCOL_ERROR, "90 03 000A 87");
        row("code of another packet", V5, PROTOCOL_ERROR, "90 04 000A 00 10");
        row("property of CONNECT", V5, MALFORMED_PACKET, "90 07 000A 03 21 0001 00");
        everyVersion("empty", MALFORMED_PACKET, "B0 00");
        row("packet id 0", V3_1_1, PROTOCOL_ERROR, "B0 02 0000");
        row("code in 3", V3_1, MALFORMED_PACKET, "B0 03 000A 00");
        row("code in 3", V3_1_1, MALFORMED_PACKET, "B0 03 000A 00");
        row("no code", V5, PROTOCOL_ERROR, "B0 03 000A 00");
        row("code of SUBACK", V5, PROTOCOL_ERROR, "B0 04 000A 00 01");
        row("no property length", V5, MALFORMED_PACKET, "B0 02 000A");
    }

    private static void endings() {
        row("reason code in 3", V3_1, MALFORMED_PACKET, "E0 01 00");
        row("reason code in 3", V3_1_1, MALFORMED_PACKET, "E0 01 00");
        row("unknown code", V5, PROTOCOL_ERROR, "E0 01 05");
        row("code of CONNACK", V5, PROTOCOL_ERROR, "E0 01 85");
        row("properties cut", V5, MALFORMED_PACKET, "E0 02 00 01");
        row("session expiry twice", V5, PROTOCOL_ERROR, "E0 0C 00 0A 11 00000000 11 00000000");
        row("property of CONNECT", V5, MALFORMED_PACKET, "E0 05 00 03 21 0001");
        row("trailing byte", V5, MALFORMED_PACKET, "E0 03 00 00 00");
        row("AUTH in 3", V3_1, MALFORMED_PACKET, "F0 00");
        row("AUTH in 3", V3_1_1, MALFORMED_PACKET, "F0 00");
        row("no property length", V5, MALFORMED_PACKET, "F0 01 00");
        row("no method", V5, PROTOCOL_ERROR, "F0 02 18 00");
        row("data without method", V5, PROTOCOL_ERROR, "F0 06 18 04 16 0001 07");
        row("unknown code", V5, PROTOCOL_ERROR, "F0 06 87 04 15 0001'X'");
        row("method twice", V5, PROTOCOL_ERROR, "F0 0A 18 08 15 0001'X' 15 0001'X'");
        row("property of CONNECT", V5, MALFORMED_PACKET, "F0 05 18 03 21 0001");
        row("trailing byte", V5, MALFORMED_PACKET, "F0 07 18 04 15 0001'X' 00");
    }

    private static void texts() {
        for (final String illFormed : List.of("00", "80", "FF", "C3", "EDA080", "EDBFBF", "C080", "F4908080", "F8")) {
            final int length = Bytes.of(illFormed).length;
            final String text = String.format("%04X", length) + illFormed;
            everyVersion(
                    "client id ill-formed",
                    MALFORMED_PACKET,
                    String.format("10 %02X 0004'MQTT' 04 02 003C %s", 12 + length, text));
            everyVersion(
                    "will topic ill-formed",
                    MALFORMED_PACKET,
                    String.format("10 %02X 0004'MQTT' 04 06 003C 0001'a' %s 0000", 17 + length, text));
            everyVersion(
                    "user name ill-formed",
                    MALFORMED_PACKET,
                    String.format("10 %02X 0004'MQTT' 04 82 003C 0001'a' %s", 15 + length, text));
        }
    }
}
