package io.ringmain.ops.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.ops.CommandRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswdCommandTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void file() {
        file = dir.resolve("pw");
    }

    private static CommandRun passwd(final Object... arguments) {
        final List<String> command = new ArrayList<>(List.of("passwd"));
        for (final Object argument : arguments) {
            command.add(argument.toString());
        }
        return CommandRun.of(command.toArray(String[]::new));
    }

    private static void ok(final CommandRun run) {
        assertEquals(new CommandRun(0, "", ""), run);
    }

    private Map<String, PasswordHash> users() {
        final List<String> errors = new ArrayList<>();
        final Map<String, PasswordHash> users = PasswordFile.read(file, errors);
        assertEquals(List.of(), errors);
        return users;
    }

    private boolean takes(final String user, final String password) {
        return users().get(user).verify(password.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "sha512, $6$",
        "sha512-pbkdf2, $7$10000$",
        "argon2id, $argon2id$v=19$",
        "scram-sha-256, $scram-sha-256$4096$"
    })
    void shouldMakeEveryKindOfHash(final String kind, final String head) throws IOException {
        ok(passwd("-H", kind, "-c", "-b", file, "bob", "secret"));
        assertTrue(Files.readString(file).startsWith("bob:" + head));
        assertTrue(takes("bob", "secret"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldAddReplaceAndRemoveAndLeaveTheRestAlone() throws IOException {
        ok(passwd("-c", "-b", file, "bob", "one"));
        Files.writeString(file, "# kept\n" + Files.readString(file));
        ok(passwd("-b", file, "alice", "two"));
        ok(passwd("-b", "-I", "2000", file, "bob", "three"));
        assertTrue(takes("bob", "three") && takes("alice", "two"));
        final List<String> lines = Files.readAllLines(file);
        assertEquals("# kept", lines.get(0));
        assertTrue(lines.get(1).startsWith("bob:$7$2000$") && lines.get(2).startsWith("alice:$7$10000$"));
        ok(passwd("-D", file, "bob"));
        assertEquals(List.of("alice"), List.copyOf(users().keySet()));
        ok(passwd("-c", "-b", file, "zoe", "x"));
        assertEquals(List.of("zoe"), List.copyOf(users().keySet()), "-c begins anew");
    }

    @Test
    void shouldHashAFileOfPlainPasswordsOnce() throws IOException {
        Files.writeString(file, "# plain\nbob:secret\nalice:with:colon and space \n");
        ok(passwd("-U", file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(takes("bob", "secret") && takes("alice", "with:colon and space "));
        final String before = Files.readString(file);
        ok(passwd("-U", file));
        assertEquals(before, Files.readString(file));
    }

    @Test
    void shouldAskTwiceWithoutATerminalToo() {
        final InputStream real = System.in;
        try {
            System.setIn(new ByteArrayInputStream("from input\nfrom input\n".getBytes(UTF_8)));
            assertEquals(0, passwd("-c", file, "bob").exitCode());
            assertTrue(takes("bob", "from input"));
            System.setIn(new ByteArrayInputStream("a\nb\n".getBytes(UTF_8)));
            final CommandRun run = passwd(file, "bob");
            assertEquals(1, run.exitCode());
            assertTrue(run.err().endsWith("Error: passwords do not match\n"), run.err());
            assertTrue(takes("bob", "from input"));
        } finally {
            System.setIn(real);
        }
    }

    @Test
    void shouldFailAsMosquittoPasswdDoes() {
        for (final CommandRun run : List.of(
                passwd(),
                passwd("-b", file, "bob", "x"),
                passwd("-U", file),
                passwd("-D", file, "bob"),
                passwd("-c", "-D", file, "bob"),
                passwd("-c", "-b", file, "a:b", "x"),
                passwd("-c", "-b", file, "", "x"),
                passwd("-H", "md5", "-c", "-b", file, "bob", "x"))) {
            assertEquals(1, run.exitCode());
            assertTrue(run.err().length() > 10, run.err());
        }
        ok(passwd("-c", "-b", file, "bob", "x"));
        final CommandRun unknown = passwd("-D", file, "alice");
        assertEquals(new CommandRun(1, "", "Error: user alice not found in password file\n"), unknown);
    }

    @Test
    void shouldLoseNothingWhenManyWriteAtOnce() throws Exception {
        ok(passwd("-c", "-b", file, "first", "x"));
        final ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            final List<Future<Process>> started = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                final String user = "user" + i;
                started.add(writers.submit(() -> process("-b", file.toString(), user, "pw of " + user)));
            }
            for (final Future<Process> process : started) {
                assertEquals(0, process.get().waitFor());
            }
        } finally {
            writers.shutdown();
        }
        assertEquals(5, users().size());
        assertTrue(takes("user3", "pw of user3"));
    }

    private static Process process(final String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.ringmain.ops.Ringmain",
                "passwd"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).inheritIO().start();
    }

    @Test
    void shouldKeepOwnerGroupAndWhatTheGroupMay() throws IOException {
        ok(passwd("-c", "-b", file, "bob", "x"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ok(passwd("-b", file, "alice", "x"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha512", "sha512-pbkdf2"})
    void shouldReadWhatMosquittoPasswdWrites(final String kind) throws Exception {
        final Path tool = Path.of("/usr/bin/mosquitto_passwd");
        Assumptions.assumeTrue(Files.isExecutable(tool), "mosquitto_passwd is not installed (package mosquitto)");
        for (final String user : List.of("bob", "alice")) {
            final List<String> command =
                    new ArrayList<>(List.of(tool.toString(), "-H", kind, "-b", file.toString(), user, "pw of " + user));
            if (user.equals("bob")) {
                command.add(1, "-c");
            }
            assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(takes("bob", "pw of bob") && takes("alice", "pw of alice"));
        ok(passwd("-D", file, "bob"));
        assertTrue(takes("alice", "pw of alice"));
    }
}
