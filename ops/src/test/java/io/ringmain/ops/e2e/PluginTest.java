package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import io.ringmain.protocol.ProtocolVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example in ops/examples/working-hours, built as its documentation says, in a broker. */
@Tag("e2e")
@Timeout(120)
class PluginTest {
    private static final String ALWAYS = "23:59:59.999999999";
    private static final String NEVER = "00:00";

    private static final byte[] PASSWORD = "secret".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path dir;

    @BeforeEach
    void build() throws IOException {
        ExamplePlugin.build(dir.resolve("classes"), dir.resolve("plugins"));
    }

    private String[] options(final String... settings) {
        final List<String> options = new ArrayList<>();
        for (final String setting : settings) {
            options.add("--set");
            options.add(setting);
        }
        options.add("--set");
        options.add("auth.plugin_dir=" + dir.resolve("plugins"));
        return options.toArray(String[]::new);
    }

    private BrokerProcess start(final String to) throws Exception {
        final String passwords = dir.resolve("passwords").toString();
        assertEquals(
                0,
                CommandRun.of("passwd", "-b", "-c", passwords, "anna", "secret").exitCode());
        assertEquals(
                0,
                CommandRun.of("passwd", "-b", passwords, "contractor-7", "secret")
                        .exitCode());
        return BrokerProcess.startOwn(
                dir.resolve("data"),
                options(
                        "auth.password_file=" + passwords,
                        "auth.plugins.working-hours.from=00:00",
                        "auth.plugins.working-hours.to=" + to));
    }

    private static RawClient as(final BrokerProcess broker, final String user) throws IOException {
        final RawClient client = new RawClient(broker.port());
        client.connect(ProtocolVersion.V5, c -> c.clientId(user).username(user).password(PASSWORD));
        return client;
    }

    @Test
    void shouldBeAskedWhoMayConnect() throws Exception {
        try (BrokerProcess broker = start(NEVER);
                RawClient contractor = as(broker, "contractor-7");
                RawClient employee = as(broker, "anna")) {
            assertEquals(0x87, contractor.packet()[3] & 0xFF);
            assertEquals(0, employee.packet()[3]);
            assertTrue(broker.output().contains("not between 00:00 and 00:00"), broker.output());
        }
    }

    @Test
    void shouldLeaveTheRestToThoseThatAreAskedNext() throws Exception {
        try (BrokerProcess broker = start(ALWAYS);
                RawClient contractor = as(broker, "contractor-7")) {
            assertEquals(0, contractor.packet()[3]);
        }
    }

    @Test
    void shouldNotStartWithSettingsThatAPluginDoesNotTake() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.launch(dir.resolve("data"), options("auth.plugins.working-hours.from=noon"))) {
            assertEquals(ExitCode.CONFIGURATION, broker.exitCode(30));
            assertTrue(
                    broker.output().contains("auth.plugins.working-hours: from: 'noon', expected a time"),
                    broker.output());
        }
    }

    @Test
    void shouldNotStartWithoutAPluginThatIsWanted() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.launch(dir.resolve("data"), options("auth.plugins.missing.enabled=true"))) {
            assertEquals(ExitCode.CONFIGURATION, broker.exitCode(30));
            assertTrue(
                    broker.output().contains("auth.plugins.missing: no such plugin; there are: working-hours"),
                    broker.output());
        }
    }
}
