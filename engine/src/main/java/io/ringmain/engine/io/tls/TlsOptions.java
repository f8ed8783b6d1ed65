package io.ringmain.engine.io.tls;

import java.util.List;

/**
 * What of a listener's TLS isn't in files.
 *
 * @param provider whose implementation.
 * @param minVersion {@code TLSv1.2} or {@code TLSv1.3}.
 * @param ciphers names of cipher suites, best first; empty for the default ones.
 * @param clientAuth whether clients show a certificate.
 * @param identity what of it is their name.
 * @param applications protocols that ALPN may agree on; who offers only others is refused.
 */
public record TlsOptions(
        TlsProvider provider,
        String minVersion,
        List<String> ciphers,
        ClientAuth clientAuth,
        CertificateIdentity identity,
        List<String> applications) {
    public static final String TLS_1_2 = "TLSv1.2";
    public static final String TLS_1_3 = "TLSv1.3";

    public TlsOptions {
        ciphers = List.copyOf(ciphers);
        applications = List.copyOf(applications);
    }

    /** TLS 1.2 and 1.3 for MQTT, no client certificates. */
    public static TlsOptions of(final TlsProvider provider) {
        return new TlsOptions(provider, TLS_1_2, List.of(), ClientAuth.NONE, CertificateIdentity.CN, List.of("mqtt"));
    }

    public TlsOptions clientAuth(final ClientAuth auth, final CertificateIdentity name) {
        return new TlsOptions(provider, minVersion, ciphers, auth, name, applications);
    }
}
