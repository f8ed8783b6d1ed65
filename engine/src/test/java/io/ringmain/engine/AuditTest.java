package io.ringmain.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.event.AdminEvent;
import io.ringmain.engine.event.AuthFailedEvent;
import io.ringmain.engine.event.EventHeader;
import io.ringmain.engine.event.EventType;
import io.ringmain.engine.event.Origin;
import io.ringmain.engine.event.PublishEvent;
import io.ringmain.engine.event.SnapshotMarkEvent;
import io.ringmain.engine.io.AuditOptions;
import io.ringmain.engine.io.ListenerConfig;
import io.ringmain.engine.journal.Durability;
import io.ringmain.protocol.ProtocolVersion;
import io.ringmain.protocol.mqtt.ConnectEncoder;
import io.ringmain.storage.log.ChronicleMessageLog;
import io.ringmain.storage.log.LogContext;
import io.ringmain.storage.log.LogException;
import io.ringmain.storage.log.LogInspector;
import io.ringmain.storage.log.MessageLog;
import io.ringmain.storage.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the log tells of who did what. User alice has the password "opensesame"; method "X" takes the data 0x0102. */
@Timeout(60)
class AuditTest {
    private static final String PASSWORD = "opensesame";
    private static final String WRONG_PASSWORD = "openbarley";
    private static final byte[] PROOF = "secretproof".getBytes(UTF_8);
    private static final byte[] WRONG_PROOF = "forgedproof".getBytes(UTF_8);
    private static final int NOT_AUTHORIZED = 0x87;

    @TempDir
    private Path dir;

    private final List<String> eventLog = Collections.synchronizedList(new ArrayList<>());

    private static final class Method implements EnhancedAuthenticator {
        @Override
        public String method() {
            return "X";
        }

        @Override
        public AuthExchange begin(final Credentials client) {
            return data -> new String(data, UTF_8).equals(new String(PROOF, UTF_8))
                    ? AuthExchange.Answer.success("proven", new byte[0])
                    : AuthExchange.Answer.refuse(NOT_AUTHORIZED);
        }
    }

    private BrokerContext context() {
        return new BrokerContext()
                .dataDir(dir)
                .segmentBytes(8 << 20)
                .listeners(List.of(new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0))))
                .threadingMode(ThreadingMode.SHARED)
                .durability(Durability.APPEND)
                .ioThreads(1)
                .eventLog(eventLog::add)
                .authenticator(client -> CompletableFuture.completedFuture(
                        "alice".equals(client.username()) && PASSWORD.equals(new String(client.password(), UTF_8))
                                ? AuthVerdict.accept("alice")
                                : AuthVerdict.refuse(NOT_AUTHORIZED, "")))
                .enhancedAuthenticators(List.of(new Method()));
    }

    private static String connect(final UnaryOperator<ConnectEncoder> options) {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[512]);
        final int length = options.apply(new ConnectEncoder().wrap(packet, 0, ProtocolVersion.V3_1_1))
                .finish();
        return HexFormat.of().formatHex(packet.byteArray(), 0, length);
    }

    private static HexClient alice(final RunningBroker broker, final String clientId) throws IOException {
        return new HexClient(broker.port())
                .send(connect(c -> c.clientId(clientId).username("alice").password(PASSWORD.getBytes(UTF_8))))
                .expect("20020000");
    }

    private static void refused(final RunningBroker broker, final String clientId) throws IOException {
        try (HexClient client = new HexClient(broker.port())) {
            client.send(
                    connect(c -> c.clientId(clientId).username("mallory").password(WRONG_PASSWORD.getBytes(UTF_8))));
            assertEquals("20020005", client.untilClosed());
        }
    }

    private interface Line {
        String of(DirectBuffer buffer, int offset);
    }

    /** The records of a type, in order, as text. */
    private List<String> records(final int type, final Line line) {
        final List<String> lines = new ArrayList<>();
        LogInspector.open(dir).scan(0, (position, buffer, offset, length) -> {
            if (EventHeader.type(buffer, offset) == type) {
                lines.add(line.of(buffer, offset));
            }
            return true;
        });
        return lines;
    }

    /** Client, user, listener and protocol level; the address must be there. */
    private static String origin(final DirectBuffer buffer, final int offset) {
        final Origin origin = new Origin().wrap(buffer, offset);
        assertTrue(origin.isPresent());
        assertTrue(origin.peer().matches("127\\.0\\.0\\.1:\\d+"), origin.peer());
        assertEquals("", origin.certificate());
        return origin.clientId() + " " + origin.username() + " " + origin.listener() + " " + origin.protocolLevel();
    }

    @Test
    void shouldSayInEachRecordOfAClientWhoItIs() throws IOException {
        try (RunningBroker broker = new RunningBroker(context())) {
            try (HexClient client = alice(broker, "c1")) {
                client.send("82 06 0001 0001 61 01").expect("90 03 0001 01");
                client.send("32 06 0001 61 0002 78").expect("40 02 0002").expect("32 06 0001 61 0001 78");
                client.send("40 02 0001");
                client.send("31 04 0001 72 79");
                client.send("a2 05 0003 0001 61").expect("b0 02 0003");
                client.send("e0 00").untilClosed();
            }
            alice(broker, "c2").close();
        }
        final String c1 = "c1 alice test 4";
        assertEquals(List.of(c1, "c2 alice test 4"), records(EventType.CONNECT, AuditTest::origin));
        assertEquals(List.of(c1), records(EventType.SUBSCRIBE, AuditTest::origin));
        assertEquals(List.of(c1, c1), records(EventType.PUBLISH, AuditTest::origin));
        assertEquals(List.of(c1), records(EventType.ACK_BATCH, AuditTest::origin));
        assertEquals(List.of(c1), records(EventType.UNSUBSCRIBE, AuditTest::origin));
        assertEquals(List.of(c1), records(EventType.DISCONNECT, AuditTest::origin));
        assertEquals(List.of("c2 alice test 4"), records(EventType.CONNECTION_LOST, AuditTest::origin));
    }

    private static String failure(final DirectBuffer buffer, final int offset) {
        return Integer.toHexString(AuthFailedEvent.reasonCode(buffer, offset)) + " " + origin(buffer, offset);
    }

    @Test
    void shouldRecordWhoWasNotLetInAndForWhat() throws IOException {
        try (RunningBroker broker = new RunningBroker(context())) {
            refused(broker, "spy");
            try (HexClient client = new HexClient(broker.port())) {
                client.send(connect(c -> c.clientId("x\u0001").username("alice")));
                assertEquals("20020002", client.untilClosed());
            }
            try (HexClient client = new HexClient(broker.port())) {
                client.send(connect(c -> c.clientId("ö".repeat(200)).username("alice")));
                assertEquals("20020002", client.untilClosed());
            }
            try (HexClient client = new HexClient(broker.port())) {
                client.send(enhanced("X", WRONG_PROOF));
                assertEquals("2003008700", client.untilClosed());
            }
            try (HexClient client = new HexClient(broker.port())) {
                client.send(enhanced("Y", PROOF));
                assertEquals("2003008c00", client.untilClosed());
            }
        }
        assertEquals(
                List.of(
                        "87 spy mallory test 4",
                        "85 x\u0001 alice test 4",
                        "85 " + "ö".repeat(128) + " alice test 4",
                        "87 ee  test 5",
                        "8c ee  test 5"),
                records(EventType.AUTH_FAILED, AuditTest::failure));
    }

    /** MQTT 5 CONNECT of client "ee" with a method and its data. */
    private static String enhanced(final String method, final byte[] data) {
        final String proof = "%04x".formatted(data.length) + HexFormat.of().formatHex(data);
        final String properties = "15 0001" + HexFormat.of().formatHex(method.getBytes(UTF_8)) + "16" + proof;
        final int propertiesLength = 7 + data.length;
        return "10 %02x 0004 4d515454 05 02 0000 %02x".formatted(15 + propertiesLength, propertiesLength) + properties
                + "0002 6565";
    }

    @Test
    void shouldRecordWhoFailsToProveAgainWhoItIs() throws IOException {
        try (RunningBroker broker = new RunningBroker(context());
                HexClient client = new HexClient(broker.port())) {
            client.send(enhanced("X", PROOF)).expect("20");
            client.read(Integer.parseInt(client.read(1), 16));
            client.send("f0 0a 19 08 15 0001 58 16 0001 20");
            assertEquals("e00187", client.untilClosed());
        }
        assertEquals(List.of("87 ee proven test 5"), records(EventType.AUTH_FAILED, AuditTest::failure));
    }

    @Test
    void shouldNotLetWhoFailsFillTheLog() throws IOException {
        final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(20_000));
        final BrokerContext context =
                context().clock(now::get).auditOptions(new AuditOptions().authFailuresPerSecond(3));
        try (RunningBroker broker = new RunningBroker(context)) {
            for (int i = 0; i < 10; i++) {
                refused(broker, "spy-" + i);
            }
            assertEquals(7, context.counters().get(CounterId.AUDIT_AUTH_FAILURES_NOT_RECORDED));
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            refused(broker, "spy-again");
        }
        assertEquals(7, context.counters().get(CounterId.AUDIT_AUTH_FAILURES_NOT_RECORDED));
        assertEquals(
                List.of("spy-0", "spy-1", "spy-2", "spy-again"),
                records(
                        EventType.AUTH_FAILED,
                        (buffer, offset) -> new Origin().wrap(buffer, offset).clientId()));
    }

    @Test
    void shouldWriteNoSecretToTheDiskNorToTheEventLog() throws IOException {
        try (RunningBroker broker = new RunningBroker(context())) {
            alice(broker, "good").close();
            refused(broker, "bad");
            for (final byte[] proof : List.of(PROOF, WRONG_PROOF)) {
                try (HexClient client = new HexClient(broker.port())) {
                    client.send(enhanced("X", proof)).read(4);
                }
            }
            try (HexClient client = new HexClient(broker.port())) {
                client.send(enhanced("X", PROOF)).expect("20");
                client.read(Integer.parseInt(client.read(1), 16));
                client.send("f0 14 19 12 15 0001 58 16 000b" + HexFormat.of().formatHex(WRONG_PROOF));
                client.untilClosed();
            }
            assertEquals(1, filesWith("mallory"), "the log is read as it is");
            assertNoSecrets();
        }
        assertNoSecrets();
        assertTrue(filesWith("alice") > 0);
    }

    private void assertNoSecrets() throws IOException {
        for (final String secret : List.of(PASSWORD, WRONG_PASSWORD, new String(PROOF, UTF_8), "forgedproof")) {
            assertEquals(0, filesWith(secret), secret);
            assertTrue(eventLog.stream().noneMatch(line -> line.contains(secret)), secret);
        }
    }

    private long filesWith(final String text) throws IOException {
        long count = 0;
        try (Stream<Path> files = Files.walk(dir)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                count += new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1)
                                .contains(text)
                        ? 1
                        : 0;
            }
        }
        return count;
    }

    private static String admin(final DirectBuffer buffer, final int offset) {
        return AdminEvent.actor(buffer, offset) + ": " + AdminEvent.action(buffer, offset);
    }

    @ParameterizedTest
    @EnumSource(
            value = ThreadingMode.class,
            names = {"SHARED", "DEDICATED", "INVOKER"})
    void shouldRecordACleanStopLast(final ThreadingMode mode) throws IOException {
        for (int run = 0; run < 2; run++) {
            try (RunningBroker broker =
                    new RunningBroker(context().threadingMode(mode).idleStrategy("back-off"))) {
                alice(broker, "c" + run).close();
            }
        }
        assertEquals(List.of("broker: stop", "broker: stop"), records(EventType.ADMIN, AuditTest::admin));
        final int[] last = new int[1];
        LogInspector.open(dir).scan(0, (position, buffer, offset, length) -> {
            last[0] = EventHeader.type(buffer, offset);
            return true;
        });
        assertEquals(EventType.ADMIN, last[0]);
    }

    @Test
    void shouldRecordASnapshotOnCommand() throws IOException {
        final BrokerContext context = context().snapshotOnStop(false);
        try (RunningBroker broker = new RunningBroker(context)) {
            alice(broker, "c").close();
            new SnapshotDirectory(dir).request();
            while (context.counters().get(CounterId.SNAPSHOTS_TAKEN) == 0) {
                Thread.onSpinWait();
            }
        }
        final List<String> actions = records(EventType.ADMIN, AuditTest::admin);
        assertEquals(2, actions.size(), actions.toString());
        assertTrue(actions.get(0).startsWith("operator: snapshot on command at position "), actions.get(0));
    }

    /** MQTT 5 PUBLISH with the user properties ringmain-client=boss and a=b, and what is left of them. */
    private static final String FORGED = "26 000f 72696e676d61696e2d636c69656e74 0004 626f7373";

    private static final String HONEST = "26 0001 61 0001 62";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStampWhatComesToAListenerThatDoesAndNothingElse(final boolean stamping) throws IOException {
        final BrokerContext context = context()
                .listeners(List.of(
                        new ListenerConfig("test", new InetSocketAddress("127.0.0.1", 0), stamping, List.of())));
        try (RunningBroker broker = new RunningBroker(context);
                HexClient client = new HexClient(broker.port())) {
            client.send(enhanced("X", PROOF)).expect("20");
            client.read(Integer.parseInt(client.read(1), 16));
            client.send("82 07 0001 00 0001 74 00").expect("90 04 0001 00 00");
            client.send("30 24 0001 74 1f" + FORGED + HONEST + "78");
            if (stamping) {
                client.expect("30 9101 0001 74 8b01" + HONEST);
                assertEquals("&..ringmain-client..ee&..ringmain-user..proven", printable(client.read(20 + 2 + 18 + 6)));
                final String rest = printable(client.read(22 + 19 + 18 + 27 + 1));
                assertTrue(
                        rest.matches(
                                "&..ringmain-position..\\d{19}&..ringmain-time..\\d{4}-\\d\\d-\\d\\dT[\\d:.]{15}Zx"),
                        rest);
            } else {
                client.expect("30 0c 0001 74 07" + HONEST + "78");
            }
        }
        assertEquals(1, context.counters().get(CounterId.AUDIT_FORGED_PROPERTIES));
    }

    private static String printable(final String hex) {
        return new String(HexFormat.of().parseHex(hex), UTF_8).replaceAll("\\p{Cntrl}", ".");
    }

    @Test
    void shouldRefuseALogOfAnotherVersion() {
        try (MessageLog log = ChronicleMessageLog.open(
                new LogContext().dataDir(dir).segmentBytes(1 << 20).maxRecordLength(1 << 10))) {
            final UnsafeBuffer event = new UnsafeBuffer(new byte[SnapshotMarkEvent.LENGTH]);
            SnapshotMarkEvent.write(event, 0);
            event.putByte(EventHeader.VERSION_OFFSET, (byte) 1);
            log.beginBlock(1);
            log.append(event, 0, SnapshotMarkEvent.LENGTH);
            log.endBlock();
            log.force();
        }
        final LogException refused = assertThrows(LogException.class, () -> Broker.launch(context()));
        assertEquals(
                "the log has records of version 1 at position 0, and this broker reads and writes version 2: start the"
                        + " broker that wrote it, or give this one another data directory",
                refused.getMessage());
        assertFalse(refused.isDamage());
    }

    private static String publish(final DirectBuffer buffer, final int offset) {
        final PublishEvent publish = new PublishEvent().wrap(buffer, offset);
        return buffer.getStringWithoutLengthUtf8(publish.topicOffset(), publish.topicLength()) + " q" + publish.qos()
                + " " + publish.payloadLength() + " B by " + origin(buffer, offset);
    }

    @Test
    void shouldRecordQos0WhereAskedAndOfOthersThatTheyCame() throws IOException {
        final BrokerContext context = context()
                .auditOptions(
                        new AuditOptions().recordQos0(List.of("w/#")).recordQos0Headers(List.of("h/+", "w/both")));
        final String payload = HexFormat.of().formatHex("unforgettable".getBytes(UTF_8));
        final String secret = HexFormat.of().formatHex("passingthing!".getBytes(UTF_8));
        try (RunningBroker broker = new RunningBroker(context);
                HexClient client = alice(broker, "c")) {
            client.send("82 06 0001 0001 23 00").expect("90 03 0001 00");
            final String whole = "30 12 0003 772f31" + payload;
            final String headers = "30 12 0003 682f31" + secret;
            final String nothing = "30 12 0003 6e2f31" + secret;
            client.send(whole + headers + nothing).expect(whole).expect(headers).expect(nothing);
        }
        assertEquals(List.of("w/1 q0 13 B by c alice test 4"), records(EventType.PUBLISH, AuditTest::publish));
        assertEquals(List.of("h/1 q0 13 B by c alice test 4"), records(EventType.PUBLISH_HEADERS, AuditTest::publish));
        assertTrue(filesWith("unforgettable") > 0);
        assertEquals(0, filesWith("passingthing!"));
        // The same state again from the log, with the recorded QoS 0 message in it.
        try (RunningBroker broker = new RunningBroker(context().snapshotOnStop(false))) {
            alice(broker, "again").close();
        }
    }
}
