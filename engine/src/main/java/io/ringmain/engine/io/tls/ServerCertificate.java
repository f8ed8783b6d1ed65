package io.ringmain.engine.io.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/**
 * What the broker shows of itself.
 *
 * @param names of hosts that it is for, {@code *.} at the beginning stands for one label; not looked at for the first
 *     certificate of a listener, which is shown to whoever asks for none of the others.
 * @param chain its own first.
 * @param key that belongs to it.
 */
public record ServerCertificate(List<String> names, List<X509Certificate> chain, PrivateKey key) {
    public ServerCertificate {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        chain = List.copyOf(chain);
    }

    boolean isFor(final String host) {
        final String name = host.toLowerCase(Locale.ROOT);
        final int dot = name.indexOf('.');
        return names.contains(name) || dot > 0 && names.contains("*" + name.substring(dot));
    }

    X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
    }

    /** What it was made with: {@code RSA}, {@code EC}, {@code EdDSA}. */
    String algorithm() {
        return chain.get(0).getPublicKey().getAlgorithm();
    }
}
