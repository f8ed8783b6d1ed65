package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker of a process of its own with a password file and an ACL, Debian's mosquitto clients, and SIGHUP. */
@Tag("e2e")
@Timeout(120)
class AclServeTest {
    private static final String RULES = "user anna\ntopic plant/#\nuser bert\ntopic read plant/#\n";

    @TempDir
    private Path dir;

    private BrokerProcess broker;

    @BeforeAll
    static void needClients() {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/mosquitto_pub")),
                "mosquitto_pub is not installed (package mosquitto-clients)");
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    /** What a client prints, of both streams; it ends by itself. */
    private String run(final String program, final String user, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(program, "-p", String.valueOf(broker.port())));
        command.addAll(List.of("-V", "mqttv5", "-u", user, "-P", "secret-of-" + user));
        command.addAll(List.of(arguments));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end: " + command);
        return output;
    }

    private String publish(final String user, final String topic) throws Exception {
        return run("mosquitto_pub", user, "-q", "1", "-r", "-t", topic, "-m", topic);
    }

    private String first(final String user, final String filter) throws Exception {
        return run("mosquitto_sub", user, "-q", "1", "-t", filter, "-C", "1", "-W", "20");
    }

    private void reload(final Path acl, final String rules, final String expected) throws Exception {
        Files.writeString(acl, rules);
        assertEquals(0, Shell.run("kill", "-HUP", String.valueOf(broker.pid())));
        Await.until(20_000, () -> broker.output().contains(expected), () -> broker.output());
    }

    @Test
    void shouldLetUsersDoWhatTheListSaysAndFollowItsChanges() throws Exception {
        final Path passwords = dir.resolve("passwords");
        for (final String user : List.of("anna", "bert", "carl")) {
            final List<String> command = new ArrayList<>(List.of("passwd", "-b"));
            if (!Files.exists(passwords)) {
                command.add("-c");
            }
            command.addAll(List.of(passwords.toString(), user, "secret-of-" + user));
            assertEquals(0, CommandRun.of(command.toArray(String[]::new)).exitCode());
        }
        final Path acl = Files.writeString(dir.resolve("acl"), RULES);
        broker = BrokerProcess.startOwn(
                dir.resolve("data"), "--set", "auth.password_file=" + passwords, "--set", "auth.acl_file=" + acl);
        assertEquals("", publish("anna", "plant/a"));
        assertEquals("plant/a\n", first("bert", "plant/#"));
        assertTrue(publish("bert", "plant/b").contains("Not authorized"));
        assertTrue(publish("anna", "other").contains("Not authorized"));
        assertTrue(first("carl", "plant/#").contains("denied"));
        assertEquals("", publish("anna", "plant/c"));
        reload(acl, RULES + "topic deny plant/a\n", "reloaded");
        assertEquals("plant/c\n", first("bert", "plant/#"));
        // The password is still asked for.
        assertTrue(run("mosquitto_pub", "nobody", "-t", "plant/a", "-m", "x").contains("Connection error"));
        reload(acl, "usr anna\n", "not reloaded: " + acl + ":1:1: unknown word 'usr'");
        assertEquals("plant/c\n", first("bert", "plant/#"));
    }
}
