package io.ringmain.ops.tls;

import io.ringmain.engine.io.tls.TlsOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * TLS of one listener, as it is configured.
 *
 * @param options what isn't in files.
 * @param certificate shown to whoever asks for no other by name.
 * @param others by the name of their section.
 * @param clientCa authorities of clients' certificates; null if there are none.
 * @param crl revocation lists; null if there are none.
 */
public record ListenerTls(
        TlsOptions options, CertificateFiles certificate, List<CertificateFiles> others, Path clientCa, Path crl) {
    public ListenerTls {
        others = List.copyOf(others);
    }

    /**
     * Where a certificate and its key are.
     *
     * @param section of the configuration, with a dot behind it if it is one of many: {@code sni.NAME.}; else empty.
     * @param names of hosts; empty for those in the certificate.
     * @param cert the chain as PEM, or both as PKCS#12.
     * @param key the key as PEM; null if it is with the certificate.
     * @param password of the key or of the PKCS#12 file; null if there is none.
     */
    public record CertificateFiles(String section, List<String> names, Path cert, Path key, char[] password) {
        public CertificateFiles {
            names = List.copyOf(names);
        }
    }

    /** All files that it is read from. */
    public List<Path> files() {
        return Stream.concat(
                        Stream.of(clientCa, crl),
                        Stream.concat(Stream.of(certificate), others.stream())
                                .flatMap(files -> Stream.of(files.cert(), files.key())))
                .filter(Objects::nonNull)
                .toList();
    }
}
