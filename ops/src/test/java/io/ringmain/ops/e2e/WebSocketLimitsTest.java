package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a listener for WebSockets bounds and counts, and what it makes of proxies. */
@Tag("e2e")
@Timeout(60)
class WebSocketLimitsTest {
    @TempDir
    private Path data;

    private BrokerProcess broker(final String... settings) throws Exception {
        final List<String> options = new ArrayList<>();
        for (final String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        options.addAll(List.of("--set", "listeners.ws.bind=127.0.0.1:0", "--set", "listeners.ws.protocol=websocket"));
        return BrokerProcess.startOwn(data, options.toArray(String[]::new));
    }

    private static String with(final String header) {
        return RawWebSocket.GOOD.replace("Upgrade: web", header + "\nUpgrade: web");
    }

    @Test
    void shouldCloseARequestThatDripsAfterTheTimeForIt() throws Exception {
        try (BrokerProcess broker = broker("limits.connect_timeout=1s");
                RawClient slow = new RawClient(broker.port("ws"))) {
            final Thread drip = new Thread(() -> drip(slow));
            drip.start();
            slow.untilClosed();
            drip.join();
            try (RawWebSocket silent = RawWebSocket.open(broker.port("ws"))) {
                silent.expectClosed(1000);
            }
            LimitCountersTest.assertCounted(broker, "connections.closed.connect-timeout 2", "websocket.upgrades 1");
        }
    }

    /** Header after header, each of them complete, until the broker has had enough. */
    private static void drip(final RawClient client) {
        try {
            client.send(RawWebSocket.bytes("GET /mqtt HTTP/1.1\nHost: x\n"));
            while (true) {
                client.send(RawWebSocket.bytes("A: b\n"));
                Thread.sleep(100);
            }
        } catch (final IOException ex) {
            return;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldBoundTheRequest() throws Exception {
        try (BrokerProcess broker = broker("limits.websocket_header=1KB", "limits.websocket_headers=10")) {
            final int port = broker.port("ws");
            final String tooLong = RawWebSocket.refused(port, with("A: " + "b".repeat(1024)));
            assertTrue(tooLong.startsWith("HTTP/1.1 431 "), tooLong);
            final String many = RawWebSocket.refused(port, with("A: b\nA: b\nA: b\nA: b\nA: b"));
            assertTrue(many.startsWith("HTTP/1.1 431 "), many);
            RawWebSocket.open(port, with("A: b\nA: b\nA: b\nA: b")).close();
            LimitCountersTest.assertCounted(broker, "websocket.refused.header-limit 2", "websocket.upgrades 1");
        }
    }

    @Test
    void shouldBoundAnEndlessRequestAndStayAlive() throws Exception {
        try (BrokerProcess broker = broker()) {
            final int port = broker.port("ws");
            try (RawClient flood = new RawClient(port)) {
                final byte[] some = "A".repeat(4096).getBytes();
                try {
                    for (int i = 0; i < 1000; i++) {
                        flood.send(some);
                    }
                } catch (final IOException ignored) {
                    // Closed while it was sending: what this wants.
                }
                flood.untilClosed();
            }
            RawWebSocket.connected(port).close();
            LimitCountersTest.assertCounted(broker, "websocket.refused.header-limit 1");
        }
    }

    @Test
    void shouldCountWhyItRefuses() throws Exception {
        try (BrokerProcess broker = broker()) {
            final int port = broker.port("ws");
            RawWebSocket.refused(port, RawWebSocket.GOOD.replace("/mqtt", "/"));
            RawWebSocket.refused(port, RawWebSocket.GOOD.replace("13", "12"));
            RawWebSocket.refused(port, with("Origin: https://evil.example"));
            RawWebSocket.refused(port, RawWebSocket.GOOD.replace("Protocol: mqtt", "Protocol: x"));
            RawWebSocket.refused(port, RawWebSocket.GOOD.replace("GET", "PUT"));
            try (RawWebSocket client = RawWebSocket.open(port)) {
                client.sendHex("81 80 00000000").expectClosed(1003);
            }
            try (RawWebSocket client = RawWebSocket.open(port)) {
                client.sendHex("82 00").expectClosed(1002);
            }
            LimitCountersTest.assertCounted(
                    broker,
                    "websocket.refused.path 1",
                    "websocket.refused.version 1",
                    "websocket.refused.origin 1",
                    "websocket.refused.sub-protocol 1",
                    "websocket.refused.request 1",
                    "websocket.closed.text 1",
                    "websocket.closed.protocol-fault 1");
            assertTrue(
                    broker.output().contains("its origin 'https://evil.example' is not in the list"), broker.output());
        }
    }

    @Test
    void shouldTakeNoPageByDefault() throws Exception {
        try (BrokerProcess broker = broker()) {
            final String answer = RawWebSocket.refused(broker.port("ws"), with("Origin: https://ops.example.com"));
            assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        }
    }

    @Test
    void shouldServeAnotherPath() throws Exception {
        try (BrokerProcess broker = broker("listeners.ws.path=/broker/ws")) {
            assertTrue(
                    broker.output().contains("ready ws://127.0.0.1:" + broker.port("ws") + "/broker/ws"),
                    broker.output());
            RawWebSocket.open(broker.port("ws"), RawWebSocket.GOOD.replace("/mqtt", "/broker/ws"))
                    .close();
        }
    }

    @Test
    void shouldSayGoodbyeWhenItStops() throws Exception {
        try (BrokerProcess broker = broker();
                RawWebSocket client = RawWebSocket.open(broker.port("ws"))) {
            client.mqtt("10 0e 0004 4d515454 05 02 003c 00 0001 77").expectConnack();
            assertEquals(0, broker.terminate());
            client.expect("e0 01 8b").expectClosed(1000);
        }
    }

    @Test
    void shouldWriteDownTheAddressThatATrustedProxyNames() throws Exception {
        final String forwarded = "X-Forwarded-For: 198.51.100.1, 203.0.113.7";
        try (BrokerProcess broker = broker("listeners.ws.trusted_proxies=127.0.0.1")) {
            RawWebSocket.open(broker.port("ws"), with(forwarded)).mqtt("30 00").expectClosed(1000);
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("closing 203.0.113.7 by 127.0.0.1:"), broker.output());
        }
    }

    @Test
    void shouldNotBelieveAProxyThatIsNotTrusted() throws Exception {
        final String forwarded = "X-Forwarded-For: 203.0.113.7";
        try (BrokerProcess broker = broker()) {
            RawWebSocket.open(broker.port("ws"), with(forwarded)).mqtt("30 00").expectClosed(1000);
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("closing 127.0.0.1 by 127.0.0.1:"), broker.output());
        }
    }

    @Test
    void shouldCountConnectionsForTheAddressThatATrustedProxyNames() throws Exception {
        try (BrokerProcess broker = broker(
                        "listeners.ws.trusted_proxies=127.0.0.1",
                        "limits.max_connections_per_address=1",
                        "auth.anonymous=always");
                RawWebSocket first = RawWebSocket.open(broker.port("ws"), with("X-Forwarded-For: 203.0.113.7"));
                RawWebSocket other = RawWebSocket.open(broker.port("ws"), with("X-Forwarded-For: 203.0.113.8"));
                RawWebSocket second = RawWebSocket.open(broker.port("ws"), with("X-Forwarded-For: 203.0.113.7"))) {
            second.expectClosed(1000);
            first.mqtt(RawWebSocket.connect()).expect("20 02 00 00");
            other.mqtt(RawWebSocket.connect()).expect("20 02 00 00");
            LimitCountersTest.assertCounted(broker, "connections.refused.address 1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, X-Forwarded-For: 127.0.0.1",
        "127.0.0.1, X-Forwarded-For: 203.0.113.7",
        "127.0.0.1, A: b",
        "192.0.2.1, X-Forwarded-For: 127.0.0.1",
        "192.0.2.1, Via: 1.1 proxy",
    })
    void shouldNotLetAnonymousClientsOfAProxyInAsLocal(final String trusted, final String header) throws Exception {
        try (BrokerProcess broker = broker("listeners.ws.trusted_proxies=" + trusted);
                RawWebSocket client = RawWebSocket.open(broker.port("ws"), with(header))) {
            client.mqtt(RawWebSocket.connect()).expect("20 02 00 05").expectClosed(1000);
        }
    }
}
