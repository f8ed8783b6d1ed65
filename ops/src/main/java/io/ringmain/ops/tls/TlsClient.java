package io.ringmain.ops.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The client's side of TLS, for the tools, with the JDK's own. */
public final class TlsClient {
    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;
    private final SSLParameters parameters = new SSLParameters();

    /**
     * @param caFile authorities of the broker's certificate as PEM; null for those of the system.
     * @param certFile certificate of the client as PEM, with its chain; null for none.
     * @param keyFile its key; null if it is in the same file.
     * @param insecure takes a certificate of another host as well.
     * @param version {@code TLSv1.2} or {@code TLSv1.3}; null for either.
     * @param application to be agreed on by ALPN; null for none.
     * @throws TlsFileException if a file can't be used.
     */
    public TlsClient(
            final Path caFile,
            final Path certFile,
            final Path keyFile,
            final boolean insecure,
            final String version,
            final String application)
            throws TlsFileException {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(keys(certFile, keyFile), trust(caFile), null);
        } catch (final GeneralSecurityException | IOException ex) {
            throw new TlsFileException("", ex.getMessage());
        }
        if (!insecure) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (version != null) {
            parameters.setProtocols(new String[] {version});
        }
        if (application != null) {
            parameters.setApplicationProtocols(new String[] {application});
        }
    }

    private static TrustManager[] trust(final Path caFile)
            throws TlsFileException, GeneralSecurityException, IOException {
        if (caFile == null) {
            return null;
        }
        final KeyStore store = newStore();
        final List<X509Certificate> authorities =
                new PemFile("--cafile", caFile.toString(), read(caFile)).certificates();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(final Path certFile, final Path keyFile)
            throws TlsFileException, GeneralSecurityException, IOException {
        if (certFile == null) {
            return null;
        }
        final List<X509Certificate> chain = new PemFile("--cert", certFile.toString(), read(certFile)).certificates();
        final Path file = keyFile == null ? certFile : keyFile;
        final PrivateKey key = PrivateKeys.of(
                new PemFile("--key", file.toString(), read(file)).privateKey(),
                chain.get(0).getPublicKey(),
                null);
        final KeyStore store = newStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        final KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore newStore() throws GeneralSecurityException, IOException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static byte[] read(final Path file) throws TlsFileException {
        try {
            return Files.readAllBytes(file);
        } catch (final IOException ex) {
            throw new TlsFileException("", file + ": can't be read: " + ex);
        }
    }

    /** TLS over a socket that is connected; the hand-shake is done when this returns. Closes it if that fails. */
    public Socket over(final Socket plain, final String host, final int port) throws IOException {
        try {
            final SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (final IOException ex) {
            plain.close();
            throw ex;
        }
    }
}
