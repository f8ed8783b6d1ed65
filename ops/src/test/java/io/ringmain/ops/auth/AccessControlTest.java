package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.accepts;
import static io.ringmain.ops.auth.TestClients.ask;
import static io.ringmain.ops.auth.TestClients.certified;
import static io.ringmain.ops.auth.TestClients.client;
import static io.ringmain.ops.auth.TestClients.refuses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.Credentials;
import io.ringmain.engine.counters.CounterId;
import io.ringmain.engine.counters.Counters;
import io.ringmain.ops.config.ConfigException;
import io.ringmain.ops.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made from a configuration, asked as an I/O agent asks it. */
class AccessControlTest {
    private static final int BAD = 0x86;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int BAD_CLIENT_ID = 0x85;
    private static final int QUOTA = 0x97;

    @TempDir
    private Path dir;

    private final Counters counters = new Counters();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private AccessControl control;

    private Authenticator load(final String... settings) throws ConfigException {
        close();
        final ConfigLoader loader = new ConfigLoader();
        loader.set("auth.failure_delay=0ms");
        List.of(settings).forEach(loader::set);
        control = AccessControl.load(loader.load(), counters, events::add);
        return control.authenticator();
    }

    private String passwordFile(final HashKind kind, final String... users) throws IOException {
        final StringBuilder text = new StringBuilder();
        for (final String user : users) {
            text.append(user)
                    .append(':')
                    .append(kind.hash(("pw of " + user).getBytes(UTF_8), 0).text())
                    .append('\n');
        }
        final Path file = Files.writeString(dir.resolve("pw"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return "auth.password_file=" + file;
    }

    @AfterEach
    void close() {
        if (control != null) {
            control.close();
        }
    }

    private long count(final CounterId id) {
        return counters.get(id);
    }

    @ParameterizedTest
    @CsvSource({
        "never, 192.0.2.7, false", "never, , false", "loopback, 192.0.2.7, false",
        "loopback, , true", "always, 192.0.2.7, true", "always, , true"
    })
    void shouldLetInWhoSaysNothingWhereThatIsAllowed(
            final String anonymous, final String address, final boolean isLetIn) throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"), "auth.anonymous=" + anonymous);
        final AuthVerdict verdict = ask(access, client(address, "c", null, null));
        assertEquals(isLetIn, verdict.isAccepted());
        assertEquals(isLetIn ? 0 : NOT_AUTHORIZED, verdict.reasonCode());
        refuses(BAD, access, client(address, "c", "nobody", "pw of bob"));
        refuses(BAD, access, client(address, "c", "bob", null));
        refuses(BAD, access, client(address, "c", null, "pw of bob"));
        assertEquals(
                "bob", ask(access, client(address, "c", "bob", "pw of bob")).username());
    }

    @Test
    void shouldAskEachListenerInItsOwnWay() throws Exception {
        final Authenticator access = load(
                passwordFile(HashKind.SHA512, "bob"),
                "listeners.local.bind=127.0.0.1:0",
                "listeners.strict.bind=127.0.0.1:0",
                "listeners.strict.anonymous=never",
                "listeners.open.bind=127.0.0.1:0",
                "listeners.open.chain=anonymous",
                "listeners.both.bind=127.0.0.1:0",
                "listeners.both.anonymous=loopback");
        refuses(NOT_AUTHORIZED, access, on("local", null, null));
        accepts(access, on("local", "bob", "pw of bob"));
        accepts(access, on("open", null, null));
        accepts(access, on("both", null, null));
        accepts(access, on("both", "bob", "pw of bob"));
        refuses(NOT_AUTHORIZED, access, on("strict", null, null));
        accepts(access, on("strict", "bob", "pw of bob"));
        refuses(NOT_AUTHORIZED, access, on("unknown", "bob", "pw of bob"));
    }

    /** Rights and sessions belong to a name, whichever listener it comes through. */
    @Test
    void shouldTakeANameUncheckedOnlyWhereNoListenerAsksForNames() throws Exception {
        final Authenticator unasked = load("listeners.local.bind=127.0.0.1:0", "listeners.open.bind=127.0.0.1:0");
        assertEquals("bob", ask(unasked, on("open", "bob", "anything")).username());
        final Authenticator access = load(
                passwordFile(HashKind.SHA512, "bob"),
                "listeners.local.bind=127.0.0.1:0",
                "listeners.open.bind=127.0.0.1:0",
                "listeners.open.chain=anonymous");
        refuses(BAD, access, on("open", "bob", "anything"));
        refuses(BAD, access, on("open", "bob", null));
        accepts(access, on("open", null, null));
    }

    @Test
    void shouldLetNobodyInWithoutANameWhereThereIsAWayToAskUnlessToldTo() throws Exception {
        final Credentials nobody = client(null, "c", null, null);
        accepts(load(), nobody);
        accepts(load("auth.password_file="), nobody);
        refuses(NOT_AUTHORIZED, load(passwordFile(HashKind.SHA512, "bob")), nobody);
        accepts(load(passwordFile(HashKind.SHA512, "bob"), "auth.anonymous=loopback"), nobody);
        accepts(
                load(
                        passwordFile(HashKind.SHA512, "bob"),
                        "listeners.local.bind=127.0.0.1:0",
                        "listeners.local.anonymous=loopback"),
                nobody);
    }

    /** It has packets of its own, which plugins and certificates would never see. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                  | true",
                "auth.certificate=username                         | false",
                "auth.certificate=client_id                        | false",
                "listeners.local.certificate=username              | false",
                "auth.chain=password                               | false",
                "auth.chain=scram,password                         | true",
                "auth.certificate=username;auth.chain=certificate,scram             | true",
                "auth.certificate=username;listeners.local.chain=certificate,scram  | true",
            })
    void shouldOfferScramBesideCertificatesOnlyWhenItIsNamed(final String settings, final boolean isOffered)
            throws Exception {
        final List<String> all = new ArrayList<>(
                List.of(passwordFile(HashKind.SCRAM_SHA_256, "bob"), "listeners.local.bind=127.0.0.1:0"));
        if (settings != null) {
            all.addAll(List.of(settings.split(";")));
        }
        load(all.toArray(String[]::new));
        assertEquals(isOffered ? 1 : 0, control.enhancedAuthenticators().size());
    }

    @Test
    void shouldTellNothingOfWhatWasUnderWayWhenAnAddressWasLockedOut() throws Exception {
        final List<CompletableFuture<AuthVerdict>> service = new ArrayList<>();
        final Authenticator slow = credentials -> {
            service.add(new CompletableFuture<>());
            return service.get(service.size() - 1);
        };
        final GuessingGuard guard = new GuessingGuard(
                new GuessingGuard.Limits(10, Long.MAX_VALUE, Long.MAX_VALUE / 2, 0, 0, 16, true),
                System::nanoTime,
                counters,
                events::add);
        final ListenerAuthenticator access = new ListenerAuthenticator(
                Map.of("local", new AuthenticatorChain(List.of(new AuthenticatorChain.Link("slow", slow)), counters)),
                guard,
                new AccessRules(List.of("c"), AccessRules.Binding.ANY, 256),
                null,
                counters);
        final List<CompletableFuture<AuthVerdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            verdicts.add(access.authenticate(client("bob", "guess " + i)).toCompletableFuture());
        }
        final AuthVerdict wrong = AuthVerdict.refuse(BAD, "wrong");
        for (int i = 0; i < 50; i++) {
            service.get(i).complete(i < 40 ? wrong : AuthVerdict.accept("bob"));
            assertEquals(i < 10 ? BAD : QUOTA, verdicts.get(i).join().reasonCode(), "guess " + i);
        }
        assertEquals(0, count(CounterId.AUTH_ACCEPTED));
        assertEquals(40, count(CounterId.AUTH_LOCKED_OUT));
        assertEquals(50, count(CounterId.AUTH_REFUSED));
    }

    private static Credentials on(final String listener, final String username, final String password) {
        return new Credentials(
                listener,
                "127.0.0.1:1",
                null,
                "c",
                false,
                username,
                password == null ? null : password.getBytes(UTF_8),
                null,
                false);
    }

    @Test
    void shouldHashForAnUnknownUserAsForAWrongPassword() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512_PBKDF2, "bob"), "auth.max_failures=0");
        refuses(BAD, access, client("bob", "wrong"));
        assertEquals(1, count(CounterId.AUTH_HASHES));
        refuses(BAD, access, client("mallory", "wrong"));
        assertEquals(2, count(CounterId.AUTH_HASHES));
        accepts(access, client("bob", "pw of bob"));
        assertEquals(3, count(CounterId.AUTH_HASHES));
    }

    @ParameterizedTest
    @CsvSource({"SHA512", "SHA512_PBKDF2", "SCRAM_SHA_256", "ARGON2ID"})
    void shouldNotEndAPasswordAtAZero(final HashKind kind) throws Exception {
        final Authenticator access = load(passwordFile(kind, "bob"), "auth.max_failures=0");
        refuses(BAD, access, client("bob", "pw of bob\0"));
        refuses(BAD, access, client("bob", "pw of bob\0x"));
        refuses(BAD, access, client("bob", ""));
        accepts(access, client("bob", "pw of bob"));
    }

    @Test
    void shouldHashOnceForWhoComesAgainAndNotForAnotherPassword() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512_PBKDF2, "bob"));
        for (int i = 0; i < 5; i++) {
            accepts(access, client("bob", "pw of bob"));
        }
        assertEquals(1, count(CounterId.AUTH_HASHES));
        assertEquals(4, count(CounterId.AUTH_CACHE_HITS));
        refuses(BAD, access, client("bob", "pw of bo"));
        refuses(BAD, access, client("bob", "pw of bo"));
        assertEquals(3, count(CounterId.AUTH_HASHES), "what is wrong is not kept");
    }

    @Test
    void shouldKeepNothingWhenToldSo() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"), "auth.cache_time=0s");
        accepts(access, client("bob", "pw of bob"));
        accepts(access, client("bob", "pw of bob"));
        assertEquals(2, count(CounterId.AUTH_HASHES));
    }

    @Test
    void shouldForgetAPasswordThatWasJudged() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"));
        for (final String password : List.of("pw of bob", "wrong")) {
            final Credentials credentials = client("bob", password);
            ask(access, credentials);
            assertArrayEquals(new byte[password.length()], credentials.password());
        }
    }

    @Test
    void shouldLockOutWhoGuesses() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"), "auth.max_failures=3");
        for (int i = 0; i < 3; i++) {
            refuses(BAD, access, client("bob", "guess " + i));
        }
        refuses(QUOTA, access, client("bob", "pw of bob"));
        refuses(QUOTA, access, client(null, null));
        assertEquals(3, count(CounterId.AUTH_HASHES));
        assertEquals(2, count(CounterId.AUTH_LOCKED_OUT));
        assertEquals(List.of("locked out for 300 s: 192.0.2.7, after 3 failed attempts"), events);
        accepts(access, client("192.0.2.8", "c", "bob", "pw of bob"));
    }

    @Test
    void shouldHoldBackARefusalWithoutAThreadThatWaits() throws Exception {
        final Authenticator access =
                load(passwordFile(HashKind.SHA512, "bob"), "auth.failure_delay=10s", "auth.failure_delay_max=10s");
        final List<CompletableFuture<AuthVerdict>> refusals = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            refusals.add(access.authenticate(client("192.0.2." + i, "c", "bob", "wrong"))
                    .toCompletableFuture());
        }
        accepts(access, client("192.0.2.9", "c", "bob", "pw of bob"));
        refusals.forEach(refusal -> assertFalse(refusal.isDone()));
    }

    @Test
    void shouldGiveItsVerdictsAfterAnotherHasTakenItsPlace() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512_PBKDF2, "bob"));
        control.close();
        accepts(access, client("bob", "pw of bob"));
    }

    @Test
    void shouldTakeKeysOfTokensFromOnePlace() throws Exception {
        final Path key = Files.write(dir.resolve("key"), new byte[32]);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        final Path jwks = Files.writeString(
                dir.resolve("jwks"), new JWKSet(new ECKeyGenerator(Curve.P_256).generate()).toString());
        final ConfigException two = assertThrows(
                ConfigException.class, () -> load("auth.jwt.key_file=" + key, "auth.jwt.jwks_file=" + jwks));
        assertTrue(two.getMessage().contains("there is jwt.key_file already"), two.getMessage());
        refuses(BAD, load("auth.jwt.jwks_file=" + jwks), client("bob", "ey.e.e"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        final ConfigException open = assertThrows(ConfigException.class, () -> load("auth.jwt.key_file=" + key));
        assertTrue(open.getMessage().contains("chmod 600"), open.getMessage());
    }

    @Test
    void shouldTakeOnlyIdsWithOneOfThePrefixes() throws Exception {
        final Authenticator access = load("auth.anonymous=always", "auth.client_id_prefixes=press-,oven-");
        accepts(access, client(null, "press-1", null, null));
        accepts(access, client(null, "oven-", null, null));
        refuses(BAD_CLIENT_ID, access, client(null, "Press-1", null, null));
        refuses(BAD_CLIENT_ID, access, client(null, "pres", null, null));
        refuses(
                BAD_CLIENT_ID,
                access,
                new Credentials("local", "127.0.0.1:1", null, "press-assigned", true, null, null, null, false));
    }

    @ParameterizedTest
    @CsvSource({
        "username, bob, true",
        "username, bob2, false",
        "username, alice, false",
        "prefixed-by-username, bob, true",
        "prefixed-by-username, bob:1, true",
        "prefixed-by-username, bob2, false",
        "prefixed-by-username, alice:1, false",
        "any, alice, true"
    })
    void shouldBindTheClientIdToTheUser(final String rule, final String clientId, final boolean isLetIn)
            throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"), "auth.client_id=" + rule);
        final AuthVerdict verdict = ask(access, client("192.0.2.7", clientId, "bob", "pw of bob"));
        assertEquals(isLetIn ? 0 : BAD_CLIENT_ID, verdict.reasonCode());
    }

    @Test
    void shouldBindNobodyToNoId() throws Exception {
        refuses(
                BAD_CLIENT_ID,
                load("auth.anonymous=always", "auth.client_id=prefixed-by-username"),
                client("192.0.2.7", ":1", null, null));
    }

    @Test
    void shouldTakeTheNameOfACertificate() throws Exception {
        final Authenticator access = load(passwordFile(HashKind.SHA512, "bob"), "auth.certificate=username");
        assertEquals("press-07", ask(access, certified("any id", "press-07")).username());
        refuses(NOT_AUTHORIZED, access, certified("any id", ""));
        refuses(NOT_AUTHORIZED, access, certified("any id", "a\nb"));
        accepts(access, client("bob", "pw of bob"));
    }

    @Test
    void shouldHoldTheNameOfACertificateAgainstTheClientId() throws Exception {
        final Authenticator access = load("auth.certificate=client_id", "auth.anonymous=never");
        accepts(access, certified("press-07", "press-07"));
        refuses(BAD_CLIENT_ID, access, certified("press-08", "press-07"));
        refuses(NOT_AUTHORIZED, access, client(null, null));
    }

    @Test
    void shouldIgnoreACertificateThatIsNotAskedFor() throws Exception {
        refuses(NOT_AUTHORIZED, load(passwordFile(HashKind.SHA512, "bob")), certified("press-07", "press-07"));
    }

    @Test
    void shouldNameEverythingThatIsWrongAndLeaveNothingRunning() throws IOException {
        final String file = passwordFile(HashKind.SHA512, "bob");
        Files.writeString(dir.resolve("pw"), "x\ny:z\n");
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        final ConfigException wrong = assertThrows(
                ConfigException.class,
                () -> load(
                        file,
                        "auth.http.url=http://192.0.2.1/auth",
                        "auth.ldap.url=ldap://192.0.2.1",
                        "auth.ldap.user_dn=uid=x",
                        "auth.jwt.key_file=" + dir.resolve("nope"),
                        "auth.ca=" + dir.resolve("pw")));
        final String message = wrong.getMessage();
        for (final String part : List.of(
                "--set: auth.password_file: " + dir.resolve("pw") + ":1:1: expected name:hash",
                dir.resolve("pw") + ":2:3: user 'y': not a hash",
                "--set: auth.http.url: 'http://192.0.2.1/auth' is not encrypted, expected https",
                "--set: auth.ldap.url: passwords would cross the network in the clear",
                "--set: auth.ldap.user_dn: expected a DN with {username} in it",
                "--set: auth.jwt.key_file: " + dir.resolve("nope"),
                "--set: auth.ca: " + dir.resolve("pw") + ": no certificates can be read")) {
            assertTrue(message.contains(part), part + " in " + message);
        }
        // Threads of tests before this one may end meanwhile.
        final Set<Thread> begun = new HashSet<>(Thread.getAllStackTraces().keySet());
        begun.removeAll(before);
        assertEquals(
                List.of(),
                begun.stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("ringmain-"))
                        .toList());
    }

    @Test
    void shouldRefuseOnAnyFailureAndNotTellWhatItSaid() throws Exception {
        final Authenticator broken = credentials -> {
            throw new IllegalStateException("with the password " + new String(credentials.password(), UTF_8));
        };
        final Authenticator open = credentials -> {
            throw new AssertionError("nobody else is asked");
        };
        final AuthenticatorChain chain = new AuthenticatorChain(
                List.of(new AuthenticatorChain.Link("broken", broken), new AuthenticatorChain.Link("open", open)),
                counters);
        final AuthVerdict verdict = ask(chain, client("bob", "secret"));
        assertEquals(0x88, verdict.reasonCode());
        assertFalse(verdict.reason().contains("secret"), verdict.reason());
        assertEquals(1, count(CounterId.AUTH_FAILED));
        refuses(
                0x88,
                new AuthenticatorChain(
                        List.of(new AuthenticatorChain.Link(
                                "null", credentials -> CompletableFuture.completedFuture(null))),
                        counters),
                client("bob", "secret"));
    }
}
