package io.ringmain.engine.io.tls;

import io.ringmain.engine.auth.ClientCertificate;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/**
 * How a listener speaks TLS. Immutable; a new one knows no sessions of the one before, so that a client whose certificate
 * was revoked can't come back by resuming one.
 */
public final class TlsSettings {
    /** AES-128 first: as safe for what lasts as long as a connection, and a third less work. */
    private static final List<String> DEFAULT_CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Pattern OF_1_3 = Pattern.compile("TLS_(AES|CHACHA20)_.*");
    private static final Pattern OF_1_2 = Pattern.compile("TLS_ECDHE_(ECDSA|RSA)_WITH_.*(GCM|POLY1305)_SHA.*");
    private static final int SESSION_TIMEOUT_S = 3600;
    private static final int SESSIONS = 10_000;

    private final TlsOptions options;
    private final SSLContext context;
    private final SSLParameters parameters;

    private TlsSettings(final TlsOptions options, final SSLContext context, final SSLParameters parameters) {
        this.options = options;
        this.context = context;
        this.parameters = parameters;
    }

    /**
     * @param certificates of the broker; the first is shown to whoever asks for none of the others by name.
     * @param trust whose certificates clients may show.
     * @throws GeneralSecurityException saying what is wrong.
     */
    public static TlsSettings of(
            final TlsOptions options, final List<ServerCertificate> certificates, final ClientTrust trust)
            throws GeneralSecurityException {
        if (options.clientAuth() != ClientAuth.NONE && trust.authorities().isEmpty()) {
            throw new GeneralSecurityException("no authority is given that clients' certificates may come from");
        }
        for (final ServerCertificate certificate : certificates) {
            if (certificate.algorithm().equals("EdDSA") && options.provider().resolve() == TlsProvider.CONSCRYPT) {
                throw new GeneralSecurityException("Conscrypt knows no EdDSA keys: use provider jdk, or an EC key");
            }
        }
        final SSLContext context = options.provider().newContext();
        context.init(
                new KeyManager[] {new ServerKeyManager(certificates)}, new TrustManager[] {trust.toManager()}, null);
        final SSLSessionContext sessions = context.getServerSessionContext();
        sessions.setSessionTimeout(SESSION_TIMEOUT_S);
        sessions.setSessionCacheSize(SESSIONS);
        return new TlsSettings(options, context, parameters(options, context));
    }

    private static SSLParameters parameters(final TlsOptions options, final SSLContext context)
            throws GeneralSecurityException {
        final Set<String> supported =
                Set.copyOf(Arrays.asList(context.getSupportedSSLParameters().getCipherSuites()));
        for (final String cipher : options.ciphers()) {
            if (!supported.contains(cipher)) {
                throw new GeneralSecurityException("there is no cipher suite " + cipher);
            }
            if (!isOf(OF_1_3, cipher) && !isOf(OF_1_2, cipher)) {
                throw new GeneralSecurityException(
                        cipher + " lacks forward secrecy or authenticated encryption: expected TLS_AES_..,"
                                + " TLS_CHACHA20_.., or TLS_ECDHE_.. with GCM or CHACHA20");
            }
        }
        final List<String> wanted = options.ciphers().isEmpty() ? DEFAULT_CIPHERS : options.ciphers();
        final List<String> ciphers = wanted.stream().filter(supported::contains).toList();
        final String[] versions = Stream.of(TlsOptions.TLS_1_2, TlsOptions.TLS_1_3)
                .filter(version -> version.compareTo(options.minVersion()) >= 0)
                .filter(version -> ciphers.stream()
                        .anyMatch(cipher -> isOf(version.equals(TlsOptions.TLS_1_3) ? OF_1_3 : OF_1_2, cipher)))
                .toArray(String[]::new);
        if (versions.length == 0) {
            throw new GeneralSecurityException(
                    "none of the cipher suites is of " + options.minVersion() + " or a later version");
        }
        final SSLParameters parameters = new SSLParameters(ciphers.toArray(String[]::new), versions);
        parameters.setUseCipherSuitesOrder(true);
        switch (options.clientAuth()) {
            case REQUEST -> parameters.setWantClientAuth(true);
            case REQUIRE -> parameters.setNeedClientAuth(true);
            default -> parameters.setWantClientAuth(false);
        }
        return parameters;
    }

    private static boolean isOf(final Pattern version, final String cipher) {
        return version.matcher(cipher).matches();
    }

    /**
     * The server's end of a connection.
     *
     * @param onNoApplication called when the client offers protocols by ALPN, and none of ours.
     */
    SSLEngine newEngine(final Runnable onNoApplication) {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((e, offered) -> {
            final String application = application(offered);
            if (application == null) {
                onNoApplication.run();
            }
            return application;
        });
        return engine;
    }

    private String application(final List<String> offered) {
        return options.applications().stream()
                .filter(offered::contains)
                .findFirst()
                .orElse(null);
    }

    /**
     * The certificate that a client has shown, null if it has shown none.
     *
     * @throws SSLException if it can't be taken: it has no name, or a session was resumed for longer than it is valid.
     */
    ClientCertificate clientCertificate(final SSLSession session) throws SSLException {
        if (options.clientAuth() == ClientAuth.NONE) {
            return null;
        }
        final X509Certificate certificate;
        try {
            certificate = (X509Certificate) session.getPeerCertificates()[0];
        } catch (final SSLPeerUnverifiedException ex) {
            if (options.clientAuth() == ClientAuth.REQUIRE) {
                throw ex;
            }
            return null;
        }
        try {
            certificate.checkValidity();
        } catch (final CertificateException ex) {
            throw new SSLException("the client's certificate: " + ex.getMessage(), ex);
        }
        final String name = options.identity().nameIn(certificate);
        if (name == null) {
            throw new SSLException("the client's certificate has no usable name ("
                    + options.identity().name().toLowerCase(Locale.ROOT).replace('_', '-') + "): "
                    + certificate.getSubjectX500Principal().getName());
        }
        return new ClientCertificate(name, certificate);
    }
}
