package io.ringmain.ops.auth;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Which servers are believed that help to find out who a client is. */
final class TrustedServers {
    private TrustedServers() {}

    /**
     * What checks their certificates.
     *
     * @param authorities PEM file with certificates; null for those of the JDK.
     * @throws IOException if the file can't be read.
     * @throws GeneralSecurityException if there is no certificate in it.
     */
    static SSLContext tls(final Path authorities) throws IOException, GeneralSecurityException {
        final KeyStore store = authorities == null ? null : KeyStore.getInstance(KeyStore.getDefaultType());
        if (store != null) {
            store.load(null, null);
            try (InputStream in = Files.newInputStream(authorities)) {
                int count = 0;
                for (final Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("ca" + count++, certificate);
                }
                if (count == 0) {
                    throw new GeneralSecurityException("no certificate in it");
                }
            }
        }
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Whether what is said to a host stays on this machine. */
    static boolean isLocal(final String host) {
        try {
            return host != null
                    && InetAddress.getByName(host.replace("[", "").replace("]", ""))
                            .isLoopbackAddress();
        } catch (final UnknownHostException ex) {
            return false;
        }
    }
}
