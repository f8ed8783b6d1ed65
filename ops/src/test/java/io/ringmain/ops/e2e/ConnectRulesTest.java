package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** CONNECT, CONNACK and DISCONNECT as the specifications want them. */
@Tag("e2e")
@Timeout(60)
class ConnectRulesTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String answer(final String packet) throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex(packet);
            return client.untilClosed();
        }
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "wrong protocol name, 10 0d 0004 4d515455 04 02 003c 0001 61, 20020001",
        "level 3 under the name of 3.1.1, 10 0d 0004 4d515454 03 02 003c 0001 61, 20020001",
        "level 6, 10 0e 0004 4d515454 06 02 003c 00 0001 61, 2003008400",
        "reserved flag in 3.1.1, 10 0d 0004 4d515454 04 03 003c 0001 61, ''",
        "reserved flag in 5, 10 0e 0004 4d515454 05 03 003c 00 0001 61, 2003008100",
        "will QoS without a will, 10 0d 0004 4d515454 04 0a 003c 0001 61, ''",
        "will retain without a will, 10 0d 0004 4d515454 04 22 003c 0001 61, ''",
        "will flag without a will, 10 0d 0004 4d515454 04 06 003c 0001 61, ''",
        "user name without its flag, 10 10 0004 4d515454 04 02 003c 0001 61 0001 75, ''",
        "flag without its user name, 10 0d 0004 4d515454 04 82 003c 0001 61, ''",
        "password without user name in 3.1.1, 10 10 0004 4d515454 04 42 003c 0001 61 0001 75, ''",
        "no client id at all, 10 0a 0004 4d515454 04 02 003c, ''",
        "ill-formed client id, 10 0e 0004 4d515454 04 02 003c 0002 c080, ''",
        "empty id without clean session, 10 0c 0004 4d515454 04 00 003c 0000, 20020002",
        "control character in the id of 3.1.1, 10 0d 0004 4d515454 04 02 003c 0001 07, 20020002",
        "control character in the id of 5, 10 0e 0004 4d515454 05 02 003c 00 0001 07, 2003008500",
        "ill-formed id in 5, 10 0f 0004 4d515454 05 02 003c 00 0002 c080, 2003008100",
        "no client id at all in 5, 10 0b 0004 4d515454 05 02 003c 00, 2003008100",
        "ill-formed will topic in 5, 10 16 0004 4d515454 05 06 003c 00 0001 61 00 0002 c080 0001 6d, 2003008100",
        "ill-formed user name in 5, 10 12 0004 4d515454 05 82 003c 00 0001 61 0002 c080, 2003008100",
        "password without its flag in 3.1.1, 10 13 0004 4d515454 04 82 003c 0001 61 0001 75 0001 70, ''",
        "flag without its password in 3.1.1, 10 10 0004 4d515454 04 c2 003c 0001 61 0001 75, ''",
        "password without its flag in 5, 10 14 0004 4d515454 05 82 003c 00 0001 61 0001 75 0001 70, 2003008100",
        "flag without its user name in 5, 10 0e 0004 4d515454 05 82 003c 00 0001 61, 2003008100",
        "will flag without a will in 5, 10 0e 0004 4d515454 05 06 003c 00 0001 61, 2003008100",
        "will to $ in 3.1.1, 10 13 0004 4d515454 04 06 003c 0001 61 0001 24 0001 6d, ''",
        "will to $ in 5, 10 15 0004 4d515454 05 06 003c 00 0001 61 00 0001 24 0001 6d, 2003009000",
    })
    void shouldRefuse(final String what, final String connect, final String expected) throws IOException {
        assertEquals(expected, answer(connect), what);
    }

    @Test
    void shouldProcessNothingBehindARefusedConnect() throws IOException {
        try (RawClient watcher = RawClient.connected(broker.port(), V4, c -> c.clientId("watcher"))) {
            watcher.subscribe(V4, 1, "behind", 0);
            watcher.expect("90 03 0001 00");
            assertEquals("20020002", answer("10 0c 0004 4d515454 04 00 003c 0000 30 09 0006 626568696e64 78"));
            watcher.publish(V4, 0, 0, "behind", new byte[] {'!'});
            watcher.expect("30 09 0006 626568696e64 21");
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeEveryClientIdThatTheSpecificationAllows(final ProtocolVersion version) throws IOException {
        final String all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (int i = 0; i < all.length(); i += 20) {
            final String id = all.substring(i, Math.min(all.length(), i + 23));
            RawClient.connected(broker.port(), version, c -> c.clientId(id)).close();
        }
        RawClient.connected(broker.port(), version, c -> c.clientId("x")).close();
    }

    private static String assignedId() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V5, c -> c.clientId(""));
            final byte[] connack = client.packet();
            final String text = new String(connack, StandardCharsets.ISO_8859_1);
            final int at = text.indexOf("rm-");
            assertEquals(0x12, connack[at - 3], "Assigned Client Identifier");
            return text.substring(at, at + connack[at - 1]);
        }
    }

    @Test
    void shouldAssignAClientIdThatNobodyElseHas() throws IOException {
        assertNotEquals(assignedId(), assignedId());
        try (RawClient old = new RawClient(broker.port())) {
            old.connect(V4, c -> c.clientId(""));
            old.expect("20 02 00 00");
        }
    }

    @Test
    void shouldSayWhetherThereWasASession() throws IOException {
        try (RawClient first = new RawClient(broker.port())) {
            first.connect(V4, c -> c.clientId("present").cleanStart(false));
            first.expect("20 02 00 00");
            first.sendHex("e0 00");
            assertEquals("", first.untilClosed());
        }
        try (RawClient second = new RawClient(broker.port())) {
            second.connect(V4, c -> c.clientId("present").cleanStart(false));
            second.expect("20 02 01 00");
        }
        try (RawClient third = new RawClient(broker.port())) {
            third.connect(V4, c -> c.clientId("present").cleanStart(true));
            third.expect("20 02 00 00");
        }
        try (RawClient fourth = new RawClient(broker.port())) {
            fourth.connect(V4, c -> c.clientId("present").cleanStart(false));
            fourth.expect("20 02 00 00");
        }
    }

    @Test
    void shouldNotSayThatASessionIsPresentWhenItRefuses() throws IOException {
        RawClient.connected(broker.port(), V4, c -> c.clientId("k").cleanStart(false))
                .close();
        assertEquals("20020001", answer("10 0d 0004 4d515454 03 00 003c 0001 6b"));
        assertEquals("2003009000", answer("10 15 0004 4d515454 05 04 003c 00 0001 6b 00 0001 24 0001 6d"));
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V4, c -> c.clientId("k").cleanStart(false));
            client.expect("20 02 01 00");
        }
    }

    @Test
    void shouldLeaveTheOlderConnectionAloneWhenItRefusesTheNewOne() throws IOException {
        try (RawClient older = RawClient.connected(broker.port(), V4, c -> c.clientId("o"))) {
            assertEquals("", answer("10 0d 0004 4d515454 04 03 003c 0001 6f"), "reserved flag");
            assertEquals("2003008100", answer("10 0e 0004 4d515454 05 03 003c 00 0001 6f"), "reserved flag");
            older.sendHex("c0 00");
            older.expect("d0 00");
        }
    }

    @Test
    void shouldKeepSessionsOfDifferentClientIdsApart() throws IOException {
        try (RawClient client =
                RawClient.connected(broker.port(), V4, c -> c.clientId("one").cleanStart(false))) {
            client.subscribe(V4, 1, "apart", 1);
            client.expect("90 03 0001 01");
        }
        try (RawClient other = new RawClient(broker.port())) {
            other.connect(V4, c -> c.clientId("One").cleanStart(false));
            other.expect("20 02 00 00");
        }
    }

    @Test
    void shouldCloseAndPublishTheWillWhenDisconnectIsMalformed() throws IOException {
        try (RawClient watcher = RawClient.connected(broker.port(), V4, c -> c.clientId("will-watch"))) {
            watcher.subscribe(V4, 1, "will/+", 0);
            watcher.expect("90 03 0001 00");
            try (RawClient client = RawClient.connected(
                    broker.port(), V4, c -> c.clientId("bits").will("will/4", new byte[] {'w'}, 0, false))) {
                client.sendHex("e1 00");
                assertEquals("", client.untilClosed());
            }
            watcher.expect("30 09 0006 77696c6c2f34 77");
            try (RawClient client = RawClient.connected(
                    broker.port(), V5, c -> c.clientId("bits").will("will/5", new byte[] {'w'}, 0, false))) {
                client.sendHex("e1 00");
                assertEquals("e00181", client.untilClosed());
            }
            watcher.expect("30 09 0006 77696c6c2f35 77");
        }
    }

    @Test
    void shouldCloseAfterAGoodbyeAndKeepTheWillToItself() throws IOException {
        try (RawClient watcher = RawClient.connected(broker.port(), V4, c -> c.clientId("bye-watch"))) {
            watcher.subscribe(V4, 1, "bye", 0);
            watcher.expect("90 03 0001 00");
            for (final ProtocolVersion version : ProtocolVersion.values()) {
                try (RawClient client = RawClient.connected(
                        broker.port(), version, c -> c.clientId("bye").will("bye", new byte[] {'w'}, 0, false))) {
                    client.sendHex("e0 00 30 06 0003 627965 78");
                    assertEquals("", client.untilClosed(), "nothing comes, and nothing behind it is processed");
                }
            }
            watcher.publish(V4, 0, 0, "bye", new byte[] {'!'});
            watcher.expect("30 06 0003 627965 21");
        }
    }

    @Test
    void shouldNotLetDisconnectBringASessionToLife() throws IOException {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("expiry"))) {
            client.sendHex("e0 07 00 05 11 00000064");
            assertEquals("e00182", client.untilClosed());
        }
    }

    @Test
    void shouldLetDisconnectEndTheSession() throws IOException {
        try (RawClient client =
                RawClient.connected(broker.port(), V5, c -> c.clientId("ends").sessionExpiry(1000))) {
            client.sendHex("e0 07 00 05 11 00000000");
            assertEquals("", client.untilClosed());
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(V5, c -> c.clientId("ends").cleanStart(false));
            assertEquals(0, client.packet()[2], "session present");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "packet too large, e0 02 95 00, ''",
        "taken over; that servers alone say so is no reason to answer, e0 01 8e, ''",
        "code that no packet has, e0 01 01, e00182",
        "code of CONNACK, e0 01 85, e00182",
    })
    void shouldTakeReasonCodesThatDisconnectMayHaveAndNoOthers(
            final String what, final String disconnect, final String expected) throws IOException {
        try (RawClient client = RawClient.connected(broker.port(), V5, c -> c.clientId("reasons"))) {
            client.sendHex(disconnect);
            assertEquals(expected, client.untilClosed(), what);
        }
    }

    @Test
    void shouldLeaveTheReasonOutOfPacketsThatItWouldMakeTooLarge() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            // Maximum Packet Size 40, Request Problem Information 1.
            client.sendHex("10 17 0004 4d515454 05 02 003c 07 27 00000028 1701 0003 736d6c");
            assertEquals(0x20, client.packet()[0]);
            client.publish(V5, 2, 1, "$sys-does-not-take-this", new byte[0]);
            client.expect("40 19 0001 90 15 1f0012 " + hex("topic name invalid".getBytes(StandardCharsets.UTF_8)));
        }
        try (RawClient client = new RawClient(broker.port())) {
            client.sendHex("10 17 0004 4d515454 05 02 003c 07 27 00000016 1701 0003 736d6d");
            assertEquals(0x20, client.packet()[0]);
            client.publish(V5, 2, 1, "$no", new byte[0]);
            client.expect("40 03 0001 90");
            client.subscribe(V5, 2, "a+", 1);
            client.expect("90 04 0002 00 8f");
            client.sendHex("a2 07 0003 00 0002 612b");
            client.expect("b0 04 0003 00 8f");
            client.sendHex("62 02 0009");
            client.expect("70 03 0009 92");
            client.sendHex("c1 00");
            assertEquals("e00181", client.untilClosed());
        }
        assertEquals("2003008c00", answer("10 1a 0004 4d515454 05 02 003c 0b 27 00000010 1701 15 0001 58 0002 736e"));
    }
}
