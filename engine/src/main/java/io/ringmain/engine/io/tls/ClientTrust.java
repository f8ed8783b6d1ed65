package io.ringmain.engine.io.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Whose certificates clients may show. Checked by the JDK whoever does the rest of TLS, so that both providers let in the
 * same clients.
 *
 * @param authorities that clients' certificates must come from.
 * @param revocations lists of certificates that are taken back; if there are any, each certificate of a chain must be on
 *     the list of its authority as good: no list, or one that is out of date, lets nobody in.
 */
public record ClientTrust(List<X509Certificate> authorities, List<X509CRL> revocations) {
    public static final ClientTrust NOBODY = new ClientTrust(List.of(), List.of());

    public ClientTrust {
        authorities = List.copyOf(authorities);
        revocations = List.copyOf(revocations);
    }

    TrustManager toManager() throws GeneralSecurityException {
        if (authorities.isEmpty()) {
            return new Checked(null);
        }
        final Set<TrustAnchor> anchors = authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        final PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(!revocations.isEmpty());
        if (!revocations.isEmpty()) {
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
            final PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        final TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return new Checked((X509TrustManager) factory.getTrustManagers()[0]);
    }

    /** What the JDK's asks of an engine that isn't its own is not asked: nothing of that is about clients. */
    private static final class Checked extends X509ExtendedTrustManager {
        private static final X509Certificate[] NONE = {};

        private final X509TrustManager manager;

        Checked(final X509TrustManager manager) {
            this.manager = manager;
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType)
                throws CertificateException {
            if (manager == null) {
                throw new CertificateException("no certificates are taken here");
            }
            manager.checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType)
                throws CertificateException {
            throw new CertificateException("the broker is no client");
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType, final SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String authType, final Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return manager == null ? NONE : manager.getAcceptedIssuers();
        }
    }
}
