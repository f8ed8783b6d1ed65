package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The Java clients that people use, through WebSockets. */
@Tag("e2e")
@Timeout(60)
class WebSocketClientsTest {
    private static final int LARGE = 900_000;

    @TempDir
    private static Path data;

    private static BrokerProcess broker;

    @BeforeAll
    static void start() throws Exception {
        broker = BrokerProcess.startOwn(
                data,
                "--set",
                "listeners.ws.bind=127.0.0.1:0",
                "--set",
                "listeners.ws.protocol=websocket",
                "--set",
                "listeners.local.bind=127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static PeerOptions options(final PeerKind kind, final String role) {
        return PeerOptions.clean(broker.port("ws"), role + kind.label()).overWebSocket();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSubscribeAndPublishWithEveryQos(final PeerKind kind) throws Exception {
        try (Peer subscriber = kind.connect(options(kind, "s"));
                Peer publisher = kind.connect(options(kind, "p"))) {
            final String topic = "ws/" + kind.label();
            assertEquals(2, subscriber.subscribe(topic, 2));
            for (int qos = 0; qos <= 2; qos++) {
                publisher.publish(topic, "text " + qos, qos, false);
                final Arrival arrival = subscriber.next();
                assertEquals("text " + qos, arrival.text());
                assertEquals(qos, arrival.qos());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassLargePayloadsUntouched(final PeerKind kind) throws Exception {
        final byte[] payload = new byte[LARGE];
        new Random(LARGE).nextBytes(payload);
        try (Peer client = kind.connect(options(kind, "l"))) {
            client.subscribe("large/" + kind.label(), 1);
            client.publish("large/" + kind.label(), payload, 1, false);
            assertArrayEquals(payload, client.next().payload());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReachClientsOverTcpAndBack(final PeerKind kind) throws Exception {
        try (Peer web = kind.connect(options(kind, "w"));
                Peer tcp = kind.connect(PeerOptions.clean(broker.port(), "t" + kind.label()))) {
            web.subscribe("to/web", 1);
            tcp.subscribe("to/tcp", 1);
            web.publish("to/tcp", "from web", 1, false);
            tcp.publish("to/web", "from tcp", 1, false);
            assertEquals("from web", tcp.next().text());
            assertEquals("from tcp", web.next().text());
        }
    }
}
