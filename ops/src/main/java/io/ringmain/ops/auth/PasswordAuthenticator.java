package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * User names and passwords by a {@link PasswordFile}. A user that isn't in the file costs a hash as well, of the dearest
 * kind in it, so that the time of a refusal doesn't tell who is there.
 */
final class PasswordAuthenticator implements Authenticator {
    private static final int DUMMY_ITERATIONS = 101;

    private final Map<String, PasswordHash> users;
    private final PasswordHash dummy;
    private final WorkerPool pool;
    private final Counters counters;

    PasswordAuthenticator(final Map<String, PasswordHash> users, final WorkerPool pool, final Counters counters) {
        this.users = Map.copyOf(users);
        this.pool = pool;
        this.counters = counters;
        final SecureRandom random = new SecureRandom();
        this.dummy = users.values().stream()
                .max(Comparator.comparingLong(PasswordHash::cost))
                .orElseGet(() -> PasswordHash.Pbkdf2.of(
                        new byte[0], DUMMY_ITERATIONS, PasswordHash.bytes(random, PasswordHash.SALT_BYTES)))
                .dummy(random);
    }

    @Override
    public CompletionStage<AuthVerdict> authenticate(final Credentials credentials) {
        if (credentials.username() == null || credentials.password() == null) {
            return CompletableFuture.completedFuture(AuthVerdict.pass());
        }
        return pool.submit(credentials, () -> check(credentials));
    }

    private AuthVerdict check(final Credentials credentials) {
        counters.increment(CounterId.AUTH_HASHES);
        final PasswordHash known = users.get(credentials.username());
        final boolean isRight = (known == null ? dummy : known).verify(credentials.password());
        if (known == null) {
            return AuthVerdict.pass();
        }
        return isRight && !hasNul(credentials.password())
                ? AuthVerdict.accept(credentials.username())
                : AuthVerdict.refuse(ReasonCode.BAD_USER_NAME_OR_PASSWORD, "wrong password");
    }

    /**
     * HMAC fills its key up with zeros: to PBKDF2, {@code secret} and {@code secret\0} are the same. No tool takes a
     * password with a zero in it.
     */
    private static boolean hasNul(final byte[] password) {
        for (final byte b : password) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }
}
