package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.auth.Mqtt5EnhancedAuthMechanism;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import io.ringmain.ops.CommandRun;
import io.ringmain.ops.auth.ScramClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SCRAM-SHA-256 between HiveMQ's client and a broker process. */
@Tag("e2e")
@Timeout(120)
class ScramTest {
    @TempDir
    private Path dir;

    private Path passwords;
    private final BlockingQueue<Integer> disconnects = new LinkedBlockingQueue<>();

    /** Proves who it is each time it is asked, by what it is told to be at that time. */
    private static final class Scram implements Mqtt5EnhancedAuthMechanism {
        private volatile String username;
        private volatile String password;
        private volatile ScramClient exchange;
        private volatile boolean isProven;

        Scram(final String username, final String password) {
            this.username = username;
            this.password = password;
        }

        private static byte[] bytes(final Optional<ByteBuffer> data) {
            final ByteBuffer buffer = data.orElseThrow();
            final byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }

        private byte[] begin() {
            isProven = false;
            exchange = new ScramClient(username, password, "n0nce-of-the-client");
            return exchange.first();
        }

        @Override
        public MqttUtf8String getMethod() {
            return MqttUtf8String.of("SCRAM-SHA-256");
        }

        @Override
        public int getTimeout() {
            return 30;
        }

        @Override
        public CompletableFuture<Void> onAuth(
                final Mqtt5ClientConfig config, final Mqtt5Connect connect, final Mqtt5EnhancedAuthBuilder auth) {
            auth.data(begin());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> onReAuth(final Mqtt5ClientConfig config, final Mqtt5AuthBuilder auth) {
            auth.data(begin());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Boolean> onContinue(
                final Mqtt5ClientConfig config, final Mqtt5Auth auth, final Mqtt5AuthBuilder answer) {
            answer.data(exchange.last(bytes(auth.getData())));
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> onAuthSuccess(final Mqtt5ClientConfig config, final Mqtt5ConnAck connack) {
            isProven = exchange.isProven(
                    bytes(connack.getEnhancedAuth().orElseThrow().getData()));
            return CompletableFuture.completedFuture(isProven);
        }

        @Override
        public CompletableFuture<Boolean> onReAuthSuccess(final Mqtt5ClientConfig config, final Mqtt5Auth auth) {
            isProven = exchange.isProven(bytes(auth.getData()));
            return CompletableFuture.completedFuture(isProven);
        }

        @Override
        public void onAuthRejected(final Mqtt5ClientConfig config, final Mqtt5ConnAck connack) {}

        @Override
        public void onReAuthRejected(final Mqtt5ClientConfig config, final Mqtt5Disconnect disconnect) {}

        @Override
        public void onAuthError(final Mqtt5ClientConfig config, final Throwable cause) {}

        @Override
        public void onReAuthError(final Mqtt5ClientConfig config, final Throwable cause) {}
    }

    @BeforeEach
    void makePasswordFile() {
        passwords = dir.resolve("passwords");
        for (final String user : new String[] {"bob", "alice"}) {
            final CommandRun run = user.equals("bob")
                    ? CommandRun.of(
                            "passwd", "-H", "scram-sha-256", "-c", "-b", passwords.toString(), user, "of " + user)
                    : CommandRun.of("passwd", "-H", "scram-sha-256", "-b", passwords.toString(), user, "of " + user);
            assertEquals(0, run.exitCode(), run.err());
        }
    }

    private BrokerProcess start(final String... settings) throws Exception {
        final List<String> options =
                new ArrayList<>(List.of("--set", "auth.password_file=" + passwords, "--set", "auth.anonymous=never"));
        for (final String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        return BrokerProcess.startOwn(dir.resolve("data"), options.toArray(String[]::new));
    }

    private Mqtt5BlockingClient client(final BrokerProcess broker, final Scram scram) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier("hive")
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .enhancedAuth(scram)
                .addDisconnectedListener(context -> disconnects.add(
                        context.getCause() instanceof Mqtt5DisconnectException disconnect
                                ? disconnect.getMqttMessage().getReasonCode().getCode()
                                : -1))
                .buildBlocking();
    }

    @Test
    void shouldProveBothSidesAndAuthenticateAgain() throws Exception {
        try (BrokerProcess broker = start("auth.scram.lifetime=0s")) {
            final Scram scram = new Scram("bob", "of bob");
            final Mqtt5BlockingClient client = client(broker, scram);
            client.connect();
            assertTrue(scram.isProven);
            client.toAsync().reauth().join();
            assertTrue(scram.isProven);
            client.publishWith().topic("t").send();
            client.disconnect();
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("auth.accepted 2"), broker.output());
        }
    }

    @Test
    void shouldRefuseWhoCantProveIt() throws Exception {
        try (BrokerProcess broker = start("auth.failure_delay=0ms")) {
            for (final Scram scram : new Scram[] {new Scram("bob", "of alice"), new Scram("mallory", "of bob")}) {
                assertRefused(0x87, broker, scram);
            }
        }
    }

    @Test
    void shouldTellWhoHasFailedToComeLater() throws Exception {
        try (BrokerProcess broker = start("auth.failure_delay=10s", "auth.failure_delay_max=1m")) {
            assertRefused(0x87, broker, new Scram("bob", "of alice"));
            assertRefused(0x97, broker, new Scram("bob", "of bob"));
        }
    }

    private void assertRefused(final int reasonCode, final BrokerProcess broker, final Scram scram) {
        final Mqtt5ConnAckException refused = assertThrows(
                Mqtt5ConnAckException.class, () -> client(broker, scram).connect());
        assertEquals(reasonCode, refused.getMqttMessage().getReasonCode().getCode());
    }

    @Test
    void shouldNotLetAClientBecomeAnotherUser() throws Exception {
        try (BrokerProcess broker = start("auth.scram.lifetime=0s")) {
            final Scram scram = new Scram("bob", "of bob");
            final Mqtt5BlockingClient client = client(broker, scram);
            client.connect();
            scram.username = "alice";
            scram.password = "of alice";
            assertThrows(
                    CompletionException.class, () -> client.toAsync().reauth().join());
            assertEquals(0x87, disconnects.take());
        }
    }

    @Test
    void shouldEndWhoDoesNotAuthenticateAgain() throws Exception {
        try (BrokerProcess broker = start("auth.scram.lifetime=2s")) {
            client(broker, new Scram("bob", "of bob")).connect();
            assertEquals(0xA0, disconnects.take());
        }
    }
}
