package io.ringmain.engine.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a client may connect, and as whom.
 *
 * <p>Called by any I/O agent, on its thread, once for each CONNECT: what takes more than some microseconds has to be
 * done elsewhere, and the verdict completed from there. Until then the client waits, and nobody else does. An exception,
 * thrown or completed with, keeps the client out.
 */
@FunctionalInterface
public interface Authenticator {
    /** Lets everybody in under the name that it gives. */
    Authenticator ANONYMOUS =
            credentials -> CompletableFuture.completedFuture(AuthVerdict.accept(credentials.username()));

    /**
     * @param credentials of the client; not to be kept longer than until the verdict is there.
     * @return completed once, by any thread; never null, nor with null.
     */
    CompletionStage<AuthVerdict> authenticate(Credentials credentials);
}
