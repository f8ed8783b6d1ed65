package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a client may be silent. */
@Tag("e2e")
@Timeout(60)
class KeepAliveTest {
    private static final ProtocolVersion V4 = ProtocolVersion.V3_1_1;
    private static final ProtocolVersion V5 = ProtocolVersion.V5;
    /** One and a half of a second, less what a clock that is read once in a duty cycle may be late. */
    private static final long MIN_SILENCE_MS = 1_400;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.start(data, "--set", "limits.keep_alive_max=1s");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void assertClosesAfterSilence(
            final RawClient client, final String packet, final String answer, final String end) throws IOException {
        final long startNs = System.nanoTime();
        client.sendHex(packet);
        client.expect(answer);
        assertEquals(end, client.untilClosed());
        final long silenceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        assertTrue(silenceMs >= MIN_SILENCE_MS, "closed after " + silenceMs + " ms");
    }

    @Test
    void shouldCloseAfterOneAndAHalfOfTheKeepAliveThatTheClientAskedFor() throws IOException {
        try (RawClient client =
                RawClient.connected(broker.port(), V4, c -> c.clientId("old").keepAlive(1))) {
            assertClosesAfterSilence(client, "c0 00", "d0 00", "");
        }
    }

    @Test
    void shouldEnforceTheKeepAliveThatItAnnounced() throws IOException {
        for (final int asked : new int[] {0, 60}) {
            try (RawClient client = new RawClient(broker.port())) {
                client.connect(V5, c -> c.clientId("announced").keepAlive(asked));
                assertTrue(HexFormat.of().formatHex(client.packet()).endsWith("130001"), "Server Keep Alive");
                assertClosesAfterSilence(client, "c0 00", "d0 00", "e0018d");
            }
        }
    }

    @Test
    void shouldLetAnMqtt3ClientWithoutKeepAliveBeSilent() throws IOException {
        try (RawClient silent = RawClient.connected(
                        broker.port(), V4, c -> c.clientId("silent").keepAlive(0));
                RawClient other = RawClient.connected(
                        broker.port(), V4, c -> c.clientId("other").keepAlive(1))) {
            assertClosesAfterSilence(other, "c0 00", "d0 00", "");
            silent.sendHex("c0 00");
            silent.expect("d0 00");
        }
    }
}
