package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.client;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringmain.engine.auth.AuthExchange;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramAuthenticatorTest {
    private static final int REFUSED = 0x87;
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    private final Counters counters = new Counters();
    private final Map<String, PasswordHash> users = Map.of(
            "bob", HashKind.SCRAM_SHA_256.hash("bob's".getBytes(UTF_8), 0),
            "a,b=c", HashKind.SCRAM_SHA_256.hash("x".getBytes(UTF_8), 0),
            "old", HashKind.SHA512.hash("x".getBytes(UTF_8), 0));

    private ScramAuthenticator scram(final long lifetimeNs, final int maxFailures) {
        return scram(users, "", lifetimeNs, maxFailures);
    }

    private ScramAuthenticator scram(
            final Map<String, PasswordHash> hashes, final String secret, final long lifetimeNs, final int maxFailures) {
        final GuessingGuard guard = new GuessingGuard(
                new GuessingGuard.Limits(maxFailures, Long.MAX_VALUE, TimeUnit.HOURS.toNanos(1), 0, 0, 16, true),
                System::nanoTime,
                counters,
                line -> {});
        return new ScramAuthenticator(
                hashes,
                secret,
                Set.of(TestClients.LISTENER),
                lifetimeNs,
                guard,
                new AccessRules(List.of("c"), AccessRules.Binding.ANY, 256),
                counters);
    }

    private static AuthExchange.Answer run(final ScramAuthenticator scram, final ScramClient peer) {
        final AuthExchange exchange = scram.begin(client(null, null));
        final AuthExchange.Answer challenge = exchange.onData(peer.first());
        return challenge.reasonCode() == 0x18 ? exchange.onData(peer.last(challenge.data())) : challenge;
    }

    /** The example of RFC 7677, section 3. */
    @Test
    void shouldComputeWhatTheStandardSays() {
        final PasswordHash.Scram keys = PasswordHash.Scram.of(
                "pencil".getBytes(UTF_8), 4096, Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));
        final byte[] message = ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                        + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                        + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
                .getBytes(UTF_8);
        assertTrue(
                keys.isProvenBy(Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="), message));
        assertEquals(
                "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                ScramMessages.base64(ScramKeys.hmac(keys.serverKey(), message)));
        assertFalse(keys.isProvenBy(new byte[32], message));
        assertFalse(keys.isProvenBy(new byte[0], message));
    }

    @Test
    void shouldProveEachToTheOther() {
        for (final String header : List.of("n,,", "y,,", "n,a=bob,")) {
            final ScramClient peer = new ScramClient(header, "bob", "bob's", NONCE);
            final AuthExchange.Answer answer = run(scram(0, 0), peer);
            assertEquals(0, answer.reasonCode(), header);
            assertEquals("bob", answer.username());
            assertEquals(AuthVerdict.NEVER, answer.expiresAtMs());
            assertTrue(peer.isProven(answer.data()));
        }
        assertEquals(
                "a,b=c", run(scram(0, 0), new ScramClient("a,b=c", "x", NONCE)).username());
        assertEquals(4, counters.get(CounterId.AUTH_ACCEPTED));
    }

    @Test
    void shouldRefuseWrongPasswordsAndUnknownUsersAtTheSamePoint() {
        final ScramAuthenticator scram = scram(0, 0);
        for (final ScramClient peer : List.of(
                new ScramClient("bob", "wrong", NONCE),
                new ScramClient("mallory", "bob's", NONCE),
                new ScramClient("old", "x", NONCE))) {
            final AuthExchange exchange = scram.begin(client(null, null));
            final AuthExchange.Answer challenge = exchange.onData(peer.first());
            assertEquals(0x18, challenge.reasonCode());
            assertEquals(REFUSED, exchange.onData(peer.last(challenge.data())).reasonCode());
        }
        assertEquals(3, counters.get(CounterId.AUTH_REFUSED));
    }

    private static String salt(final ScramAuthenticator scram, final String user) {
        final byte[] challenge = scram.begin(client(null, null))
                .onData(new ScramClient(user, "", NONCE).first())
                .data();
        return new String(challenge, UTF_8).replaceFirst("r=[^,]*,", "");
    }

    /** A file with users whose salts have some length, and whose hashes some iterations. */
    private static Map<String, PasswordHash> file(final int users, final int saltBytes, final int iterations) {
        final Map<String, PasswordHash> file = new LinkedHashMap<>();
        for (int i = 0; i < users; i++) {
            file.put(
                    "u" + iterations + "-" + i,
                    HashKind.SCRAM_SHA_256.hash(new byte[0], iterations, new byte[saltBytes]));
        }
        return file;
    }

    @Test
    void shouldChangeNothingForUsersThatAreNotThereWhenOneMoreIs() {
        final Map<String, PasswordHash> more = new LinkedHashMap<>(users);
        more.put("carol", HashKind.SCRAM_SHA_256.hash("hers".getBytes(UTF_8), 0));
        assertEquals(salt(scram(0, 0), "mallory"), salt(scram(more, "", 0, 0), "mallory"), "after a reload");
        assertEquals(
                salt(scram(users, "s3cret", 0, 0), "mallory"),
                salt(scram(more, "s3cret", 0, 0), "mallory"),
                "a restart");
        assertNotEquals(salt(scram(users, "s3cret", 0, 0), "mallory"), salt(scram(users, "other", 0, 0), "mallory"));
    }

    /** In a file that was made by and by, what is said to unknown users would otherwise be what few are told, or all. */
    @Test
    void shouldGiveUsersThatAreNotThereWhatThoseInTheFileHave() {
        final Map<String, PasswordHash> mixed = file(10, 12, 1000);
        mixed.putAll(file(30, 48, 1001));
        final ScramAuthenticator scram = scram(mixed, "s3cret", 0, 0);
        final Map<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < 400; i++) {
            final String[] parts = salt(scram, "nobody-" + i).substring(2).split(",i=");
            seen.merge(Base64.getDecoder().decode(parts[0]).length + " " + parts[1], 1, Integer::sum);
        }
        assertEquals(Set.of("12 1000", "48 1001"), seen.keySet());
        assertTrue(seen.get("12 1000") > 60 && seen.get("12 1000") < 140, "as often as in the file: " + seen);
    }

    @Test
    void shouldAnswerNoMoreGuessesThanAreAllowedOfThoseThatHaveBegun() {
        final ScramAuthenticator scram = scram(0, 10);
        final List<ScramClient> peers = new ArrayList<>();
        final List<AuthExchange> exchanges = new ArrayList<>();
        final List<byte[]> challenges = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            peers.add(new ScramClient("bob", i < 49 ? "guess " + i : "bob's", NONCE));
            exchanges.add(scram.begin(client(null, null)));
            challenges.add(exchanges.get(i).onData(peers.get(i).first()).data());
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    i < 10 ? REFUSED : 0x97,
                    exchanges
                            .get(i)
                            .onData(peers.get(i).last(challenges.get(i)))
                            .reasonCode(),
                    "guess " + i);
        }
        assertEquals(40, counters.get(CounterId.AUTH_LOCKED_OUT));
    }

    @Test
    void shouldAlwaysGiveAUserThatIsNotThereTheSameSalt() {
        final ScramAuthenticator scram = scram(0, 0);
        assertEquals(salt(scram, "mallory"), salt(scram, "mallory"));
        assertNotEquals(salt(scram, "mallory"), salt(scram, "trudy"));
        assertEquals(salt(scram, "bob").length(), salt(scram, "mallory").length());
        assertTrue(salt(scram, "mallory").endsWith(",i=4096"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n,,",
                "n,,n=bob",
                "n,,n=bob,r=",
                "n,,n=bob,r=short",
                "p=tls-unique,,n=bob,r=12345678",
                "n,a=alice,n=bob,r=12345678",
                "n,,m=ext,n=bob,r=12345678",
                "n,,n=bob,r=12345678,x=y",
                "n,,n=b=ob,r=12345678",
                "n,,n=,r=12345678",
                "x,,n=bob,r=12345678",
                "n,,n=bob,r=1234 5678"
            })
    void shouldRefuseAFirstMessageThatIsNone(final String first) {
        assertEquals(
                REFUSED,
                scram(0, 0)
                        .begin(client(null, null))
                        .onData(first.getBytes(UTF_8))
                        .reasonCode());
    }

    @Test
    void shouldRefuseAProofThatIsNotForThisExchange() {
        final ScramAuthenticator scram = scram(0, 0);
        final List<AuthExchange.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            final ScramClient peer = new ScramClient("bob", "bob's", NONCE);
            final AuthExchange exchange = scram.begin(client(null, null));
            final byte[] challenge = exchange.onData(peer.first()).data();
            final String last = new String(peer.last(challenge), UTF_8);
            final String wrong = switch (i) {
                case 0 -> last.replace("c=biws", "c=eSws");
                case 1 -> last.replace(",r=" + NONCE, ",r=" + NONCE + "x");
                case 2 -> last.substring(0, last.indexOf(",p=")) + ",p=AAAA";
                case 3 ->
                    new String(
                            new ScramClient("bob", "bob's", NONCE)
                                    .last((new String(challenge, UTF_8).replace("r=" + NONCE, "r=" + NONCE + "y"))
                                            .getBytes(UTF_8)),
                            UTF_8);
                default -> "";
            };
            answers.add(exchange.onData(wrong.getBytes(UTF_8)));
        }
        answers.forEach(answer -> assertEquals(REFUSED, answer.reasonCode()));
    }

    @Test
    void shouldLockOutGuessesAndKeepTheRules() {
        final ScramAuthenticator scram = scram(0, 2);
        assertEquals(
                0x85,
                scram.begin(TestClients.client("192.0.2.9", "x", null, null))
                        .onData(new ScramClient("bob", "bob's", NONCE).first())
                        .reasonCode());
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    REFUSED, run(scram, new ScramClient("bob", "guess", NONCE)).reasonCode());
        }
        assertEquals(0x97, run(scram, new ScramClient("bob", "bob's", NONCE)).reasonCode());
    }

    @Test
    void shouldEndAfterItsLifetime() {
        final long beforeMs = System.currentTimeMillis();
        final AuthExchange.Answer answer =
                run(scram(TimeUnit.MINUTES.toNanos(10), 0), new ScramClient("bob", "bob's", NONCE));
        assertTrue(answer.expiresAtMs() >= beforeMs + 600_000
                && answer.expiresAtMs() <= System.currentTimeMillis() + 600_000);
    }
}
