package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import io.ringmain.ops.client.MqttClient;
import io.ringmain.ops.tls.TlsClient;
import io.ringmain.protocol.ProtocolVersion;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with clients that others wrote, each test with both providers. */
@Tag("e2e")
@Timeout(120)
class TlsTest {
    private static final String HOST = "localhost";

    @TempDir
    private Path dir;

    private TestCertificates certificates;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = new TestCertificates(dir);
        certificates.server("server", HOST);
    }

    /** A listener each; options are flow mappings of YAML. */
    private BrokerProcess start(final String provider, final String more, final String... listeners) throws Exception {
        final StringBuilder yaml = new StringBuilder(more).append("\ntls: { watch_interval: 100ms }\nlisteners:\n");
        for (int i = 0; i < listeners.length; i++) {
            yaml.append("  l" + i + ": { bind: '127.0.0.1:0', tls: { provider: " + provider + ", cert: '"
                    + certificates.path("server.pem") + "', key: '" + certificates.path("server.key") + "'"
                    + listeners[i].replace("$DIR", dir.toString()) + " } }\n");
        }
        final Path file = Files.writeString(dir.resolve("ringmain.yaml"), yaml);
        return BrokerProcess.startOwn(dir.resolve("data"), "-c", file.toString());
    }

    private static final String MUTUAL = ", client_auth: require, client_ca: '$DIR/ca.pem'";

    private record Ended(int code, String output) {}

    private static Ended run(final String input, final String... command) throws Exception {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        if (input.isEmpty() || !input.endsWith("R\n")) {
            process.getOutputStream().close();
        }
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end: " + List.of(command));
        return new Ended(process.exitValue(), output);
    }

    private Ended mosquitto(final String program, final int port, final String client, final String... arguments)
            throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mosquitto_pub")), "needs mosquitto-clients");
        final List<String> command = new ArrayList<>(
                List.of(program, "-h", HOST, "-p", String.valueOf(port), "--cafile", certificates.path("ca.pem")));
        if (client != null) {
            command.addAll(List.of("--cert", certificates.path(client + ".pem")));
            command.addAll(List.of("--key", certificates.path(client + ".key")));
        }
        command.addAll(List.of(arguments));
        return run("", command.toArray(String[]::new));
    }

    private String openssl(final String input, final int port, final String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "needs openssl");
        final List<String> command = new ArrayList<>(List.of("timeout", "20", "openssl", "s_client", "-connect"));
        command.addAll(List.of(HOST + ":" + port, "-CAfile", certificates.path("ca.pem")));
        command.addAll(List.of(arguments));
        return run(input, command.toArray(String[]::new)).output();
    }

    private MqttClient connect(final int port, final String id, final String certificate) throws Exception {
        return MqttClient.connect(
                HOST, port, ProtocolVersion.V5, 60, tls(certificate), connect -> connect.clientId(id));
    }

    private TlsClient tls(final String certificate) throws Exception {
        return new TlsClient(
                dir.resolve("ca.pem"),
                certificate == null ? null : dir.resolve(certificate + ".pem"),
                certificate == null ? null : dir.resolve(certificate + ".key"),
                false,
                null,
                null);
    }

    private static String counters(final BrokerProcess broker) throws Exception {
        assertEquals(0, broker.terminate());
        return broker.output()
                .lines()
                .filter(line -> line.contains("counters: "))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServeClientsOfOthersAndRecordTheNameInTheirCertificates(final String provider) throws Exception {
        certificates.issue("press", "CN=press-07,O=Plant", new GeneralName(GeneralName.rfc822Name, "p@example.com"));
        try (BrokerProcess broker =
                start(provider, "", MUTUAL, MUTUAL + ", identity: san-email, min_version: TLSv1.3", MUTUAL)) {
            assertTrue(broker.output().contains("ready mqtts://127.0.0.1:"), broker::output);
            for (final String version : List.of("tlsv1.2", "tlsv1.3")) {
                final Ended published = mosquitto(
                        "mosquitto_pub",
                        broker.ports().get(0),
                        "press",
                        "--tls-version",
                        version,
                        "-V",
                        "mqttv5",
                        "-i",
                        "p",
                        "-t",
                        "a/" + version,
                        "-m",
                        "hello",
                        "-q",
                        "2",
                        "-r",
                        "--tls-alpn",
                        "mqtt");
                assertEquals(0, published.code(), published.output());
                assertEquals(
                        "hello\n",
                        mosquitto("mosquitto_sub", broker.ports().get(0), "press", "-t", "a/" + version, "-C", "1")
                                .output());
            }
            try (MqttClient client = connect(broker.ports().get(1), "ours", "press")) {
                assertEquals(0, client.publish("b", new byte[300_000], 1, true));
            }
            final Mqtt5BlockingClient hive = com.hivemq.client.mqtt.MqttClient.builder()
                    .useMqttVersion5()
                    .serverHost(HOST)
                    .serverPort(broker.ports().get(0))
                    .sslConfig(MqttClientSslConfig.builder()
                            .trustManagerFactory(trust())
                            .build())
                    .buildBlocking();
            final Exception refused = org.junit.jupiter.api.Assertions.assertThrows(Exception.class, hive::connect);
            assertNotEquals("", refused.toString(), "without a certificate nobody comes in");
            final String counters = counters(broker);
            assertTrue(counters.contains("tls.handshakes-completed 5,"), counters);
            assertTrue(counters.contains("tls.handshakes-failed 1,"), counters);
        }
        final List<String> log = new ArrayList<>(BrokerProcess.java());
        log.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringmain.ops.Ringmain", "log", "cat"));
        log.addAll(List.of("--data", dir.resolve("data").toString(), "-o", "json"));
        final String cat = run("", log.toArray(String[]::new)).output();
        assertTrue(cat.contains("\"certificate\":\"press-07\""), cat.substring(0, Math.min(2000, cat.length())));
        assertTrue(cat.contains("\"certificate\":\"p@example.com\""), cat.substring(0, Math.min(2000, cat.length())));
    }

    private TrustManagerFactory trust() throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(dir.resolve("ca.pem"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServeHiveMqAndRefuseWhatIsWeak(final String provider) throws Exception {
        certificates.server("other", "other.example.com");
        try (BrokerProcess broker = start(
                provider,
                "",
                "",
                ", min_version: TLSv1.3, sni: { o: { cert: '$DIR/other.pem', key: '$DIR/other.key' } }")) {
            final int port = broker.ports().get(0);
            final Mqtt5BlockingClient hive = com.hivemq.client.mqtt.MqttClient.builder()
                    .useMqttVersion5()
                    .serverHost(HOST)
                    .serverPort(port)
                    .sslConfig(MqttClientSslConfig.builder()
                            .trustManagerFactory(trust())
                            .build())
                    .buildBlocking();
            hive.connect();
            hive.publishWith()
                    .topic("h")
                    .payload(new byte[100_000])
                    .qos(com.hivemq.client.mqtt.datatypes.MqttQos.EXACTLY_ONCE)
                    .send();
            hive.disconnect();

            for (final String weak : List.of("-tls1", "-tls1_1")) {
                final String output = openssl("", port, weak, "-cipher", "ALL:@SECLEVEL=0");
                assertTrue(output.contains("alert protocol version"), output);
            }
            for (final String weak : List.of("AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "NULL")) {
                final String output = openssl("", port, "-tls1_2", "-cipher", weak + ":@SECLEVEL=0");
                assertTrue(output.contains("alert handshake failure"), weak + ": " + output);
            }
            assertTrue(
                    openssl("", broker.ports().get(1), "-tls1_2").contains("alert protocol version"), "only TLS 1.3");
            assertTrue(openssl("", port, "-alpn", "h2").contains("alert no application protocol"), "ALPN");
            assertTrue(openssl("", port, "-alpn", "h2,mqtt").contains("ALPN protocol: mqtt"), "ALPN");

            final int sni = broker.ports().get(1);
            assertTrue(openssl("", sni, "-servername", "other.example.com").contains("subject=CN = other.example.com"));
            assertTrue(openssl("", sni, "-servername", "unknown.example.com").contains("subject=CN = localhost"));
            assertTrue(openssl("", sni, "-noservername").contains("subject=CN = localhost"));

            final String renegotiated = openssl("R\n", port, "-tls1_2");
            assertTrue(renegotiated.contains("RENEGOTIATING"), renegotiated);
            final String counters = counters(broker);
            assertTrue(counters.contains("tls.renegotiations-refused 1,"), counters + renegotiated);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldRefuseExpiredRevokedAndForeignCertificatesAlsoAfterAReload(final String provider) throws Exception {
        certificates.issue("good", "CN=good");
        certificates.issue("expired", "CN=expired", Instant.now().minusSeconds(3600));
        certificates.issue("nameless", "O=Plant");
        final X509Certificate revoked = certificates.issue("revoked", "CN=revoked");
        final X509Certificate later = certificates.issue("later", "CN=later");
        certificates.revoke(revoked);
        final Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        new TestCertificates(elsewhere).issue("foreign", "CN=good");
        Files.copy(elsewhere.resolve("foreign.pem"), dir.resolve("foreign.pem"));
        Files.copy(elsewhere.resolve("foreign.key"), dir.resolve("foreign.key"));
        try (BrokerProcess broker = start(provider, "", MUTUAL + ", crl: '$DIR/crl.pem'")) {
            final int port = broker.port();
            for (final String version : List.of("tlsv1.2", "tlsv1.3")) {
                for (final String bad : List.of("expired", "revoked", "foreign", "nameless")) {
                    assertNotEquals(0, publish(port, bad, version).code(), bad);
                }
                assertNotEquals(0, publish(port, null, version).code(), "none");
                for (final String good : List.of("good", "later")) {
                    final Ended ended = publish(port, good, version);
                    assertEquals(0, ended.code(), good + ": " + ended.output() + broker.output());
                }
            }
            try (MqttClient connected = connect(port, "stays", "later")) {
                certificates.revoke(revoked, later);
                awaitReload(broker, 1);
                assertNotEquals(0, publish(port, "later", "tlsv1.3").code(), "revoked while the broker runs");
                assertEquals(0, publish(port, "good", "tlsv1.3").code());
                assertEquals(0, connected.publish("x", new byte[1], 1, false), "a session that is there stays");
            }
        }
    }

    private Ended publish(final int port, final String client, final String version) throws Exception {
        return mosquitto("mosquitto_pub", port, client, "--tls-version", version, "-t", "a", "-m", "x", "-q", "1");
    }

    private static void awaitReload(final BrokerProcess broker, final int count) {
        Await.until(() -> broker.output()
                        .lines()
                        .filter(line -> line.contains("TLS files have changed: new connections"))
                        .count()
                == count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldServeANewCertificateAndKeepTheOldWhileItIsHalfWritten(final String provider) throws Exception {
        try (BrokerProcess broker = start(provider, "", "");
                MqttClient connected = connect(broker.port(), "stays", null)) {
            final String old = openssl("", broker.port());
            assertTrue(old.contains("subject=CN = localhost"), old);
            Files.writeString(
                    dir.resolve("server.pem"),
                    Files.readString(dir.resolve("server.pem")).substring(0, 200));
            Await.until(() -> broker.output().contains("can't be used, the old ones stay"));
            assertTrue(openssl("", broker.port()).contains("subject=CN = localhost"));
            certificates.issue("server", "CN=newer", new GeneralName(GeneralName.dNSName, HOST));
            Await.until(() -> subject(broker).contains("CN = newer"));
            assertEquals(0, connected.publish("x", new byte[1], 1, false), "a session that is there stays");
            try (MqttClient fresh = connect(broker.port(), "fresh", null)) {
                assertEquals(0, fresh.publish("x", new byte[1], 1, false));
            }
        }
    }

    private String subject(final BrokerProcess broker) {
        try {
            return openssl("", broker.port());
        } catch (final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldCloseSlowHandshakesAndGarbage(final String provider) throws Exception {
        try (BrokerProcess broker = start(provider, "limits: { connect_timeout: 1s }", "")) {
            try (Socket slow = new Socket(HOST, broker.port());
                    Socket garbage = new Socket(HOST, broker.port());
                    Socket plain = new Socket(HOST, broker.port())) {
                slow.setSoTimeout(20_000);
                garbage.setSoTimeout(20_000);
                slow.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
                garbage.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                plain.getOutputStream().write(new byte[] {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0});
                assertEquals(-1, garbage.getInputStream().read());
                assertEquals(-1, plain.getInputStream().read());
                assertEquals(-1, slow.getInputStream().read());
            }
            final String counters = counters(broker);
            assertTrue(counters.contains("tls.handshakes-failed 2,"), counters);
            assertTrue(counters.contains("connections.closed.connect-timeout 1,"), counters);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "conscrypt"})
    void shouldDeliverAFloodOfRetainedMessagesToASlowReader(final String provider) throws Exception {
        final int topics = 2000;
        try (BrokerProcess broker = start(provider, "limits: { outbound_bytes: 64KB }", "");
                MqttClient publisher = connect(broker.port(), "p", null);
                SSLSocket slow = (SSLSocket) tls(null).over(new Socket(HOST, broker.port()), HOST, broker.port())) {
            for (int i = 0; i < topics; i++) {
                publisher.offer(
                        "r/" + (10_000 + i),
                        new byte[8 << 10],
                        1,
                        true,
                        new io.ringmain.ops.client.PublishProperties());
            }
            assertEquals(0, publisher.awaitAcknowledged());
            slow.setSoTimeout(30_000);
            slow.getOutputStream().write(new byte[] {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 's'});
            assertEquals(4, slow.getInputStream().readNBytes(4).length);
            slow.getOutputStream().write(new byte[] {(byte) 0x82, 8, 0, 1, 0, 3, 'r', '/', '#', 0});
            assertEquals(5, slow.getInputStream().readNBytes(5).length);
            Thread.sleep(300);
            for (int i = 0; i < topics; i++) {
                final byte[] packet = slow.getInputStream().readNBytes(3 + 2 + 7 + (8 << 10));
                assertEquals(0x31, packet[0], "message " + i);
                assertEquals("r/" + (10_000 + i), new String(packet, 5, 7, StandardCharsets.UTF_8));
            }
            assertFalse(counters(broker).contains("dropped."), broker::output);
        }
    }
}
