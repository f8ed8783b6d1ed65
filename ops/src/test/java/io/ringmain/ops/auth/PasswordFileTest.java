package io.ringmain.ops.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PasswordFileTest {
    private static final Path FILE = Path.of("pw");

    @TempDir
    private Path dir;

    private static List<String> errors(final byte[] content) {
        final List<String> errors = new ArrayList<>();
        PasswordFile.parse(FILE, content, errors);
        return errors;
    }

    private static Map<String, PasswordHash> parsed(final String content) {
        final List<String> errors = new ArrayList<>();
        final Map<String, PasswordHash> users = PasswordFile.parse(FILE, content.getBytes(UTF_8), errors);
        assertEquals(List.of(), errors);
        return users;
    }

    /** By mosquitto_passwd 2.0.11, with -H sha512-pbkdf2 and -H sha512. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$7$101$KUqlDBMTfQ5HGxM6$mNmkqaGLAex+/GKHa2DTFuzrxOtgGzKThZqcrMeWbE3+p060KYSxKJ2v2TjbHj6I7SOUMjLmMppixWy8Z2ApUA== p",
                "$6$oeQqMwlVpB/hpby8$/TM5iwmuOlUPDSuo2etfpZGlejZFflA6hpekRqvpi72bh2Gtt4XwhXjRzcsDrWjpfN64S5DjxXlry5CxuwdzHA== p",
            })
    void shouldVerifyWhatMosquittoPasswdHasHashed(final String hash, final String password) {
        final PasswordHash parsed = parsed("u:" + hash).get("u");
        assertTrue(parsed.verify(password.getBytes(UTF_8)));
        assertFalse(parsed.verify((password + "x").getBytes(UTF_8)));
        assertFalse(parsed.verify(new byte[0]));
        assertEquals(hash, parsed.text());
    }

    /** Test vector of the reference implementation of Argon2 (phc-winner-argon2, test.c), with and without padding. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4="
            })
    void shouldVerifyArgon2id(final String hash) {
        final PasswordHash parsed = parsed("u:" + hash).get("u");
        assertTrue(parsed.verify("password".getBytes(UTF_8)));
        assertFalse(parsed.verify("Password".getBytes(UTF_8)));
    }

    /** RFC 7914, section 11, for SHA-256; for SHA-512 the vectors that go with RFC 6070's. */
    @Test
    void shouldComputePbkdf2() {
        assertEquals(
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                        + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
                hex(PasswordHash.pbkdf2("HmacSHA256", "passwd".getBytes(UTF_8), "salt".getBytes(UTF_8), 1, 64)));
        assertEquals(
                "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
                        + "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
                hex(PasswordHash.pbkdf2("HmacSHA512", "password".getBytes(UTF_8), "salt".getBytes(UTF_8), 4096, 64)));
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @EnumSource(HashKind.class)
    void shouldReadWhatItWrites(final HashKind kind) {
        for (final String password : List.of("", "secret", "pässwörd \uD83D\uDD11", "x".repeat(300))) {
            final String text = kind.hash(password.getBytes(UTF_8), 0).text();
            final PasswordHash parsed = parsed("u:" + text).get("u");
            assertEquals(text, parsed.text());
            assertTrue(parsed.verify(password.getBytes(UTF_8)));
            assertFalse(parsed.verify((password + "y").getBytes(UTF_8)));
            assertFalse(text.contains("secret"));
        }
    }

    @Test
    void shouldTakeCommentsEmptyLinesAndLineEndsOfOthers() {
        final String hash = HashKind.SHA512.hash("x".getBytes(UTF_8), 0).text();
        assertEquals(
                List.of("a", "b c", "ü"),
                List.copyOf(parsed("# note\r\n\r\na:" + hash + "\r\n\nb c:" + hash + "\nü:" + hash)
                        .keySet()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a:secret | 1:3: user 'a': not a hash: 'ringmain passwd -U FILE' hashes a file of plain passwords",
                "nocolon | 1:1: expected name:hash",
                ":$6$c2FsdA==$aGFzaA== | 1:1: the user name is empty",
                "a:$5$x$y | 1:3: user 'a': unknown kind of hash, expected $6$, $7$, $argon2id$ or $scram-sha-256$",
                "a:$6$c2FsdA== | 1:3: user 'a': expected $6$salt$hash",
                "a:$6$c2FsdA==$aGFzaA== | 1:3: user 'a': hash: expected 64 bytes",
                "a:$6$?$aGFzaA== | 1:3: user 'a': salt: not base64",
                "a:$7$0$c2FsdA==$aGFzaA== | 1:3: user 'a': iterations: expected a number from 1 to 10000000",
                "a:$7$99999999$c2FsdA==$aGFzaA== | 1:3: user 'a': iterations: expected a number from 1 to 10000000",
                "a:$7$101$c2FsdA==$aGFzaA== | 1:3: user 'a': hash: expected 16 to 512 bytes",
                "a:$argon2id$v=16$m=8,t=1,p=1$x$y | 1:3: user 'a': expected $argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash",
                "a:$argon2id$v=19$m=9999999,t=1,p=1$x$y | 1:3: user 'a': m: expected a number from 8 to 1048576",
                "a:$scram-sha-256$4096$c2FsdA==$x | 1:3: user 'a': expected $scram-sha-256$iterations$salt$stored$server",
            })
    void shouldNameThePlaceOfWhatIsWrongAndNotTheHash(final String line, final String error) {
        assertEquals(List.of("pw:" + error), errors(line.getBytes(UTF_8)));
    }

    @Test
    void shouldNameLinesThatAreTooLongDoubleOrNoText() {
        final String hash = HashKind.SHA512.hash("x".getBytes(UTF_8), 0).text();
        assertEquals(
                List.of("pw:2:1: user 'a' is given twice"),
                errors(("a:" + hash + "\na:" + hash + "\n").getBytes(UTF_8)));
        assertEquals(List.of("pw:1:1: longer than 4096 bytes"), errors(("a:" + "$".repeat(5000)).getBytes(UTF_8)));
        assertEquals(List.of("pw:1:1: not UTF-8"), errors(new byte[] {'a', (byte) 0xC3, ':', '$'}));
        assertEquals(
                List.of("pw:1:1: the user name has a control character"), errors(("a\u0007:" + hash).getBytes(UTF_8)));
        assertEquals(100, errors("x\n".repeat(1000).getBytes(UTF_8)).size(), "there is an end to it");
    }

    @Test
    void shouldRefuseAFileThatEverybodyCanRead() throws IOException {
        final Path file = Files.writeString(dir.resolve("pw"), "");
        final List<String> errors = new ArrayList<>();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        PasswordFile.read(file, errors);
        assertEquals(List.of(file + ": everybody on this machine can read or write it: chmod 600 " + file), errors);
        errors.clear();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals(Map.of(), PasswordFile.read(file, errors));
        assertEquals(List.of(), errors);
        PasswordFile.read(dir.resolve("nope"), errors);
        assertEquals(List.of(dir.resolve("nope") + ": there is no such file"), errors);
    }
}
