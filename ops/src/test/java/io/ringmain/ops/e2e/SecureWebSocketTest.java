package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets within TLS, with either provider of it. */
@Tag("e2e")
@Timeout(120)
class SecureWebSocketTest {
    private static final String PASSWORD = "secret";
    private static final int LARGE = 300_000;

    @TempDir
    private static Path certificates;

    private static Path keyStore;
    private static TrustManagerFactory trust;

    @TempDir
    private Path data;

    @BeforeAll
    static void makeCertificate() throws Exception {
        keyStore = certificates.resolve("broker.p12");
        final List<String> store = List.of(
                "-alias", "broker", "-storetype", "PKCS12", "-keystore", keyStore.toString(), "-storepass", PASSWORD);
        keytool(
                "-genkeypair -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 30"
                        + " -ext san=ip:127.0.0.1,dns:localhost",
                store);
        Files.setPosixFilePermissions(keyStore, PosixFilePermissions.fromString("rw-------"));
        keytool("-exportcert -rfc -file " + certificates.resolve("ca.pem"), store);
        trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted());
    }

    private static void keytool(final String command, final List<String> store) {
        final List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        all.addAll(List.of(command.split(" ")));
        all.addAll(store);
        Shell.output(all.toArray(String[]::new));
    }

    /** The certificate alone, without its key. */
    private static KeyStore trusted() throws Exception {
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        final KeyStore certificate = KeyStore.getInstance("PKCS12");
        certificate.load(null, null);
        certificate.setCertificateEntry("broker", keys.getCertificate("broker"));
        return certificate;
    }

    private BrokerProcess broker(final String provider) throws Exception {
        final BrokerProcess broker = BrokerProcess.startOwn(
                data,
                "--set",
                "listeners.web.bind=127.0.0.1:0",
                "--set",
                "listeners.web.protocol=websocket",
                "--set",
                "listeners.web.tls.cert=" + keyStore,
                "--set",
                "listeners.web.tls.key_password=" + PASSWORD,
                "--set",
                "listeners.web.tls.provider=" + provider);
        assertTrue(broker.output().contains("ready wss://127.0.0.1:"), broker.output());
        return broker;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServeHiveMq(final String provider) throws Exception {
        try (BrokerProcess broker = broker(provider)) {
            final Mqtt5BlockingClient client = MqttClient.builder()
                    .useMqttVersion5()
                    .identifier("secure")
                    .serverHost(BrokerProcess.HOST)
                    .serverPort(broker.port("wss"))
                    .webSocketConfig(HiveMq5Peer.WEB_SOCKET)
                    .sslConfig(MqttClientSslConfig.builder()
                            .trustManagerFactory(trust)
                            .build())
                    .buildBlocking();
            final LinkedBlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();
            client.toAsync().publishes(MqttGlobalPublishFilter.ALL, m -> arrived.add(m.getPayloadAsBytes()));
            client.connect();
            client.subscribeWith().topicFilter("a").qos(MqttQos.EXACTLY_ONCE).send();
            final byte[] payload = new byte[LARGE];
            new Random(1).nextBytes(payload);
            client.publishWith()
                    .topic("a")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload(payload)
                    .send();
            assertArrayEquals(payload, arrived.poll(20, TimeUnit.SECONDS));
            client.disconnect();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServePaho(final String provider) throws Exception {
        try (BrokerProcess broker = broker(provider)) {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            final MqttConnectOptions options = new MqttConnectOptions();
            options.setSocketFactory(context.getSocketFactory());
            final LinkedBlockingQueue<String> arrived = new LinkedBlockingQueue<>();
            final var client = new org.eclipse.paho.client.mqttv3.MqttClient(
                    "wss://127.0.0.1:" + broker.port("wss") + PeerOptions.WEB_SOCKET_PATH,
                    "secure",
                    new MemoryPersistence());
            client.connect(options);
            client.subscribe("a", 2, (topic, message) -> arrived.add(new String(message.getPayload())));
            client.publish("a", "hello".getBytes(), 2, false);
            assertEquals("hello", arrived.poll(20, TimeUnit.SECONDS));
            client.disconnect();
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServeMqttJs(final String provider) throws Exception {
        final String node = MqttJsTest.program("node", "nodejs");
        MqttJsTest.needMqttJs();
        try (BrokerProcess broker = broker(provider)) {
            final List<String> output = MqttJsTest.run(
                    node,
                    "wss://localhost:" + broker.port("wss") + PeerOptions.WEB_SOCKET_PATH,
                    5,
                    certificates.resolve("ca.pem"));
            assertEquals("node/large 1 300000 bytes", output.get(output.size() - 1));
        }
    }
}
