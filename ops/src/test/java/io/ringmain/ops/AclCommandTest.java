package io.ringmain.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclCommandTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(dir.resolve("acl"), """
                # what guests may do
                topic read news/#
                user anna
                topic plant/#
                topic deny plant/safe
                pattern write box/%c
                role operator
                topic write cmd/#
                """);
    }

    private CommandRun ask(final String... more) {
        final List<String> args = new ArrayList<>(List.of("acl", "test", "--acl", file.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(String[]::new));
    }

    private void assertSays(final int exitCode, final String out, final CommandRun run) {
        assertEquals(out.replace("FILE", file.toString()), run.out());
        assertEquals(exitCode, run.exitCode());
    }

    @Test
    void shouldPrintTheDecidingLine() {
        assertSays(0, "allowed\nFILE:4: topic plant/#\n", ask("--user", "anna", "--publish", "plant/rpm"));
        assertSays(5, "denied\nFILE:5: topic deny plant/safe\n", ask("--user", "anna", "--receive", "plant/safe"));
        assertSays(0, "allowed\nFILE:2: topic read news/#\n", ask("--receive", "news/today"));
        assertSays(5, "denied\nno rule allows it\n", ask("--user", "anna", "--receive", "news/today"));
        assertSays(0, "allowed\nFILE:6: pattern write box/%c\n", ask("--client", "c7", "--publish", "box/c7"));
        assertSays(5, "denied\nno rule allows it\n", ask("--client", "+", "--publish", "box/c7"));
        assertSays(
                0,
                "allowed\nFILE:8: topic write cmd/#\n",
                ask("--user", "bert", "--role", "operator", "--publish", "cmd/go"));
    }

    @Test
    void shouldLookBehindWhatStandsBeforeAFilter() {
        for (final String before : new String[] {"", "$replay/-1h/", "$catalog/"}) {
            assertEquals(
                    0, ask("--user", "anna", "--subscribe", before + "plant/+").exitCode(), before);
            assertEquals(
                    5, ask("--user", "anna", "--subscribe", before + "news/+").exitCode(), before);
        }
    }

    @Test
    void shouldAskForAllOfAFilterThatIsShared() {
        assertSays(0, "allowed\nFILE:4: topic plant/#\n", ask("--user", "anna", "--subscribe", "$share/g/plant/a/#"));
        assertSays(
                5, "denied\nFILE:5: topic deny plant/safe\n", ask("--user", "anna", "--subscribe", "$share/g/plant/+"));
        assertSays(5, "denied\nno rule allows it\n", ask("--subscribe", "$share/g/#"));
    }

    @Test
    void shouldRefuseWhatIsNoQuestion() {
        assertEquals(2, ask("--publish", "a/+").exitCode());
        assertEquals(2, ask("--subscribe", "a/#/b").exitCode());
        assertEquals(2, ask().exitCode());
        assertEquals(2, ask("--publish", "a", "--receive", "a").exitCode());
    }

    @Test
    void shouldNameTheFileOfAConfiguration() throws IOException {
        final Path config = Files.writeString(dir.resolve("c.yaml"), "auth: { acl_file: " + file + " }\n");
        assertSays(
                0,
                "allowed\nFILE:2: topic read news/#\n",
                CommandRun.of("acl", "test", "-c", config.toString(), "--receive", "news/a"));
        assertSays(0, "allowed\nno auth.acl_file is configured\n", CommandRun.of("acl", "test", "--receive", "a"));
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Files.writeString(file, "topic a\ntpic b\nuser\n");
        final String errors = file + ":2:1: unknown word 'tpic', expected topic, pattern, user, role or roles\n" + file
                + ":3:5: no name, expected that of a user\n";
        final CommandRun run = ask("--publish", "a");
        assertEquals(3, run.exitCode());
        assertEquals(errors, run.err());
        final CommandRun check = CommandRun.of("config", "check", "--set", "auth.acl_file=" + file);
        assertEquals(3, check.exitCode());
        assertEquals(errors, check.err());
        Files.write(file, new byte[] {'t', 'o', 'p', 'i', 'c', '\n', 'a', (byte) 0xC3, '\n'});
        assertEquals(file + ":2:2: not UTF-8\n", ask("--publish", "a").err());
        assertEquals(
                "--set: auth.acl_file: " + file + "x: there is no such file\n",
                CommandRun.of("config", "check", "--set", "auth.acl_file=" + file + "x")
                        .err());
        assertTrue(CommandRun.of("config", "check", "--set", "auth.acl_file=" + file, "--set", "auth.acl_max_rules=0")
                .err()
                .contains("auth.acl_max_rules"));
    }

    @Test
    void shouldNotTrustAFileThatEverybodyMayWrite() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        final CommandRun run = ask("--receive", "news/a");
        assertEquals(3, run.exitCode());
        assertEquals(file + ": everybody on this machine can write it: chmod o-w " + file + "\n", run.err());
    }
}
