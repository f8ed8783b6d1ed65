package io.ringmain.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.ringmain.engine.Broker;
import io.ringmain.engine.BrokerContext;
import io.ringmain.ops.CommandRun;
import io.ringmain.ops.auth.AccessControl;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigLoader;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets into a broker of a process of its own, and who doesn't, with real clients. */
@Tag("e2e")
@Timeout(180)
class AuthenticationTest {
    private static final String PASSWORD = "s3cret-of-bob";
    private static final String WRONG = "wr0ng-guess";

    @TempDir
    private Path dir;

    private Path data;
    private Path passwords;

    @BeforeEach
    void makePasswordFile() {
        data = dir.resolve("data");
        passwords = dir.resolve("passwords");
        assertEquals(
                0,
                CommandRun.of("passwd", "-c", "-b", passwords.toString(), "bob", PASSWORD)
                        .exitCode());
    }

    private BrokerProcess start(final String... settings) throws Exception {
        final List<String> options = new ArrayList<>();
        for (final String setting : settings) {
            options.addAll(List.of("--set", setting));
        }
        return BrokerProcess.startOwn(data, options.toArray(String[]::new));
    }

    private BrokerProcess startWithPasswords(final String... more) throws Exception {
        final List<String> settings = new ArrayList<>(
                List.of("auth.password_file=" + passwords, "auth.anonymous=never", "auth.failure_delay=1ms"));
        settings.addAll(List.of(more));
        return start(settings.toArray(String[]::new));
    }

    /** The CONNACK of a client, in hexadecimal. */
    private static String connack(
            final BrokerProcess broker,
            final ProtocolVersion version,
            final String clientId,
            final String username,
            final byte[] password)
            throws IOException {
        try (RawClient client = new RawClient(broker.port())) {
            client.connect(version, connect -> {
                connect.cleanStart(true).clientId(clientId);
                if (username != null) {
                    connect.username(username);
                }
                if (password != null) {
                    connect.password(password);
                }
                return connect;
            });
            final byte[] packet = client.packet();
            assertEquals(0x20, packet[0]);
            return String.format("%02x", packet[3]);
        }
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(UTF_8);
    }

    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void shouldLetInWhoHasTheRightPasswordAndTellOthersInTheWordsOfTheirVersion(final ProtocolVersion version)
            throws Exception {
        final boolean v5 = version == ProtocolVersion.V5;
        final String bad = v5 ? "86" : "04";
        try (BrokerProcess broker = startWithPasswords()) {
            assertEquals("00", connack(broker, version, "a", "bob", utf8(PASSWORD)));
            assertEquals(bad, connack(broker, version, "a", "bob", utf8(WRONG)));
            assertEquals(bad, connack(broker, version, "a", "mallory", utf8(PASSWORD)));
            assertEquals(bad, connack(broker, version, "a", "bob", utf8(PASSWORD + "\0")));
            assertEquals(bad, connack(broker, version, "a", "bob", null));
            assertEquals(v5 ? "87" : "05", connack(broker, version, "a", null, null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqttv31", "mqttv311", "mqttv5"})
    void shouldServeMosquittosClients(final String version) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/mosquitto_pub")), "mosquitto_pub is not installed");
        try (BrokerProcess broker = startWithPasswords()) {
            final String port = String.valueOf(broker.port());
            final List<String> pub =
                    List.of("mosquitto_pub", "-p", port, "-V", version, "-t", "t", "-m", "x", "-q", "1");
            assertEquals(0, run(pub, "-u", "bob", "-P", PASSWORD));
            assertTrue(run(pub, "-u", "bob", "-P", WRONG) != 0);
            assertTrue(run(pub, "-u", "mallory", "-P", PASSWORD) != 0);
            assertTrue(run(pub) != 0);
        }
    }

    private static int run(final List<String> command, final String... more) {
        return Shell.run(Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void shouldServePahoAndHiveMq() throws Exception {
        try (BrokerProcess broker = startWithPasswords()) {
            paho(broker, PASSWORD);
            assertEquals(
                    MqttException.REASON_CODE_FAILED_AUTHENTICATION,
                    assertThrows(MqttException.class, () -> paho(broker, WRONG)).getReasonCode());
            hiveMq(broker, PASSWORD);
            final Mqtt5ConnAckException refused =
                    assertThrows(Mqtt5ConnAckException.class, () -> hiveMq(broker, WRONG));
            assertEquals(0x86, refused.getMqttMessage().getReasonCode().getCode());
        }
    }

    private static void paho(final BrokerProcess broker, final String password) throws MqttException {
        final org.eclipse.paho.client.mqttv3.MqttClient client = new org.eclipse.paho.client.mqttv3.MqttClient(
                "tcp://127.0.0.1:" + broker.port(), "paho", new MemoryPersistence());
        final MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName("bob");
        options.setPassword(password.toCharArray());
        try {
            client.connect(options);
            client.publish("t", utf8("x"), 1, false);
            client.disconnect();
        } finally {
            client.close();
        }
    }

    private static void hiveMq(final BrokerProcess broker, final String password) {
        final var client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("hive")
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .simpleAuth()
                .username("bob")
                .password(utf8(password))
                .applySimpleAuth()
                .buildBlocking();
        client.connect();
        client.publishWith().topic("t").payload(utf8("x")).send();
        client.disconnect();
    }

    /** P13 of what is promised. */
    @Test
    void shouldTakeAFileOfMosquittoPasswdAndLetInAnonymousClientsOnLoopbackOnly() throws Exception {
        final Path tool = Path.of("/usr/bin/mosquitto_passwd");
        Assumptions.assumeTrue(Files.isExecutable(tool), "mosquitto_passwd is not installed (package mosquitto)");
        final Path file = dir.resolve("theirs");
        assertEquals(0, Shell.run(tool.toString(), "-c", "-b", file.toString(), "alice", "hers"));
        assertEquals(0, Shell.run(tool.toString(), "-H", "sha512", "-b", file.toString(), "bob", "his"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        try (BrokerProcess broker = start("auth.password_file=" + file)) {
            assertEquals("00", connack(broker, ProtocolVersion.V3_1_1, "a", "alice", utf8("hers")));
            assertEquals("00", connack(broker, ProtocolVersion.V3_1_1, "b", "bob", utf8("his")));
            assertEquals("04", connack(broker, ProtocolVersion.V3_1_1, "b", "bob", utf8("hers")));
            assertEquals("05", connack(broker, ProtocolVersion.V3_1_1, "c", null, null), "who can be asked is");
        }
        try (BrokerProcess broker = start("auth.password_file=" + file, "auth.anonymous=loopback")) {
            assertEquals("00", connack(broker, ProtocolVersion.V3_1_1, "c", null, null), "unless told otherwise");
        }
        try (BrokerProcess broker = start()) {
            assertEquals("00", connack(broker, ProtocolVersion.V3_1_1, "c", null, null), "nobody can be asked");
        }
        final CommandRun open = CommandRun.of("config", "check", "--set", "listeners.local.bind=0.0.0.0:0");
        assertEquals(3, open.exitCode());
        assertTrue(open.err().contains("can be reached from other machines"), open.err());
    }

    /** From an address of this machine that isn't loopback, as another machine would come. */
    @Test
    void shouldAskWhoDoesNotComeByLoopback() throws Exception {
        final InetAddress address = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(address != null, "this machine has no address but loopback");
        final Config config = new ConfigLoader()
                .set("listeners.all.bind=0.0.0.0:0")
                .set("auth.password_file=" + passwords)
                .set("auth.anonymous=loopback")
                .set("node.data_dir=" + data)
                .load();
        final BrokerContext context = config.toContext();
        try (AccessControl access = AccessControl.load(config, context.counters(), line -> {});
                Broker broker = Broker.launch(context.authenticator(access.authenticator()))) {
            final int port = ((InetSocketAddress) broker.listenerAddresses().get(0)).getPort();
            assertEquals("20020005", answer(address, port));
            assertEquals("20020000", answer(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** To a CONNECT of MQTT 3.1.1 without user name. */
    private static String answer(final InetAddress address, final int port) throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(HexFormat.of().parseHex("100e00044d5154540402000000026363"));
            return HexFormat.of().formatHex(socket.getInputStream().readNBytes(4));
        }
    }

    @Test
    void shouldMakeAFileThatMosquittoTakes() throws Exception {
        final Path mosquitto = Path.of("/usr/sbin/mosquitto");
        Assumptions.assumeTrue(Files.isExecutable(mosquitto), "mosquitto is not installed");
        final Path theirs = dir.resolve("theirs");
        assertEquals(
                0,
                CommandRun.of("passwd", "-c", "-b", theirs.toString(), "bob", PASSWORD)
                        .exitCode());
        assertEquals(
                0,
                CommandRun.of("passwd", "-H", "sha512", "-b", theirs.toString(), "alice", "hers")
                        .exitCode());
        final int port = freePort();
        final Path config = Files.writeString(
                dir.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous false\nuser " + System.getProperty("user.name")
                        + "\npassword_file " + theirs + "\n");
        final Process process = new ProcessBuilder(mosquitto.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("mosquitto.log").toFile())
                .start();
        try {
            final List<String> pub = List.of("mosquitto_pub", "-p", String.valueOf(port), "-t", "t", "-m", "x");
            Await.until(() -> run(pub, "-u", "bob", "-P", PASSWORD) == 0 || !process.isAlive());
            assertTrue(process.isAlive(), Files.readString(dir.resolve("mosquitto.log")));
            assertEquals(0, run(pub, "-u", "alice", "-P", "hers"));
            assertTrue(run(pub, "-u", "bob", "-P", WRONG) != 0);
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** P12 of what is promised. */
    @Test
    void shouldRefuseClientIdsOutsideOfThePrefixes() throws Exception {
        try (BrokerProcess broker = start("auth.client_id_prefixes=press-,oven-")) {
            assertEquals("00", connack(broker, ProtocolVersion.V3_1_1, "press-7", null, null));
            assertEquals("02", connack(broker, ProtocolVersion.V3_1, "lathe-7", null, null));
            assertEquals("02", connack(broker, ProtocolVersion.V3_1_1, "lathe-7", null, null));
            assertEquals("85", connack(broker, ProtocolVersion.V5, "lathe-7", null, null));
            assertEquals("85", connack(broker, ProtocolVersion.V5, "", null, null), "assigned ones have no prefix");
            assertEquals("85", connack(broker, ProtocolVersion.V5, "press-\n", null, null), "control character");
            assertEquals("00", connack(broker, ProtocolVersion.V5, "press-+/#", null, null));
        }
    }

    @Test
    void shouldLockOutWhoGuesses() throws Exception {
        try (BrokerProcess broker = startWithPasswords("auth.max_failures=3")) {
            for (int i = 0; i < 3; i++) {
                assertEquals("86", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(WRONG + i)));
            }
            assertEquals("97", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(PASSWORD)));
            Await.until(() -> broker.output().contains("locked out for 300 s: this machine, after 3 failed attempts"));
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("auth.locked-out 1"), broker.output());
            assertTrue(broker.output().contains("auth.hashes 3"), broker.output());
        }
    }

    @Test
    void shouldForgetAtAReloadWhatItHasVerified() throws Exception {
        try (BrokerProcess broker = startWithPasswords()) {
            assertEquals("00", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(PASSWORD)));
            assertEquals(
                    0,
                    CommandRun.of("passwd", "-b", passwords.toString(), "bob", "changed")
                            .exitCode());
            assertEquals("00", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(PASSWORD)), "not read again yet");
            assertEquals(0, Shell.run("kill", "-HUP", String.valueOf(broker.pid())));
            Await.until(() -> broker.output().contains("reloaded: "));
            assertEquals("86", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(PASSWORD)));
            assertEquals("00", connack(broker, ProtocolVersion.V5, "a", "bob", utf8("changed")));
            Files.writeString(passwords, "bob:plain\n");
            assertEquals(0, Shell.run("kill", "-HUP", String.valueOf(broker.pid())));
            Await.until(() -> broker.output().contains(passwords + ":1:5: user 'bob': not a hash"));
            assertEquals("00", connack(broker, ProtocolVersion.V5, "a", "bob", utf8("changed")), "the old one stays");
        }
    }

    @Test
    void shouldWritePasswordsNowhere() throws Exception {
        try (BrokerProcess broker = startWithPasswords("logging.level=debug", "auth.max_failures=2")) {
            assertEquals("00", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(PASSWORD)));
            assertEquals("86", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(WRONG)));
            assertEquals("04", connack(broker, ProtocolVersion.V3_1_1, "a", "mallory", utf8(WRONG)));
            assertEquals("97", connack(broker, ProtocolVersion.V5, "a", "bob", utf8(WRONG)));
            assertEquals(0, broker.terminate());
            final List<String> secrets = List.of(PASSWORD, WRONG);
            secrets.forEach(secret -> assertFalse(broker.output().contains(secret), broker.output()));
            assertTrue(broker.output().contains("mallory") || broker.output().contains("not let in"));
            final List<Path> files;
            try (Stream<Path> found = Files.walk(data)) {
                files = found.filter(Files::isRegularFile).toList();
            }
            assertTrue(files.stream().anyMatch(file -> contains(file, "mallory")), "the user is in the log");
            for (final String secret : secrets) {
                files.forEach(file -> assertFalse(contains(file, secret), file.toString()));
            }
        }
    }

    private static boolean contains(final Path file, final String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (final IOException ex) {
            throw new AssertionError(ex);
        }
    }

    @Test
    void shouldHoldUpNobodyElseWhileAServiceThinks() throws Exception {
        final CountDownLatch gate = new CountDownLatch(1);
        final CountDownLatch asked = new CountDownLatch(1);
        final ExecutorService threads = Executors.newCachedThreadPool();
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/auth", exchange -> {
            final boolean isSlow = new String(exchange.getRequestBody().readAllBytes(), UTF_8).contains("\"slow\"");
            if (isSlow) {
                asked.countDown();
                awaitQuietly(gate);
            }
            final byte[] answer = utf8("{\"result\":\"allow\"}");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        final String url =
                "auth.http.url=http://127.0.0.1:" + server.getAddress().getPort() + "/auth";
        try (BrokerProcess broker = start(url, "auth.http.timeout=60s", "limits.connect_timeout=60s");
                RawClient slow = new RawClient(broker.port());
                RawClient quick = RawClient.connected(
                        broker.port(),
                        ProtocolVersion.V3_1_1,
                        connect -> connect.cleanStart(true).clientId("quick"))) {
            slow.connect(
                    ProtocolVersion.V3_1_1, connect -> connect.cleanStart(true).clientId("slow"));
            // Behind the CONNECT, before its answer.
            slow.subscribe(ProtocolVersion.V3_1_1, 1, "t", 0);
            asked.await();
            quick.subscribe(ProtocolVersion.V3_1_1, 1, "t", 0);
            quick.expect("90 03 0001 00");
            for (int i = 0; i < 1000; i++) {
                quick.publish(ProtocolVersion.V3_1_1, 0, 0, "t", utf8("x"));
                quick.expect("30 04 0001 74 78");
            }
            gate.countDown();
            slow.expect("20 02 0000");
            slow.expect("90 03 0001 00");
        } finally {
            gate.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldEndAConnectionWithItsToken() throws Exception {
        final byte[] key = utf8("0123456789abcdef0123456789abcdef");
        final Path keyFile = Files.write(dir.resolve("jwt.key"), key);
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        try (BrokerProcess broker = start("auth.jwt.key_file=" + keyFile, "auth.jwt.leeway=0s")) {
            final SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder()
                            .subject("press-07")
                            .expirationTime(new Date(System.currentTimeMillis() + 3000))
                            .build());
            token.sign(new MACSigner(key));
            try (RawClient client = RawClient.connected(
                    broker.port(),
                    ProtocolVersion.V5,
                    connect -> connect.cleanStart(true)
                            .clientId("a")
                            .username("press-07")
                            .password(utf8(token.serialize())))) {
                client.expect("e0 01 a0");
            }
            assertEquals("86", connack(broker, ProtocolVersion.V5, "a", null, utf8(token.serialize())), "expired");
            assertEquals("86", connack(broker, ProtocolVersion.V5, "a", "press-07", utf8("no token")));
        }
    }

    @Test
    void shouldAskOnceWithSeveralAgents() throws Exception {
        try (BrokerProcess broker = startWithPasswords(
                "ring.threading=dedicated", "ring.io_threads=3", "ring.idle=park", "auth.cache_time=0s")) {
            for (int i = 0; i < 12; i++) {
                assertEquals("00", connack(broker, ProtocolVersion.V5, "client-" + i, "bob", utf8(PASSWORD)));
            }
            assertEquals(0, broker.terminate());
            assertTrue(broker.output().contains("auth.hashes 12"), broker.output());
            assertTrue(broker.output().contains("auth.accepted 12"), broker.output());
        }
    }

    @Test
    void shouldNotStartWithAFileThatIsWrongOrOpenToAll() throws Exception {
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-r--r--"));
        final BrokerProcess open = BrokerProcess.launch(data, "-p", "0", "--set", "auth.password_file=" + passwords);
        assertEquals(3, open.exitCode(60));
        assertTrue(open.output().contains("chmod 600 " + passwords), open.output());
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(passwords, "bob:plain\n");
        final CommandRun check = CommandRun.of("config", "check", "--set", "auth.password_file=" + passwords);
        assertEquals(3, check.exitCode());
        assertTrue(check.err().contains(passwords + ":1:5: user 'bob': not a hash"), check.err());
    }
}
