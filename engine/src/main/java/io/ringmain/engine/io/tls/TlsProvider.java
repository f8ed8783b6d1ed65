package io.ringmain.engine.io.tls;

import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.net.ssl.SSLContext;
import org.conscrypt.Conscrypt;

/** Whose implementation of TLS is used. */
public enum TlsProvider {
    /** Conscrypt where it loads, else the JDK's. */
    AUTO,
    JDK,
    CONSCRYPT;

    /** Loaded when it is first asked for: it unpacks a native library. */
    private static final class Loaded {
        static final Provider CONSCRYPT_PROVIDER;
        static final String WHY_NOT;

        static {
            Provider provider = null;
            String why = "";
            try {
                Conscrypt.checkAvailability();
                provider = Conscrypt.newProviderBuilder()
                        .provideTrustManager(false)
                        .build();
            } catch (final LinkageError | RuntimeException ex) {
                why = String.valueOf(ex.getMessage());
            }
            CONSCRYPT_PROVIDER = provider;
            WHY_NOT = why;
        }
    }

    /** Whether Conscrypt has a library for this machine. */
    public static boolean hasConscrypt() {
        return Loaded.CONSCRYPT_PROVIDER != null;
    }

    /** AUTO made up its mind. */
    public TlsProvider resolve() {
        return this == AUTO ? hasConscrypt() ? CONSCRYPT : JDK : this;
    }

    /**
     * A context that knows nothing yet.
     *
     * @throws GeneralSecurityException if there is none, saying why.
     */
    public SSLContext newContext() throws GeneralSecurityException {
        if (resolve() == JDK) {
            return SSLContext.getInstance("TLS", "SunJSSE");
        }
        if (!hasConscrypt()) {
            throw new GeneralSecurityException("Conscrypt doesn't load here: " + Loaded.WHY_NOT);
        }
        return SSLContext.getInstance("TLS", Loaded.CONSCRYPT_PROVIDER);
    }
}
