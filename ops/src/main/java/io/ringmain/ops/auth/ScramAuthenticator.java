package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * SCRAM-SHA-256 (RFC 5802 and 7677) without channel binding: the password never comes here, and what is kept of it is of
 * no use to who steals it. For a user that isn't there the exchange goes on with a salt that is always the same for that
 * name, and fails at the end like that of a wrong password.
 */
final class ScramAuthenticator implements EnhancedAuthenticator {
    static final String METHOD = "SCRAM-SHA-256";

    private static final AuthExchange.Answer REFUSED = AuthExchange.Answer.refuse(ReasonCode.NOT_AUTHORIZED);

    private final Map<String, PasswordHash.Scram> users;
    private final PasswordHash.Scram pattern;
    private final byte[] secret;
    private final Set<String> listeners;
    private final long lifetimeNs;
    private final GuessingGuard guard;
    private final AccessRules rules;
    private final Counters counters;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param hashes of which only those for SCRAM count.
     * @param secret of this broker, from which the salts of users come that don't exist; empty: one of the hashes, so
     *     that it is the same after a restart.
     * @param listeners that offer it.
     * @param lifetimeNs after which a client has to authenticate again, nanoseconds; 0 for never.
     */
    ScramAuthenticator(
            final Map<String, PasswordHash> hashes,
            final String secret,
            final Set<String> listeners,
            final long lifetimeNs,
            final GuessingGuard guard,
            final AccessRules rules,
            final Counters counters) {
        this.users = new LinkedHashMap<>();
        hashes.forEach((name, hash) -> {
            if (hash instanceof PasswordHash.Scram scram) {
                users.put(name, scram);
            }
        });
        this.pattern = users.values().stream()
                .findFirst()
                .orElseGet(() -> (PasswordHash.Scram) HashKind.SCRAM_SHA_256.hash(new byte[0], 0))
                .nobodys(random);
        this.secret = secret.isEmpty() ? secretOf(users) : secret.getBytes(StandardCharsets.UTF_8);
        this.listeners = Set.copyOf(listeners);
        this.lifetimeNs = lifetimeNs;
        this.guard = guard;
        this.rules = rules;
        this.counters = counters;
    }

    private static byte[] secretOf(final Map<String, PasswordHash.Scram> users) {
        final byte[][] keys =
                users.values().stream().map(PasswordHash.Scram::serverKey).toArray(byte[][]::new);
        return PasswordHash.digest("SHA-256", keys);
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public AuthExchange begin(final Credentials client) {
        if (!listeners.contains(client.listener())) {
            return data -> AuthExchange.Answer.refuse(ReasonCode.BAD_AUTHENTICATION_METHOD);
        }
        final AuthVerdict atOnce = guard.isLocked(client.address()) ? guard.lockedOut() : rules.before(client);
        if (atOnce != null) {
            counters.increment(CounterId.AUTH_REFUSED);
            return data -> AuthExchange.Answer.refuse(atOnce.reasonCode());
        }
        return new Exchange(client);
    }

    /** What is kept of a user, or what could be. */
    private PasswordHash.Scram keysOf(final String username) {
        final PasswordHash.Scram known = users.get(username);
        if (known != null) {
            return known;
        }
        final byte[] salt = ScramKeys.hmac(secret, username.getBytes(StandardCharsets.UTF_8));
        return new PasswordHash.Scram(
                pattern.iterations(),
                Arrays.copyOf(salt, Math.min(salt.length, pattern.salt().length)),
                pattern.storedKey(),
                pattern.serverKey());
    }

    /** One client: its first message, our salt, its proof, ours. */
    private final class Exchange implements AuthExchange {
        private final Credentials client;
        private ScramMessages.ClientFirst first;
        private PasswordHash.Scram keys;
        private String serverFirst;
        private String nonce;

        Exchange(final Credentials client) {
            this.client = client;
        }

        @Override
        public Answer onData(final byte[] data) {
            if (first == null) {
                first = ScramMessages.clientFirst(data);
                return first == null ? refused() : challenge();
            }
            if (guard.isLocked(client.address())) {
                return lockedOut();
            }
            final ScramMessages.ClientFinal last = ScramMessages.clientFinal(data);
            return last == null ? refused() : finish(last);
        }

        private Answer challenge() {
            keys = keysOf(first.username());
            nonce = first.nonce() + ScramMessages.base64(PasswordHash.bytes(random, 24));
            serverFirst = "r=" + nonce + ",s=" + ScramMessages.base64(keys.salt()) + ",i=" + keys.iterations();
            return Answer.proceed(serverFirst.getBytes(StandardCharsets.UTF_8));
        }

        private Answer finish(final ScramMessages.ClientFinal last) {
            final byte[] message =
                    (first.bare() + "," + serverFirst + "," + last.withoutProof()).getBytes(StandardCharsets.UTF_8);
            final boolean isProven = keys.isProvenBy(last.proof(), message) && users.containsKey(first.username());
            if (!isProven
                    || !last.nonce().equals(nonce)
                    || !last.channelBinding().equals(first.gs2Header())) {
                return refused();
            }
            final AuthVerdict verdict =
                    rules.after(client, AuthVerdict.accept(first.username(), Set.of(), expiresAtMs()));
            if (!verdict.isAccepted()) {
                counters.increment(CounterId.AUTH_REFUSED);
                return Answer.refuse(verdict.reasonCode());
            }
            counters.increment(CounterId.AUTH_ACCEPTED);
            final String proof = "v=" + ScramMessages.base64(ScramKeys.hmac(keys.serverKey(), message));
            return Answer.success(
                    verdict.username(), proof.getBytes(StandardCharsets.UTF_8), Set.of(), verdict.expiresAtMs());
        }

        /** At once, whatever the guard says of later: an exchange can't wait. */
        private Answer refused() {
            if (guard.failed(client.address()) == GuessingGuard.TOO_MANY) {
                return lockedOut();
            }
            counters.increment(CounterId.AUTH_REFUSED);
            return REFUSED;
        }

        /** Others of its address have guessed since it began. */
        private Answer lockedOut() {
            counters.increment(CounterId.AUTH_REFUSED);
            return Answer.refuse(guard.lockedOut().reasonCode());
        }
    }

    private long expiresAtMs() {
        return lifetimeNs == 0
                ? AuthVerdict.NEVER
                : System.currentTimeMillis() + TimeUnit.NANOSECONDS.toMillis(lifetimeNs);
    }
}
