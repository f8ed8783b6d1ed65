package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Authenticators one after the other: the first that answers decides. If none does, or one fails, the client is refused;
 * a failure doesn't go on to the next, or who can make one fail could choose another.
 */
final class AuthenticatorChain implements Authenticator {
    /**
     * @param method as in the configuration.
     * @param authenticator that is asked.
     */
    record Link(String method, Authenticator authenticator) {}

    private final List<Link> links;
    private final Counters counters;

    AuthenticatorChain(final List<Link> links, final Counters counters) {
        this.links = List.copyOf(links);
        this.counters = counters;
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        return ask(credentials, 0);
    }

    private CompletableFuture<AuthVerdict> ask(final Credentials credentials, final int from) {
        for (int i = from; i < links.size(); i++) {
            final CompletableFuture<AuthVerdict> answer = answer(links.get(i), credentials);
            if (!answer.isDone()) {
                final int next = i + 1;
                return answer.thenCompose(verdict -> hasPassed(verdict) ? ask(credentials, next) : answer);
            }
            if (!hasPassed(answer.join())) {
                return answer;
            }
        }
        return CompletableFuture.completedFuture(nobody(credentials));
    }

    private static boolean hasPassed(final AuthVerdict verdict) {
        return verdict.kind() == AuthVerdict.Kind.PASSED;
    }

    /** Never fails. */
    private CompletableFuture<AuthVerdict> answer(final Link link, final Credentials credentials) {
        try {
            return link.authenticator()
                    .authenticate(credentials)
                    .toCompletableFuture()
                    .handle((verdict, failure) -> verdict != null ? verdict : failed(link, failure));
        } catch (final RuntimeException ex) {
            return CompletableFuture.completedFuture(failed(link, ex));
        }
    }

    /** The message of the failure isn't told: nobody knows what is in it. */
    private AuthVerdict failed(final Link link, final Throwable failure) {
        counters.increment(CounterId.AUTH_FAILED);
        final Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return AuthVerdict.refuse(
                ReasonCode.SERVER_UNAVAILABLE,
                link.method() + " failed: "
                        + Objects.requireNonNullElse(cause, "no verdict")
                                .getClass()
                                .getName());
    }

    /** An unknown user is told the same as one with a wrong password. */
    private static AuthVerdict nobody(final Credentials credentials) {
        return credentials.username() == null && credentials.password() == null
                ? AuthVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "it doesn't say who it is")
                : AuthVerdict.refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "nobody knows this user");
    }
}
