package io.ringmain.perf.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MosquittoProcessTest {
    private static final byte[] CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'x'};

    @Test
    void shouldLetAnybodyInAndBeGoneAfterwards() throws IOException {
        Assumptions.assumeTrue(MosquittoProcess.isInstalled(), "mosquitto is not installed");
        final int port;
        try (MosquittoProcess mosquitto = MosquittoProcess.start(null)) {
            port = mosquitto.port();
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(CONNECT);
                assertArrayEquals(
                        new byte[] {0x20, 2, 0, 0}, socket.getInputStream().readNBytes(4));
            }
        }
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.1", port).close());
    }

    @Test
    void shouldSpeakTlsBesideWithTheCertificateOfTheBench() throws Exception {
        Assumptions.assumeTrue(MosquittoProcess.isInstalled(), "mosquitto is not installed");
        try (TlsFiles tls = TlsFiles.create();
                MosquittoProcess mosquitto = MosquittoProcess.start(tls);
                Socket socket = trusting(tls).getSocketFactory().createSocket("127.0.0.1", mosquitto.tlsPort())) {
            socket.getOutputStream().write(CONNECT);
            assertArrayEquals(
                    new byte[] {0x20, 2, 0, 0}, socket.getInputStream().readNBytes(4));
            new Socket("127.0.0.1", mosquitto.port()).close();
        }
    }

    /** Trusts the certificate in these files and no other. */
    private static SSLContext trusting(final TlsFiles tls) throws Exception {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(tls.certificate())) {
            store.setCertificateEntry(
                    "bench", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        final TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
