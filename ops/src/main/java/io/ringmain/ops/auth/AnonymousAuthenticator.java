package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets in who doesn't say who it is.
 *
 * @param everywhere not only clients on this machine.
 * @param alone no listener asks anybody else: a user name is taken as it is given then, since nobody could check it.
 */
record AnonymousAuthenticator(boolean everywhere, boolean alone) implements Authenticator {
    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        final boolean isHere = everywhere || credentials.address() == null;
        final boolean saysWho = credentials.username() != null || credentials.password() != null;
        return CompletableFuture.completedFuture(
                isHere && (alone || !saysWho) ? AuthVerdict.accept(credentials.username()) : AuthVerdict.pass());
    }
}
