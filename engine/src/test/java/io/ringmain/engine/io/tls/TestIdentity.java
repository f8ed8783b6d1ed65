package io.ringmain.engine.io.tls;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

/** A certificate that the JDK's keytool makes, and clients that trust it. */
public final class TestIdentity {
    private static final char[] PASSWORD = "changeit".toCharArray();
    public static final TestIdentity INSTANCE = new TestIdentity();

    final ServerCertificate certificate;
    private final SSLContext clients;

    private TestIdentity() {
        // New keys every 128 KiB instead of every 128 GiB, so that what is sent in a test needs some.
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^17");
        try {
            final Path dir = Files.createTempDirectory("tls");
            final Path file = dir.resolve("server.p12");
            final Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost",
                            "-alias",
                            "a",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new AssertionError("keytool failed");
            }
            final KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            final X509Certificate own = (X509Certificate) store.getCertificate("a");
            certificate = new ServerCertificate(List.of(), List.of(own), (PrivateKey) store.getKey("a", PASSWORD));
            final KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("a", own);
            final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            clients = SSLContext.getInstance("TLS", "SunJSSE");
            clients.init(null, trust.getTrustManagers(), null);
            Files.delete(file);
            Files.delete(dir);
        } catch (final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    public TlsSettings settings(final TlsProvider provider) {
        try {
            return TlsSettings.of(TlsOptions.of(provider), List.of(certificate), ClientTrust.NOBODY);
        } catch (final Exception ex) {
            throw new AssertionError(ex);
        }
    }

    SSLEngine client(final String version) {
        final SSLEngine engine = clients.createSSLEngine("localhost", 8883);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        return engine;
    }
}
