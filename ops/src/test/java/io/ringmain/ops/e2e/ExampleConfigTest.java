package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.ringmain.ops.CommandRun;
import io.ringmain.ops.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration in ops/conf that has every section, with the files that it names. */
@Timeout(120)
class ExampleConfigTest {
    private static final Path EXAMPLE = Path.of("conf/ringmain.example.yaml");

    @TempDir
    private Path dir;

    private Path config;

    @BeforeEach
    void makeWhatItNames() throws Exception {
        config = Files.writeString(
                dir.resolve("ringmain.yaml"), Files.readString(EXAMPLE).replace("/etc/ringmain", dir.toString()));
        final TestCertificates certificates = new TestCertificates(dir);
        certificates.server("server", "broker.example.com");
        certificates.server("plant-b", "plant-b.example.com");
        certificates.revoke();
        Files.move(dir.resolve("crl.pem"), dir.resolve("devices.crl"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(dir.resolve("ca.pem"), dir.resolve("devices-ca.pem"));
        final CommandRun passwd =
                CommandRun.of("passwd", "-b", "-c", dir.resolve("passwords").toString(), "anna", "secret");
        assertEquals(0, passwd.exitCode(), passwd.err());
        secret("acl", "user anna\ntopic readwrite plant/#\n");
        secret("bans", "192.0.2.7\n");
        secret(
                "jwks.json",
                new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("k").generate())
                        .toPublicJWKSet()
                        .toString());
        Files.createDirectory(dir.resolve("secrets"));
        secret("secrets/ldap", "secret\n");
        secret("secrets/http", "Bearer secret\n");
        ExamplePlugin.build(dir.resolve("classes"), dir.resolve("plugins"));
    }

    private void secret(final String name, final String text) throws IOException {
        final Path file = Files.createFile(
                dir.resolve(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    @Test
    void shouldBeFine() {
        final CommandRun run = CommandRun.of("config", "check", "-c", config.toString());
        assertEquals("", run.err());
        assertEquals("configuration ok", run.out().strip());
        assertEquals(ExitCode.OK, run.exitCode());
    }

    @Test
    void shouldBeShownWithoutSecrets() {
        final CommandRun run = CommandRun.of("config", "show", "--effective", "-c", config.toString());
        assertEquals(ExitCode.OK, run.exitCode(), run.err());
        assertTrue(run.out().contains("auth.ldap.bind_password: ${file:" + dir + "/secrets/ldap}"), run.out());
        assertTrue(run.out().contains("auth.plugins.working-hours.from: (secret)"), run.out());
        assertFalse(run.out().contains("Bearer"), run.out());
    }

    /** Each of the files that it names is read. */
    @Test
    void shouldNameEachFileThatIsMissing() throws IOException {
        for (final String name : new String[] {
            "server.pem",
            "plant-b.key",
            "devices-ca.pem",
            "devices.crl",
            "passwords",
            "acl",
            "bans",
            "jwks.json",
            "ca.pem",
            "secrets/ldap"
        }) {
            final Path file = dir.resolve(name);
            final Path aside = Files.move(file, dir.resolve("aside"));
            final CommandRun run = CommandRun.of("config", "check", "-c", config.toString());
            assertEquals(ExitCode.CONFIGURATION, run.exitCode(), name);
            assertTrue(run.err().contains(config + ":"), name + ": " + run.err());
            assertTrue(run.err().contains(file + ": there is no such file"), name + ": " + run.err());
            Files.move(aside, file);
        }
    }
}
