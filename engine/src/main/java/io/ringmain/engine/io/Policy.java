package io.ringmain.engine.io;

import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Authorizer;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import java.util.List;

/**
 * What may change while the broker runs: who may connect, what who is connected may do, and the limits of that. Replaced
 * as a whole; each agent goes over to the new one at the beginning of a duty cycle.
 *
 * @param authenticator decides who may connect.
 * @param authorizer decides what who is connected may do.
 * @param enhancedAuthenticators the methods of enhanced authentication.
 * @param bans decides who may not even try.
 * @param limits of the I/O agents; not to be changed.
 */
public record Policy(
        Authenticator authenticator,
        Authorizer authorizer,
        List<EnhancedAuthenticator> enhancedAuthenticators,
        Bans bans,
        IoLimits limits) {
    /** Lets everybody do everything, within the limits as they are by default. */
    public static final Policy OPEN =
            new Policy(Authenticator.ANONYMOUS, Authorizer.ALLOW_ALL, List.of(), Bans.NONE, new IoLimits());

    public Policy {
        enhancedAuthenticators = List.copyOf(enhancedAuthenticators);
    }

    public Policy withLimits(final IoLimits limits) {
        return new Policy(authenticator, authorizer, enhancedAuthenticators, bans, limits);
    }

    public Policy withAuthenticator(final Authenticator authenticator) {
        return new Policy(authenticator, authorizer, enhancedAuthenticators, bans, limits);
    }

    public Policy withAuthorizer(final Authorizer authorizer) {
        return new Policy(authenticator, authorizer, enhancedAuthenticators, bans, limits);
    }

    public Policy withEnhancedAuthenticators(final List<EnhancedAuthenticator> authenticators) {
        return new Policy(authenticator, authorizer, authenticators, bans, limits);
    }

    public Policy withBans(final Bans bans) {
        return new Policy(authenticator, authorizer, enhancedAuthenticators, bans, limits);
    }
}
