package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker behind Debian's HAProxy, which looks every 100 ms whether the broker is there. */
@Tag("e2e")
@Timeout(120)
class HaproxyTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");

    /** An address of loopback for this process alone, since HAProxy doesn't tell which port it got. */
    private static final String HOST = "127." + (1 + ProcessHandle.current().pid() / 62_500 % 250) + "."
            + (1 + ProcessHandle.current().pid() / 250 % 250) + "."
            + (1 + ProcessHandle.current().pid() % 250);

    private static final int V1_PORT = 18_831;
    private static final int V2_PORT = 18_832;

    @TempDir
    private Path dir;

    private BrokerProcess broker;
    private Process haproxy;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(HAPROXY), "haproxy is not installed (package haproxy)");
        final Path config = Files.writeString(dir.resolve("ringmain.yaml"), """
                listeners:
                  proxied: { bind: '127.0.0.1:0', proxy_protocol: required, trusted_proxies: [127.0.0.0/8] }
                auth: { anonymous: always }
                """);
        broker = BrokerProcess.startOwn(dir.resolve("data"), "-c", config.toString());
        final Path proxy =
                Files.writeString(dir.resolve("haproxy.cfg"), """
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  unique-id-format %%{+X}o%%ci%%cp
                listen v1
                  bind %1$s:%2$d
                  server broker 127.0.0.1:%4$d send-proxy check inter 100ms
                listen v2
                  bind %1$s:%3$d
                  server broker 127.0.0.1:%4$d send-proxy-v2 proxy-v2-options crc32c,unique-id check inter 100ms
                """.formatted(HOST, V1_PORT, V2_PORT, broker.port()));
        haproxy = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", proxy.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("haproxy.log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        if (haproxy != null) {
            haproxy.destroyForcibly().waitFor();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private MqttClient connect(final int port, final String id) throws Exception {
        final MqttClient[] client = new MqttClient[1];
        Await.until(
                TimeUnit.SECONDS.toMillis(20),
                () -> {
                    try {
                        client[0] = MqttClient.connect(HOST, port, ProtocolVersion.V5, 60, c -> c.clientId(id));
                        return true;
                    } catch (final ConnectException ex) {
                        return false;
                    } catch (final IOException ex) {
                        throw new AssertionError(ex);
                    }
                },
                () -> "haproxy doesn't listen on " + HOST + ":" + port);
        return client[0];
    }

    private static String text(final InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Test
    void shouldKnowWhereTheClientsOfTheProxyAre() throws Exception {
        final String first;
        final String second;
        try (MqttClient one = connect(V1_PORT, "one");
                MqttClient two = connect(V2_PORT, "two")) {
            first = text(one.localAddress());
            second = text(two.localAddress());
            assertEquals(0, one.publish("p", new byte[] {'1'}, 1, false));
            assertEquals(0, two.publish("p", new byte[] {'2'}, 1, false));
        }
        assertEquals(0, broker.terminate());
        final CommandRun cat =
                CommandRun.of("log", "cat", "--data", dir.resolve("data").toString(), "--who");
        assertTrue(
                cat.out().contains(first) && cat.out().contains(second), () -> first + " " + second + "\n" + cat.out());
        assertTrue(
                !broker.output().contains("closed.proxy"),
                "nor was a look of the proxy taken for a fault: " + broker.output());
    }
}
