package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acknowledgements that nobody waits for, that say no, or that are not what they should be. */
@Tag("e2e")
@Timeout(60)
class AckRulesTest {
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

    private static RawClient connected(final ProtocolVersion version, final String id) throws IOException {
        return RawClient.connected(broker.port(), version, c -> c.clientId(id));
    }

    @Test
    void shouldAnswerPubrecAndPubrelOfMessagesThatItDoesNotKnow() throws IOException {
        try (RawClient client = connected(V5, "unknown-5")) {
            client.sendHex("50 02 0009");
            client.expect("62 03 0009 92");
            client.sendHex("62 02 0009");
            client.expect("70 03 0009 92");
        }
        try (RawClient client = connected(V4, "unknown-4")) {
            client.sendHex("50 02 0009");
            client.expect("62 02 0009");
            client.sendHex("62 02 0009");
            client.expect("70 02 0009");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 02 0009", "70 02 0009", "40 03 0009 80", "50 03 0009 80", "70 03 0009 92"})
    void shouldNotAnswerTheEndOfMessagesThatItDoesNotKnow(final String ack) throws IOException {
        try (RawClient client = connected(V5, "ends")) {
            client.sendHex(ack + "c0 00");
            client.expect("d0 00");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 03 0001 92", "50 03 0001 92", "62 03 0001 10", "70 03 0001 87", "40 03 0001 01"})
    void shouldCloseOnReasonCodesOfOtherPackets(final String ack) throws IOException {
        try (RawClient client = connected(V5, "codes")) {
            client.sendHex(ack);
            assertEquals("e00182", client.untilClosed());
        }
    }

    @Test
    void shouldAnswerEveryPubrecOfAMessageWithPubrel() throws IOException {
        try (RawClient client = connected(V5, "twice")) {
            client.subscribe(V5, 1, "twice", 2);
            client.expect("90 04 0001 00 02");
            try (RawClient publisher = connected(V5, "twice-pub")) {
                publisher.publish(V5, 4, 7, "twice", new byte[] {'2'});
                publisher.expect("50 02 0007");
            }
            client.expect("34 0b 0005 7477696365 0001 00 32");
            client.sendHex("50 02 0001 50 02 0001");
            client.expect("62 02 0001");
            client.expect("62 02 0001");
            client.sendHex("70 02 0001 50 02 0001");
            client.expect("62 03 0001 92");
        }
    }

    @Test
    void shouldTakeAPacketIdForANewMessageAfterARefusal() throws IOException {
        try (RawClient subscriber = connected(V5, "refusal-sub");
                RawClient publisher = connected(V5, "refusal")) {
            subscriber.subscribe(V5, 1, "r", 0);
            subscriber.expect("90 04 0001 00 00");
            publisher.publish(V5, 4, 1, "$no", new byte[0]);
            publisher.expect("50 03 0001 90");
            publisher.publish(V5, 4, 1, "r", new byte[] {'n'});
            publisher.expect("50 02 0001");
            subscriber.expect("30 05 0001 72 00 6e");
        }
    }

    /** MQTT 3 has no way to refuse a message but to close; acknowledging it is the other choice. */
    @Test
    void shouldAcknowledgeToAnMqtt3ClientWhatItMayNotPublish() throws IOException {
        try (RawClient client = connected(V4, "dollar")) {
            client.subscribe(V4, 1, "$own/x", 2);
            client.expect("90 03 0001 02");
            client.publish(V4, 2, 2, "$own/x", new byte[1]);
            client.expect("40 02 0002");
            client.publish(V4, 4, 3, "$own/x", new byte[1]);
            client.expect("50 02 0003");
            client.sendHex("62 02 0003");
            client.expect("70 02 0003");
            client.sendHex("c0 00");
            client.expect("d0 00");
        }
    }

    @Test
    void shouldGiveNoReasonsToAClientThatDoesNotWantThem() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            // Request Problem Information 0.
            client.sendHex("10 10 0004 4d515454 05 02 003c 02 1700 0001 6e");
            assertEquals(0x20, client.packet()[0]);
            client.publish(V5, 2, 1, "$no", new byte[0]);
            client.expect("40 03 0001 90");
            client.publish(V5, 4, 2, "$no", new byte[0]);
            client.expect("50 03 0002 90");
            client.subscribe(V5, 3, "a+", 1);
            client.expect("90 04 0003 00 8f");
            client.sendHex("a2 07 0004 00 0002 612b");
            client.expect("b0 04 0004 00 8f");
            client.sendHex("50 02 0005");
            client.expect("62 03 0005 92");
            client.sendHex("62 02 0006");
            client.expect("70 03 0006 92");
        }
    }

    /** With its reason each would have at least 27 bytes. */
    @Test
    void shouldLeaveTheReasonOutOfAPubrecAndAPubrelThatItWouldMakeTooLarge() throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            // Maximum Packet Size 22, Request Problem Information 1.
            client.sendHex("10 15 0004 4d515454 05 02 003c 07 27 00000016 1701 0001 73");
            assertEquals(0x20, client.packet()[0]);
            client.publish(V5, 4, 1, "$no", new byte[0]);
            client.expect("50 03 0001 90");
            client.sendHex("50 02 0009");
            client.expect("62 03 0009 92");
        }
    }
}
