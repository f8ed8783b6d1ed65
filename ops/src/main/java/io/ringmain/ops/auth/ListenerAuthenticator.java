package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Asks the chain of the client's listener, between what holds for all of them: addresses that are locked out, rules for
 * client ids and names, the delay of a refusal, the counters. Forgets the password when there is a verdict.
 */
final class ListenerAuthenticator implements Authenticator {
    private final Map<String, AuthenticatorChain> chains;
    private final GuessingGuard guard;
    private final AccessRules rules;
    private final ScheduledExecutorService timer;
    private final Counters counters;

    /**
     * @param chains by listener.
     * @param timer of the verdicts that are held back.
     */
    ListenerAuthenticator(
            final Map<String, AuthenticatorChain> chains,
            final GuessingGuard guard,
            final AccessRules rules,
            final ScheduledExecutorService timer,
            final Counters counters) {
        this.chains = Map.copyOf(chains);
        this.guard = guard;
        this.rules = rules;
        this.timer = timer;
        this.counters = counters;
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        final AuthVerdict atOnce =
                guard.isLocked(credentials.address()) ? guard.lockedOut() : rules.before(credentials);
        final AuthenticatorChain chain = chains.get(credentials.listener());
        if (atOnce != null || chain == null) {
            counters.increment(CounterId.AUTH_REFUSED);
            forget(credentials);
            return CompletableFuture.completedFuture(
                    atOnce != null
                            ? atOnce
                            : AuthVerdict.refuse(ReasonCode.NOT_AUTHORIZED, "its listener has no authentication"));
        }
        return chain.authenticate(credentials).thenCompose(verdict -> decided(credentials, verdict));
    }

    /** An address may be locked out by now: then neither a right guess nor a wrong one is told from the other. */
    private CompletableFuture<AuthVerdict> decided(final Credentials credentials, final AuthVerdict verdict) {
        final AuthVerdict judged = verdict.isAccepted() ? accepted(credentials, verdict) : verdict;
        final long delayNs = isGuess(credentials, judged) ? guard.failed(credentials.address()) : 0;
        final AuthVerdict last = delayNs == GuessingGuard.TOO_MANY ? guard.lockedOut() : judged;
        counters.increment(last.isAccepted() ? CounterId.AUTH_ACCEPTED : CounterId.AUTH_REFUSED);
        forget(credentials);
        if (delayNs <= 0) {
            return CompletableFuture.completedFuture(last);
        }
        final CompletableFuture<AuthVerdict> later = new CompletableFuture<>();
        timer.schedule(() -> later.complete(last), delayNs, TimeUnit.NANOSECONDS);
        return later;
    }

    private AuthVerdict accepted(final Credentials credentials, final AuthVerdict verdict) {
        return guard.isLocked(credentials.address()) ? guard.lockedOut() : rules.after(credentials, verdict);
    }

    /** Who shows nothing doesn't guess, and neither does who is refused for something else. */
    private static boolean isGuess(final Credentials credentials, final AuthVerdict verdict) {
        return (credentials.username() != null || credentials.password() != null)
                && (verdict.reasonCode() == ReasonCode.BAD_USER_NAME_OR_PASSWORD
                        || verdict.reasonCode() == ReasonCode.NOT_AUTHORIZED);
    }

    private static void forget(final Credentials credentials) {
        if (credentials.password() != null) {
            Arrays.fill(credentials.password(), (byte) 0);
        }
    }
}
