package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is read again while clients are connected: all of it holds from then on, or nothing. */
@Tag("e2e")
@Timeout(120)
class ReloadTest {
    private static final long WAIT_MS = 20_000;

    @TempDir
    private Path dir;

    private BrokerProcess start(final String yaml) throws Exception {
        write(yaml);
        return yaml.contains("listeners:")
                ? BrokerProcess.startOwn(dir.resolve("data"), "-c", config().toString())
                : BrokerProcess.startOwn(dir.resolve("data"), "-c", config().toString(), "-p", "0");
    }

    private Path config() {
        return dir.resolve("ringmain.yaml");
    }

    private void write(final String yaml) throws IOException {
        Files.writeString(config(), yaml);
    }

    private CommandRun reload() {
        return CommandRun.of("config", "reload", "--data", dir.resolve("data").toString());
    }

    private static RawClient connected(final BrokerProcess broker, final String id) throws IOException {
        return RawClient.connected(broker.port(), ProtocolVersion.V5, c -> c.clientId(id));
    }

    @Test
    void shouldPutLimitsInForceForConnectionsThatAreThere() throws Exception {
        try (BrokerProcess broker = start("limits: { filters_per_subscribe: 10, subscriptions_per_session: 1 }\n");
                RawClient client = connected(broker, "there")) {
            client.subscribe(ProtocolVersion.V5, 1, "a", 1);
            client.expect("90 04 0001 00 01");
            client.subscribe(ProtocolVersion.V5, 2, "b", 1);
            client.expect("90 04 0002 00 97");
            write("limits: { filters_per_subscribe: 10, subscriptions_per_session: 2 }\n");
            final CommandRun run = reload();
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            assertEquals("reloaded", run.out().strip());
            client.subscribe(ProtocolVersion.V5, 3, "b", 1);
            client.expect("90 04 0003 00 01");
            Await.until(
                    WAIT_MS,
                    () -> broker.output().contains("reloaded: limits.subscriptions_per_session"),
                    () -> "not said: " + broker.output());
        }
    }

    @Test
    void shouldChangeNothingWhenOneThingIsWrong() throws Exception {
        try (BrokerProcess broker = start("limits: { subscriptions_per_session: 1 }\n");
                RawClient client = connected(broker, "there")) {
            client.subscribe(ProtocolVersion.V5, 1, "a", 1);
            client.expect("90 04 0001 00 01");
            write("limits:\n  subscriptions_per_session: 2\n  max_conections: 5\n  user_properties: many\n");
            final CommandRun run = reload();
            assertEquals(ExitCode.CONFIGURATION, run.exitCode());
            assertTrue(run.err().contains("ringmain.yaml:3:3: unknown key 'limits.max_conections'"), run.err());
            assertTrue(run.err().contains("ringmain.yaml:4:20: limits.user_properties: 'many'"), run.err());
            client.subscribe(ProtocolVersion.V5, 2, "b", 1);
            client.expect("90 04 0002 00 97");
        }
    }

    @Test
    void shouldNameWhatNeedsARestart() throws Exception {
        try (BrokerProcess broker = start("limits: { subscriptions_per_session: 1 }\n")) {
            write("limits: { subscriptions_per_session: 2, receive_maximum: 7 }\nreplay: { enabled: true }\n");
            final CommandRun run = reload();
            assertEquals(ExitCode.CONFIGURATION, run.exitCode());
            assertTrue(run.err().contains("limits.receive_maximum: a change needs a restart"), run.err());
            assertTrue(run.err().contains("replay.enabled: a change needs a restart"), run.err());
            assertFalse(run.err().contains("subscriptions_per_session"), run.err());
            assertTrue(broker.isAlive());
        }
    }

    private static String sni(final int count, final String limits) {
        final StringBuilder yaml = new StringBuilder("listeners:\n  local: { bind: '127.0.0.1:0' }\n  tls:\n"
                + "    bind: 127.0.0.1:0\n    tls:\n      cert: server.pem\n      key: server.key\n      sni:\n"
                + "        first: { cert: server.pem, key: server.key, names: [first.example.com] }\n");
        for (int i = 0; i < count; i++) {
            yaml.append("        gateway-plant-north-of-the-river-and-its-twin-number-")
                    .append(i)
                    .append(": { cert: server.pem, key: server.key, names: [g")
                    .append(i)
                    .append(".example.com] }\n");
        }
        return yaml + limits;
    }

    /** Their names together are longer than a record takes. */
    @Test
    void shouldTakeManyKeysWithLongNamesAtOnce() throws Exception {
        new TestCertificates(dir).server("server", "localhost");
        try (BrokerProcess broker = start(absolute(sni(0, "limits: { subscriptions_per_session: 1 }\n")));
                RawClient client = connected(broker, "there")) {
            client.subscribe(ProtocolVersion.V5, 1, "a", 1);
            client.expect("90 04 0001 00 01");
            Files.writeString(dir.resolve("bans"), "client banned\n");
            write(absolute(sni(8, "limits: { subscriptions_per_session: 2 }\nauth: { bans: '$DIR/bans' }\n")));
            final CommandRun run = reload();
            assertEquals(ExitCode.OK, run.exitCode(), run.err());
            client.subscribe(ProtocolVersion.V5, 2, "b", 1);
            client.expect("90 04 0002 00 01");
            try (RawClient banned = new RawClient(broker.port())) {
                banned.connect(ProtocolVersion.V5, c -> c.clientId("banned"));
                assertEquals(0x8A, banned.packet()[3] & 0xFF);
            }
            final CommandRun log = CommandRun.of(
                    "log",
                    "cat",
                    "--type",
                    "admin",
                    "--data",
                    dir.resolve("data").toString());
            assertTrue(log.out().contains("reload: auth.bans, limits.subscriptions_per_session"), log.out());
            assertTrue(log.out().contains(" more"), log.out());
        }
    }

    private String absolute(final String yaml) {
        return yaml.replace("$DIR", dir.toString()).replaceAll("server\\.(pem|key)", dir + "/server.$1");
    }

    @Test
    void shouldSayThatWhoeverStartedItHasHangupIgnored() throws Exception {
        assumeTrue(Shell.run("env", "--ignore-signal=HUP", "true") == 0);
        write("logging: { level: info }\n");
        final String[] options = {"-c", config().toString(), "-p", "0"};
        try (BrokerProcess broker =
                BrokerProcess.launchWith(List.of("env", "--ignore-signal=HUP"), dir.resolve("data"), options)) {
            broker.awaitReady();
            Await.until(
                    () -> broker.output().contains("SIGHUP can't be had here; ringmain config reload does the same"));
        }
    }

    @Test
    void shouldReloadOnHangup() throws Exception {
        try (BrokerProcess broker = start("logging: { level: info }\n")) {
            write("limits: { max_connections: 1 }\n");
            new ProcessBuilder("kill", "-HUP", String.valueOf(broker.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            Await.until(
                    WAIT_MS,
                    () -> broker.output().contains("reloaded: limits.max_connections"),
                    () -> "no reload: " + broker.output());
            try (RawClient first = connected(broker, "first");
                    RawClient second = new RawClient(broker.port())) {
                assertEquals("", second.untilClosed());
                first.sendHex("c000");
                first.expect("d000");
            }
        }
    }

    @Test
    void shouldSayThatNoBrokerIsThere() throws IOException {
        final CommandRun run = reload();
        assertEquals(ExitCode.UNREACHABLE, run.exitCode());
        assertTrue(run.err().contains("no broker uses"), run.err());
    }
}
