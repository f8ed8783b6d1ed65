package io.ringmain.ops.auth;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.auth.EnhancedAuthenticator;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.protocol.ReasonCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * SCRAM-SHA-256 (RFC 5802 and 7677) without channel binding: the password never comes here, and what is kept of it is of
 * no use to who steals it. For a user that isn't there the exchange goes on with a salt and a number of iterations that
 * are always the same for that name, and fails at the end like that of a wrong password.
 */
final class ScramAuthenticator implements EnhancedAuthenticator {
    static final String METHOD = "SCRAM-SHA-256";

    /** Of this process: a reload doesn't change the salts of those that aren't there, as it doesn't change the others. */
    private static final byte[] PROCESS_SECRET = PasswordHash.bytes(new SecureRandom(), PasswordHash.Scram.KEY_BYTES);

    private static final Comparator<PasswordHash.Scram> BY_SHAPE =
            Comparator.comparingInt(PasswordHash.Scram::iterations).thenComparingInt(keys -> keys.salt().length);

    private static final AuthExchange.Answer REFUSED = AuthExchange.Answer.refuse(ReasonCode.NOT_AUTHORIZED);

    private final Map<String, PasswordHash.Scram> users;
    private final PasswordHash.Scram[] patterns;
    private final byte[] nobodysKey;
    private final byte[] secret;
    private final Set<String> listeners;
    private final long lifetimeNs;
    private final GuessingGuard guard;
    private final AccessRules rules;
    private final Counters counters;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param hashes of which only those for SCRAM count.
     * @param secret of this broker, from which the salts of users come that don't exist; empty: another one in each run.
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
        this.patterns = users.isEmpty()
                ? new PasswordHash.Scram[] {(PasswordHash.Scram) HashKind.SCRAM_SHA_256.hash(new byte[0], 0)}
                : users.values().stream().sorted(BY_SHAPE).toArray(PasswordHash.Scram[]::new);
        this.nobodysKey = PasswordHash.bytes(random, PasswordHash.Scram.KEY_BYTES);
        this.secret = secret.isEmpty() ? PROCESS_SECRET : secret.getBytes(StandardCharsets.UTF_8);
        this.listeners = Set.copyOf(listeners);
        this.lifetimeNs = lifetimeNs;
        this.guard = guard;
        this.rules = rules;
        this.counters = counters;
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
        // A step is answered at once: who has failed a moment ago is told to come later instead.
        final boolean mustWait = guard.isLocked(client.address()) || guard.isDelayed(client.address());
        final AuthVerdict atOnce = mustWait ? guard.lockedOut() : rules.before(client);
        if (atOnce != null) {
            counters.increment(CounterId.AUTH_REFUSED);
            return data -> AuthExchange.Answer.refuse(atOnce.reasonCode());
        }
        return new Exchange(client);
    }

    /** What is kept of a user, or what could be; both are made, so that it takes as long. */
    private PasswordHash.Scram keysOf(final String username) {
        final PasswordHash.Scram nobodys = nobodysKeys(username.getBytes(StandardCharsets.UTF_8));
        return users.getOrDefault(username, nobodys);
    }

    /**
     * Looks like somebody's in the file, of each kind as often as in there. The users are in the order of what shows of
     * them, so that few names get something else when one more user comes.
     */
    private PasswordHash.Scram nobodysKeys(final byte[] username) {
        final int choice = ByteBuffer.wrap(ScramKeys.hmac(secret, username)).getInt() >>> 1;
        final PasswordHash.Scram pattern = patterns[(int) ((long) choice * patterns.length >>> Integer.SIZE - 1)];
        final byte[] salt = PasswordHash.pbkdf2("HmacSHA256", secret, username, 1, pattern.salt().length);
        return new PasswordHash.Scram(pattern.iterations(), salt, nobodysKey, nobodysKey);
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
