package io.ringmain.engine.io.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows each client the certificate of the host that it asked for. An alias is an index in the list. */
final class ServerKeyManager extends X509ExtendedKeyManager {
    private static final String[] NO_ALIASES = {};

    private final List<ServerCertificate> certificates;

    ServerKeyManager(final List<ServerCertificate> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    @Override
    public String chooseEngineServerAlias(final String keyType, final Principal[] issuers, final SSLEngine engine) {
        final int index = indexFor(host(engine.getHandshakeSession()));
        return fits(keyType, certificates.get(index).algorithm()) ? String.valueOf(index) : null;
    }

    private int indexFor(final String host) {
        for (int i = 1; host != null && i < certificates.size(); i++) {
            if (certificates.get(i).isFor(host)) {
                return i;
            }
        }
        return 0;
    }

    private static String host(final SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (final SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    /** Providers name the kind of a key in ways of their own: {@code EC}, {@code EC_EC}, {@code RSASSA-PSS}. */
    private static boolean fits(final String keyType, final String algorithm) {
        return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_");
    }

    @Override
    public X509Certificate[] getCertificateChain(final String alias) {
        return certificates.get(Integer.parseInt(alias)).chainArray();
    }

    @Override
    public PrivateKey getPrivateKey(final String alias) {
        return certificates.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String[] getServerAliases(final String keyType, final Principal[] issuers) {
        return NO_ALIASES;
    }

    @Override
    public String chooseServerAlias(final String keyType, final Principal[] issuers, final Socket socket) {
        return null;
    }

    @Override
    public String[] getClientAliases(final String keyType, final Principal[] issuers) {
        return NO_ALIASES;
    }

    @Override
    public String chooseClientAlias(final String[] keyType, final Principal[] issuers, final Socket socket) {
        return null;
    }
}
