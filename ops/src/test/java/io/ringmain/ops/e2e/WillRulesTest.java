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
import org.junit.jupiter.params.provider.EnumSource;

/** When a will is published, and with what. */
@Tag("e2e")
@Timeout(60)
class WillRulesTest {
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

    private static RawClient watcher(final ProtocolVersion version) throws IOException {
        final RawClient watcher = RawClient.connected(broker.port(), version, c -> c.clientId("watcher"));
        watcher.subscribe(version, 1, "w", 2);
        watcher.expect(version == V5 ? "90 04 0001 00 02" : "90 03 0001 02");
        return watcher;
    }

    private static RawClient withWill(final ProtocolVersion version) throws IOException {
        return RawClient.connected(
                broker.port(), version, c -> c.clientId("wills").will("w", new byte[] {'!'}, 0, false));
    }

    /** Ends a connection as no client should: the second CONNECT. */
    private static void breakOff(final RawClient client) throws IOException {
        client.connect(V4, c -> c.clientId("wills"));
        client.untilClosed();
    }

    private static void expectNothingMore(final RawClient watcher) throws IOException {
        watcher.publish(V4, 0, 0, "w", new byte[] {'.'});
        watcher.expect("30 04 0001 77 2e");
    }

    @ParameterizedTest
    @EnumSource
    void shouldPublishTheWillOfAConnectionThatIsTakenOver(final ProtocolVersion version) throws IOException {
        try (RawClient watcher = watcher(V4);
                RawClient first = withWill(version);
                RawClient second = RawClient.connected(broker.port(), version, c -> c.clientId("wills"))) {
            watcher.expect("30 04 0001 77 21");
            assertEquals(version == V5 ? "e0018e" : "", first.untilClosed());
            second.sendHex("c0 00");
            second.expect("d0 00");
            expectNothingMore(watcher);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPublishAWillOnceAndNoneForAClientThatGaveNone(final ProtocolVersion version) throws IOException {
        try (RawClient watcher = watcher(V4)) {
            try (RawClient client = withWill(version)) {
                breakOff(client);
            }
            watcher.expect("30 04 0001 77 21");
            try (RawClient client = RawClient.connected(broker.port(), version, c -> c.clientId("wills"))) {
                breakOff(client);
            }
            expectNothingMore(watcher);
        }
    }

    @Test
    void shouldSendThePropertiesOfAWillInTheirOrderAndWithoutItsDelay() throws IOException {
        try (RawClient watcher = watcher(V5)) {
            try (RawClient client = new RawClient(broker.port())) {
                // Will delay 0, text, Content Type "c", Response Topic "r", Correlation Data 7, b=2, a=1; QoS 1.
                final String forwarded = "0101 03 0001 63 08 0001 72 09 0001 07 26 0001 62 0001 32 26 0001 61 0001 31";
                client.sendHex("10 3a 0004 4d515454 05 0e 003c 00 0005 77696c6c73 21 18 00000000 " + forwarded
                        + " 0001 77 0001 21");
                assertEquals(0x20, client.packet()[0]);
                breakOff(client);
                watcher.expect("32 23 0001 77 0001 1c " + forwarded + " 21");
            }
        }
    }

    @Test
    void shouldNotDelayAWillBeyondASessionThatDisconnectEnds() throws IOException {
        try (RawClient watcher = watcher(V4);
                RawClient client = RawClient.connected(
                        broker.port(),
                        V5,
                        c -> c.clientId("wills")
                                .sessionExpiry(1000)
                                .willDelay(1000)
                                .will("w", new byte[] {'!'}, 0, false))) {
            client.sendHex("e0 07 04 05 11 00000000");
            watcher.expect("30 04 0001 77 21");
        }
    }
}
