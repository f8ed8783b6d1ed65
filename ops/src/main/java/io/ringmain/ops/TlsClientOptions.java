package io.ringmain.ops;

import io.ringmain.ops.tls.TlsClient;
import io.ringmain.ops.tls.TlsFileException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** TLS for {@code pub} and {@code sub}: any of these options switches it on. */
final class TlsClientOptions {
    @Option(
            names = "--cafile",
            paramLabel = "FILE",
            description = "Authorities of the broker's certificate, PEM; else those of the system.")
    private Path caFile;

    @Option(names = "--cert", paramLabel = "FILE", description = "Certificate of the client, PEM.")
    private Path cert;

    @Option(names = "--key", paramLabel = "FILE", description = "Its key, PEM.")
    private Path key;

    @Option(names = "--insecure", description = "Take the certificate of another host as well: for tests only.")
    private boolean insecure;

    @Option(names = "--tls-version", paramLabel = "VERSION", description = "tlsv1.2 or tlsv1.3; else either.")
    private String version;

    @Option(names = "--tls-alpn", paramLabel = "PROTOCOL", description = "Application protocol to agree on.")
    private String application;

    boolean isGiven() {
        return caFile != null || cert != null || key != null || insecure || version != null || application != null;
    }

    void validate() {
        if (version != null && protocol() == null) {
            throw new IllegalArgumentException("--tls-version " + version + ": expected tlsv1.2 or tlsv1.3");
        }
        if (key != null && cert == null) {
            throw new IllegalArgumentException("--key: needs --cert, the certificate that it belongs to");
        }
    }

    private String protocol() {
        return switch (version == null ? "" : version) {
            case "tlsv1.2" -> "TLSv1.2";
            case "tlsv1.3" -> "TLSv1.3";
            default -> null;
        };
    }

    /** Null without TLS. */
    TlsClient client() throws TlsFileException {
        return isGiven() ? new TlsClient(caFile, cert, key, insecure, protocol(), application) : null;
    }
}
