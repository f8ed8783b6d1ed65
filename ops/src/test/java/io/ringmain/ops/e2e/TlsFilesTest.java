package io.ringmain.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.config.Config;
import io.ringmain.ops.config.ConfigException;
import io.ringmain.ops.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys as the usual tools write them, and what is said of those that can't be used. */
class TlsFilesTest {
    @TempDir
    private Path dir;

    private TestCertificates certificates;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = new TestCertificates(dir);
        certificates.server("server", "localhost");
    }

    private Config load(final String tls) throws ConfigException, IOException {
        final Path file = Files.writeString(
                dir.resolve("ringmain.yaml"),
                "listeners: { t: { bind: '127.0.0.1:0', tls: {" + tls.replace("$DIR", dir.toString()) + "} } }\n");
        return new ConfigLoader().file(file).load();
    }

    private String error(final String tls) {
        return assertThrows(ConfigException.class, () -> load(tls)).getMessage().replace(dir + "/", "");
    }

    private void openssl(final String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "needs openssl");
        final String[] command = new String[arguments.length + 1];
        command[0] = "openssl";
        for (int i = 0; i < arguments.length; i++) {
            command[i + 1] = arguments[i].replace("$DIR", dir.toString());
        }
        Shell.output(command);
    }

    private void hide(final String file) throws Exception {
        Files.setPosixFilePermissions(dir.resolve(file), PosixFilePermissions.fromString("rw-r-----"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PKCS12", "RSA PRIVATE KEY", "ED25519"})
    void shouldTakeKeysAsToolsWriteThem(final String kind) throws Exception {
        String tls = "cert: $DIR/server.pem, key: $DIR/k";
        switch (kind) {
            case "EC PRIVATE KEY" -> openssl("pkey", "-traditional", "-in", "$DIR/server.key", "-out", "$DIR/k");
            case "ENCRYPTED PRIVATE KEY" -> {
                openssl("pkcs8", "-topk8", "-in", "$DIR/server.key", "-out", "$DIR/k", "-passout", "pass:hunter22");
                tls += ", key_password: hunter22";
            }
            case "PKCS12" -> {
                openssl(
                        "pkcs12",
                        "-export",
                        "-in",
                        "$DIR/server.pem",
                        "-inkey",
                        "$DIR/server.key",
                        "-out",
                        "$DIR/k",
                        "-passout",
                        "pass:hunter22");
                tls = "cert: $DIR/k, key_password: hunter22";
            }
            case "RSA PRIVATE KEY" -> {
                openssl(
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-keyout",
                        "$DIR/r",
                        "-out",
                        "$DIR/c",
                        "-subj",
                        "/CN=localhost");
                openssl("rsa", "-traditional", "-in", "$DIR/r", "-out", "$DIR/k");
                tls = "cert: $DIR/c, key: $DIR/k";
            }
            default -> {
                openssl(
                        "req",
                        "-x509",
                        "-newkey",
                        "ed25519",
                        "-nodes",
                        "-keyout",
                        "$DIR/k",
                        "-out",
                        "$DIR/c",
                        "-subj",
                        "/CN=localhost");
                tls = "cert: $DIR/c, key: $DIR/k, provider: jdk";
            }
        }
        hide("k");
        if (kind.endsWith(" KEY")) {
            assertTrue(Files.readString(dir.resolve("k")).contains("BEGIN " + kind), "what openssl wrote");
        }
        final Config config = load(tls);
        assertEquals(List.of(), config.warnings());
        assertTrue(config.lines(true, true).stream().noneMatch(line -> line.contains("hunter22")), "shows a password");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key: $DIR/server.key | listeners.t.tls.cert: is missing",
                "cert: $DIR/none.pem | listeners.t.tls.cert: none.pem: there is no such file",
                "cert: $DIR/server.key, key: $DIR/server.key | listeners.t.tls.cert: server.key: there is no certificate in it",
                "cert: $DIR/server.pem | listeners.t.tls.key: server.pem: there is no private key in it",
                "cert: $DIR/server.pem, key: $DIR/other.key | listeners.t.tls.key: other.key: the key is not that of the certificate in server.pem (CN=localhost)",
                "cert: $DIR/server.pem, key: $DIR/seen.key | listeners.t.tls.key: seen.key: everybody on this machine can read the private key",
                "cert: $DIR/server.pem, key: $DIR/text | listeners.t.tls.key: text: neither PEM nor PKCS#12",
                "cert: $DIR/server.pem, key: $DIR/server.key, client_auth: require | listeners.t.tls.client_auth: needs client_ca",
                "cert: $DIR/server.pem, key: $DIR/server.key, client_ca: $DIR/ca.pem | listeners.t.tls.client_auth: with client_ca or crl it must be request or require",
                "cert: $DIR/server.pem, key: $DIR/server.key, client_auth: require, client_ca: $DIR/ca.pem, crl: $DIR/ca.pem | listeners.t.tls.crl: ca.pem: there is no revocation list",
                "cert: $DIR/server.pem, key: $DIR/server.key, ciphers: TLS_NOPE | there is no cipher suite TLS_NOPE",
                "cert: $DIR/server.pem, key: $DIR/server.key, ciphers: TLS_RSA_WITH_AES_128_GCM_SHA256, provider: jdk | lacks forward secrecy",
                "cert: $DIR/server.pem, key: $DIR/server.key, min_version: TLSv1.1 | listeners.t.tls.min_version: 'TLSv1.1', expected TLSv1.2 or TLSv1.3",
                "cert: $DIR/server.pem, key: $DIR/server.key, sni: { x: { key: $DIR/server.key } } | listeners.t.tls.sni.x.cert: is missing",
            })
    void shouldSayWhichFileIsWrongAndWhy(final String tls, final String expected) throws Exception {
        certificates.server("other", "localhost");
        certificates.server("seen", "localhost");
        Files.copy(dir.resolve("server.key"), dir.resolve("seen.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(dir.resolve("seen.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(dir.resolve("text"), "hello");
        hide("text");
        final String error = error(tls);
        assertTrue(error.startsWith("ringmain.yaml:1:") && error.contains(expected), error);
    }

    @Test
    void shouldWarnOfACertificateThatHasExpired() throws Exception {
        certificates.issue("old", "CN=old", Instant.now().minusSeconds(60));
        final Config config = load("cert: $DIR/old.pem, key: $DIR/old.key");
        assertEquals(1, config.warnings().size());
        assertTrue(config.warnings().get(0).contains("old.pem: the certificate of CN=old has expired on"));
    }

    @Test
    void shouldKeepAllListenersAsTheyAreUntilAllFilesCanBeUsedAndSaySoOnce() throws Exception {
        final Config config = load("cert: $DIR/server.pem, key: $DIR/server.key");
        final Counters counters = config.toContext().counters();
        final List<String> log = new ArrayList<>();
        assertFalse(config.tls().reloadChanged(log::add), "nothing has changed");
        final String whole = Files.readString(dir.resolve("server.pem"));
        Files.writeString(dir.resolve("server.pem"), whole.substring(0, 200));
        assertFalse(config.tls().reloadChanged(log::add));
        assertFalse(config.tls().reloadChanged(log::add));
        assertEquals(1, log.size(), log.toString());
        assertTrue(log.get(0).contains("server.pem: the last block has no end"), log.get(0));
        assertEquals(1, counters.get(CounterId.TLS_RELOADS_FAILED));
        certificates.server("server", "localhost");
        assertTrue(config.tls().reloadChanged(log::add));
        assertFalse(config.tls().reloadChanged(log::add));
        assertEquals(1, counters.get(CounterId.TLS_RELOADS));
    }

    @Test
    void shouldLetAPublicListenerAskForCertificatesAlone() throws Exception {
        final String open = "listeners: { t: { bind: '0.0.0.0:1', tls: { cert: $DIR/server.pem, key: $DIR/server.key";
        final Path file = dir.resolve("public.yaml");
        Files.writeString(file, open.replace("$DIR", dir.toString()) + " } } }");
        assertTrue(assertThrows(
                        ConfigException.class,
                        () -> new ConfigLoader().file(file).load())
                .getMessage()
                .contains("can be reached from other machines"));
        Files.writeString(
                file, (open + ", client_auth: require, client_ca: $DIR/ca.pem } } }").replace("$DIR", dir.toString()));
        final ConfigLoader loader = new ConfigLoader().file(file);
        final List<String> warnings = loader.load().warnings();
        assertEquals(1, warnings.size());
        assertTrue(
                warnings.get(0).contains("listeners.t.tls.client_auth: clients show certificates, and nobody asks"),
                warnings.get(0));
        assertEquals(List.of(), loader.set("auth.certificate=username").load().warnings(), "their names are asked for");
    }
}
