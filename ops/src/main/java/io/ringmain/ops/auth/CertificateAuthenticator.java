package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.protocol.ReasonCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes who has proved to own a certificate for whom it names, and asks for no password.
 *
 * @param isClientId whether the name must be the client's id as well.
 */
record CertificateAuthenticator(boolean isClientId) implements Authenticator {
    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        return CompletableFuture.completedFuture(verdict(credentials));
    }

    private AuthVerdict verdict(final Credentials credentials) {
        if (credentials.certificate() == null) {
            return AuthVerdict.pass();
        }
        final String name = credentials.certificate().name();
        if (name == null || name.isEmpty()) {
            return AuthVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "its certificate has no name");
        }
        return isClientId && !name.equals(credentials.clientId())
                ? AuthVerdict.refuse(
                        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "its certificate is of '" + Printable.of(name) + "'")
                : AuthVerdict.accept(name);
    }
}
