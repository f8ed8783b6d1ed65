package io.ringmain.protocol.mqtt;

import static io.ringmain.protocol.ProtocolVersion.V3_1;
import static io.ringmain.protocol.ProtocolVersion.V3_1_1;
import static io.ringmain.protocol.ProtocolVersion.V5;

import io.ringmain.protocol.ProtocolVersion;
import java.util.List;

/**
 * Every packet in every version, written by hand from the tables of the three specifications, one field after the
 * other. The tests of each packet say what the fields mean; other tests cut, flip and concatenate these.
 */
final class Golden {
    // CONNECT: fixed header | name | level | flags | keep alive | properties | client id | will | user name | password
    static final String CONNECT_31 = "10 11  0006'MQIsdp' 03 02 003C  0003'abc'";
    static final String CONNECT_31_FULL =
            "10 23  0006'MQIsdp' 03 EC 000A  0002'c1' 0003'w/t' 0003'bye' 0003'bob' 0002'pw'";
    /** User name and password flags, and nothing behind the client id: legal in 3.1 alone. */
    static final String CONNECT_31_CUT = "10 10  0006'MQIsdp' 03 C2 000A  0002'c1'";

    static final String CONNECT_311 = "10 0C  0004'MQTT' 04 02 003C  0000";
    static final String CONNECT_311_FULL =
            "10 21  0004'MQTT' 04 D6 000A  0002'c1' 0003'w/t' 0003'bye' 0003'bob' 0002'pw'";
    static final String CONNECT_5 = "10 0D  0004'MQTT' 05 02 003C 00 0000";
    static final String CONNECT_5_FULL = "10 6F  0004'MQTT' 05 EE 000A"
            + " 28 11 0000000A 21 0014 27 00000100 22 000A 19 01 17 00 26 0001'k'0001'v' 15 0005'SCRAM' 16 0002 0102"
            + " 0002'c1'"
            + " 24 18 00000005 01 01 02 0000000E 03 0004'text' 08 0003'r/t' 09 0001 FF 26 0001'a'0001'b'"
            + " 0003'w/t' 0003'bye' 0003'bob' 0002'pw'";
    static final String CONNECT_5_ENCODED = "10 3D  0004'MQTT' 05 EE 000A"
            + " 10 11 0000000A 21 0014 27 00000100 22 000A"
            + " 0002'c1' 0A 18 00000005 02 0000000E 0003'w/t' 0003'bye' 0003'bob' 0002'pw'";
    static final String CONNECT_5_PASSWORD_ALONE = "10 11  0004'MQTT' 05 42 003C 00 0000 0002'pw'";

    // CONNACK: fixed header | session present | code | properties
    static final String CONNACK_31 = "20 02  00 00";
    static final String CONNACK_31_REFUSED = "20 02  00 05";
    static final String CONNACK_311_PRESENT = "20 02  01 00";
    static final String CONNACK_311_REFUSED = "20 02  00 02";
    static final String CONNACK_5 = "20 03  01 00 00";
    static final String CONNACK_5_FULL = "20 2C  00 00"
            + " 29 11 00000E10 21 0064 24 01 25 00 27 00010000 12 0004'auto' 22 0000 1F 0002'ok'"
            + " 28 01 29 00 2A 00 13 001E";
    static final String CONNACK_5_MOVED =
            "20 1C  00 9C  19 1A 0002'r/' 1C 0002'b2' 15 0001'X' 16 0001 07 26 0001'k'0001'v'";

    // PUBLISH: fixed header | topic | packet id | properties | payload
    static final String PUBLISH_3_QOS0 = "30 07  0003'a/b' 'hi'";
    static final String PUBLISH_3_QOS1 = "3B 09  0003'a/b' 000A 'hi'";
    static final String PUBLISH_3_QOS2 = "34 07  0003'a/b' FFFF";
    static final String PUBLISH_5_QOS0 = "30 08  0003'a/b' 00 'hi'";
    static final String PUBLISH_5_FULL = "3D 31  0003'a/b' 000A"
            + " 27 01 01 02 0000003C 03 0003'txt' 08 0003'r/t' 09 0002 CAFE 23 0007 0B 01 0B 8001 26 0001'k'0001'v'"
            + " 'hi'";
    static final String FORWARDABLE = "01 01 03 0003'txt' 08 0003'r/t' 09 0002 CAFE 26 0001'k'0001'v'";
    static final String PUBLISH_5_ENCODED = "34 29  0003'a/b' 000A  1F 02 0000003C " + FORWARDABLE + " 'hi'";
    static final String PUBLISH_5_ALIAS = "30 06  0000 03 23 0001";

    // PUBACK, PUBREC, PUBREL, PUBCOMP: fixed header | packet id | reason code | properties
    static final String PUBACK = "40 02  1234";
    static final String PUBREC = "50 02  1234";
    static final String PUBREL = "62 02  1234";
    static final String PUBCOMP = "70 02  1234";
    static final String PUBREL_31_DUP = "6A 02  1234";
    static final String PUBACK_5 = "40 03  1234 10";
    static final String PUBREC_5 = "50 03  1234 97";
    static final String PUBREL_5 = "62 03  1234 92";
    static final String PUBCOMP_5 = "70 03  1234 92";
    static final String PUBREC_5_LONG = "50 04  1234 00 00";
    static final String PUBACK_5_FULL = "40 10  1234 80  0C 1F 0002'no' 26 0001'k'0001'v'";
    static final String PUBREC_5_FULL = "50 10  1234 91  0C 1F 0002'no' 26 0001'k'0001'v'";
    static final String PUBREL_5_FULL = "62 10  1234 92  0C 1F 0002'no' 26 0001'k'0001'v'";
    static final String PUBCOMP_5_FULL = "70 10  1234 92  0C 1F 0002'no' 26 0001'k'0001'v'";

    // SUBSCRIBE: fixed header | packet id | properties | (filter | options) ...
    static final String SUBSCRIBE_3 = "82 0E  000A  0003'a/b' 01  0003'c/+' 02";
    static final String SUBSCRIBE_31_DUP = "8A 0E  000A  0003'a/b' 01  0003'c/+' 02";
    static final String SUBSCRIBE_5 = "82 0F  000A  00  0003'a/b' 1D  0003'c/+' 22";
    static final String SUBSCRIBE_5_FULL = "82 18  000A  09 0B 05 26 0001'k'0001'v'  0003'a/b' 1D  0003'c/+' 22";

    // SUBACK: fixed header | packet id | properties | codes
    static final String SUBACK_31 = "90 03  000A  02";
    static final String SUBACK_3 = "90 04  000A  01 80";
    static final String SUBACK_5 = "90 05  000A  00  01 8F";
    static final String SUBACK_5_FULL = "90 09  000A  05 1F 0002'ok'  02";

    // UNSUBSCRIBE: fixed header | packet id | properties | filters
    static final String UNSUBSCRIBE_3 = "A2 0C  000A  0003'a/b' 0003'c/+'";
    static final String UNSUBSCRIBE_31_DUP = "AA 0C  000A  0003'a/b' 0003'c/+'";
    static final String UNSUBSCRIBE_5 = "A2 0D  000A  00  0003'a/b' 0003'c/+'";
    static final String UNSUBSCRIBE_5_FULL = "A2 14  000A  07 26 0001'k'0001'v'  0003'a/b' 0003'c/+'";

    // UNSUBACK: fixed header | packet id | properties | codes
    static final String UNSUBACK_3 = "B0 02  000A";
    static final String UNSUBACK_5 = "B0 05  000A  00  00 11";
    static final String UNSUBACK_5_FULL = "B0 09  000A  05 1F 0002'ok'  87";

    static final String PINGREQ = "C0 00";
    static final String PINGRESP = "D0 00";

    // DISCONNECT: fixed header | reason code | properties
    static final String DISCONNECT = "E0 00";
    static final String DISCONNECT_5 = "E0 01  04";
    static final String DISCONNECT_5_LONG = "E0 02  8B 00";
    static final String DISCONNECT_5_EXPIRY = "E0 07  00  05 11 00000000";
    static final String DISCONNECT_5_FULL = "E0 13  9D  11 1C 0002'b2' 1F 0002'go' 26 0001'k'0001'v'";

    // AUTH: fixed header | reason code | properties
    static final String AUTH = "F0 00";
    static final String AUTH_AGAIN = "F0 06  19  04 15 0001'X'";
    static final String AUTH_FULL = "F0 16  18  14 15 0001'X' 16 0001 07 1F 0002'ok' 26 0001'k'0001'v'";

    /** A valid packet with a name for it. */
    record Packet(String name, ProtocolVersion version, String vector) {
        byte[] bytes() {
            return Bytes.of(vector);
        }

        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    static final List<Packet> ALL = List.of(
            new Packet("connect", V3_1, CONNECT_31),
            new Packet("connect-full", V3_1, CONNECT_31_FULL),
            new Packet("connect-cut", V3_1, CONNECT_31_CUT),
            new Packet("connect", V3_1_1, CONNECT_311),
            new Packet("connect-full", V3_1_1, CONNECT_311_FULL),
            new Packet("connect", V5, CONNECT_5),
            new Packet("connect-full", V5, CONNECT_5_FULL),
            new Packet("connect-encoded", V5, CONNECT_5_ENCODED),
            new Packet("connect-password-alone", V5, CONNECT_5_PASSWORD_ALONE),
            new Packet("connack", V3_1, CONNACK_31),
            new Packet("connack-refused", V3_1, CONNACK_31_REFUSED),
            new Packet("connack-present", V3_1_1, CONNACK_311_PRESENT),
            new Packet("connack-refused", V3_1_1, CONNACK_311_REFUSED),
            new Packet("connack", V5, CONNACK_5),
            new Packet("connack-full", V5, CONNACK_5_FULL),
            new Packet("connack-moved", V5, CONNACK_5_MOVED),
            new Packet("publish-qos0", V3_1, PUBLISH_3_QOS0),
            new Packet("publish-qos1", V3_1, PUBLISH_3_QOS1),
            new Packet("publish-qos2", V3_1, PUBLISH_3_QOS2),
            new Packet("publish-qos0", V3_1_1, PUBLISH_3_QOS0),
            new Packet("publish-qos1", V3_1_1, PUBLISH_3_QOS1),
            new Packet("publish-qos2", V3_1_1, PUBLISH_3_QOS2),
            new Packet("publish-qos0", V5, PUBLISH_5_QOS0),
            new Packet("publish-full", V5, PUBLISH_5_FULL),
            new Packet("publish-encoded", V5, PUBLISH_5_ENCODED),
            new Packet("publish-alias", V5, PUBLISH_5_ALIAS),
            new Packet("puback", V3_1, PUBACK),
            new Packet("pubrec", V3_1, PUBREC),
            new Packet("pubrel", V3_1, PUBREL),
            new Packet("pubrel-dup", V3_1, PUBREL_31_DUP),
            new Packet("pubcomp", V3_1, PUBCOMP),
            new Packet("puback", V3_1_1, PUBACK),
            new Packet("pubrec", V3_1_1, PUBREC),
            new Packet("pubrel", V3_1_1, PUBREL),
            new Packet("pubcomp", V3_1_1, PUBCOMP),
            new Packet("puback-short", V5, PUBACK),
            new Packet("pubrec-short", V5, PUBREC),
            new Packet("pubrel-short", V5, PUBREL),
            new Packet("pubcomp-short", V5, PUBCOMP),
            new Packet("puback", V5, PUBACK_5),
            new Packet("pubrec", V5, PUBREC_5),
            new Packet("pubrel", V5, PUBREL_5),
            new Packet("pubcomp", V5, PUBCOMP_5),
            new Packet("pubrec-long", V5, PUBREC_5_LONG),
            new Packet("puback-full", V5, PUBACK_5_FULL),
            new Packet("pubrec-full", V5, PUBREC_5_FULL),
            new Packet("pubrel-full", V5, PUBREL_5_FULL),
            new Packet("pubcomp-full", V5, PUBCOMP_5_FULL),
            new Packet("subscribe", V3_1, SUBSCRIBE_3),
            new Packet("subscribe-dup", V3_1, SUBSCRIBE_31_DUP),
            new Packet("subscribe", V3_1_1, SUBSCRIBE_3),
            new Packet("subscribe", V5, SUBSCRIBE_5),
            new Packet("subscribe-full", V5, SUBSCRIBE_5_FULL),
            new Packet("suback", V3_1, SUBACK_31),
            new Packet("suback", V3_1_1, SUBACK_3),
            new Packet("suback", V5, SUBACK_5),
            new Packet("suback-full", V5, SUBACK_5_FULL),
            new Packet("unsubscribe", V3_1, UNSUBSCRIBE_3),
            new Packet("unsubscribe-dup", V3_1, UNSUBSCRIBE_31_DUP),
            new Packet("unsubscribe", V3_1_1, UNSUBSCRIBE_3),
            new Packet("unsubscribe", V5, UNSUBSCRIBE_5),
            new Packet("unsubscribe-full", V5, UNSUBSCRIBE_5_FULL),
            new Packet("unsuback", V3_1, UNSUBACK_3),
            new Packet("unsuback", V3_1_1, UNSUBACK_3),
            new Packet("unsuback", V5, UNSUBACK_5),
            new Packet("unsuback-full", V5, UNSUBACK_5_FULL),
            new Packet("pingreq", V3_1, PINGREQ),
            new Packet("pingreq", V3_1_1, PINGREQ),
            new Packet("pingreq", V5, PINGREQ),
            new Packet("pingresp", V3_1, PINGRESP),
            new Packet("pingresp", V3_1_1, PINGRESP),
            new Packet("pingresp", V5, PINGRESP),
            new Packet("disconnect", V3_1, DISCONNECT),
            new Packet("disconnect", V3_1_1, DISCONNECT),
            new Packet("disconnect-short", V5, DISCONNECT),
            new Packet("disconnect", V5, DISCONNECT_5),
            new Packet("disconnect-long", V5, DISCONNECT_5_LONG),
            new Packet("disconnect-expiry", V5, DISCONNECT_5_EXPIRY),
            new Packet("disconnect-full", V5, DISCONNECT_5_FULL),
            new Packet("auth-short", V5, AUTH),
            new Packet("auth-again", V5, AUTH_AGAIN),
            new Packet("auth-full", V5, AUTH_FULL));

    private Golden() {}
}
