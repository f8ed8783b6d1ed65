package io.ringmain.perf.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate that vouches for itself, and its key, as files that brokers of every kind read: so all that are compared
 * have the same. For nothing but measurements. The files go with {@link #close}.
 */
public final class TlsFiles implements AutoCloseable {
    /** Of the key stores that {@link #newKeyStore} makes. */
    public static final String ALIAS = "bench";

    private static final String PASSWORD = "changeit";
    private static final int LINE_LENGTH = 64;

    private final Path directory;

    private TlsFiles(final Path directory) {
        this.directory = directory;
    }

    /** Makes both: an EC key of P-256. */
    public static TlsFiles create() throws IOException {
        final TlsFiles files = new TlsFiles(Files.createTempDirectory("ringmain-bench-tls"));
        try {
            final KeyStore store = newKeyStore();
            files.write(
                    files.certificate(),
                    "CERTIFICATE",
                    store.getCertificate(ALIAS).getEncoded());
            files.write(
                    files.key(), "PRIVATE KEY", store.getKey(ALIAS, password()).getEncoded());
            return files;
        } catch (final GeneralSecurityException ex) {
            files.close();
            throw new IOException(ex);
        } catch (final IOException ex) {
            files.close();
            throw ex;
        }
    }

    private void write(final Path file, final String what, final byte[] content) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        final Base64.Encoder encoder = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'});
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + encoder.encodeToString(content) + "\n-----END " + what + "-----\n");
    }

    /** PEM, for everybody to see. */
    public Path certificate() {
        return directory.resolve("certificate.pem");
    }

    /** PEM, for the owner alone. */
    public Path key() {
        return directory.resolve("key.pem");
    }

    /** A new key with its certificate, under {@link #ALIAS}. */
    public static KeyStore newKeyStore() throws IOException {
        final Path directory = Files.createTempDirectory("ringmain-bench-keys");
        final Path file = directory.resolve("bench.p12");
        try {
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
                            "-alias",
                            ALIAS,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            PASSWORD)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (keytool.onExit().join().exitValue() != 0) {
                throw new IOException("keytool has made no certificate");
            }
            final KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password());
            }
            return store;
        } catch (final GeneralSecurityException ex) {
            throw new IOException(ex);
        } finally {
            BrokerOptions.delete(directory);
        }
    }

    /** Of the key stores, and of the keys in them. */
    public static char[] password() {
        return PASSWORD.toCharArray();
    }

    @Override
    public void close() throws IOException {
        BrokerOptions.delete(directory);
    }
}
