package io.ringmain.ops.auth;

import static io.ringmain.ops.auth.TestClients.client;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.counters.Counters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JwtAuthenticatorTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    private static RSAKey rsa;
    private static ECKey ec;

    private final Counters counters = new Counters();
    private final GuessingGuard guard = new GuessingGuard(
            new GuessingGuard.Limits(0, 1, 1, 0, 0, 16, true), System::nanoTime, counters, line -> {});
    private final WorkerPool pool = new WorkerPool("test", 2, 100, guard, counters);
    private final AtomicInteger unknownKeys = new AtomicInteger();

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("r1").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("e1").generate();
    }

    private static JwtAuthenticator.Claims claims() {
        return new JwtAuthenticator.Claims("https://issuer", "mqtt", 30_000, true, true, "sub", "roles", "");
    }

    private JwtAuthenticator authenticator(final JwtKeys keys, final JwtAuthenticator.Claims claims) {
        return new JwtAuthenticator(() -> keys, unknownKeys::incrementAndGet, claims, pool, () -> NOW_MS);
    }

    private static JwtKeys publicKeys() {
        return JwtKeys.jwks(new JWKSet(List.of(rsa, ec)).toString());
    }

    private static JWTClaimsSet.Builder good() {
        return new JWTClaimsSet.Builder()
                .subject("press-07")
                .issuer("https://issuer")
                .audience(List.of("other", "mqtt"))
                .expirationTime(new Date(NOW_MS + 60_000))
                .claim("roles", List.of("writer", "reader"));
    }

    private static String signed(
            final JWSAlgorithm algorithm, final String keyId, final JWSSigner signer, final JWTClaimsSet claims)
            throws Exception {
        final SignedJWT token =
                new SignedJWT(new JWSHeader.Builder(algorithm).keyID(keyId).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String rs256(final JWTClaimsSet claims) throws Exception {
        return signed(JWSAlgorithm.RS256, "r1", new RSASSASigner(rsa), claims);
    }

    private AuthVerdict ask(final JwtAuthenticator authenticator, final String username, final String password) {
        return TestClients.ask(authenticator, client(username, password));
    }

    private void refuses(final String reason, final JWTClaimsSet claims) throws Exception {
        final AuthVerdict verdict = ask(authenticator(publicKeys(), claims()), null, rs256(claims));
        assertEquals("its token " + reason, verdict.reason());
        assertEquals(0x86, verdict.reasonCode());
    }

    @Test
    void shouldTakeTokensOfEachKindOfKey() throws Exception {
        final JwtAuthenticator byJwks = authenticator(publicKeys(), claims());
        final AuthVerdict verdict = ask(byJwks, null, rs256(good().build()));
        assertEquals(
                AuthVerdict.accept("press-07", Set.of("writer", "reader"), NOW_MS + 90_000), verdict, verdict.reason());
        assertTrue(ask(byJwks, null, signed(JWSAlgorithm.ES256, "e1", new ECDSASigner(ec), good().build()))
                .isAccepted());
        assertTrue(ask(byJwks, null, signed(JWSAlgorithm.ES256, null, new ECDSASigner(ec), good().build()))
                .isAccepted());
        final JwtAuthenticator bySecret = authenticator(JwtKeys.secret(SECRET), claims());
        assertTrue(ask(bySecret, "press-07", signed(JWSAlgorithm.HS256, null, new MACSigner(SECRET), good().build()))
                .isAccepted());
    }

    @Test
    void shouldNotLetATokenChooseItsAlgorithm() throws Exception {
        final JwtAuthenticator byJwks = authenticator(publicKeys(), claims());
        final byte[] publicKey = rsa.toRSAPublicKey().getEncoded();
        final byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(UTF_8);
        for (final String keyId : new String[] {"r1", null}) {
            for (final byte[] secret : List.of(publicKey, pem)) {
                final String confused = signed(JWSAlgorithm.HS256, keyId, new MACSigner(secret), good().build());
                assertEquals(
                        "its token is not signed by a key that we have",
                        ask(byJwks, null, confused).reason());
            }
        }
        assertFalse(ask(byJwks, null, new PlainJWT(good().build()).serialize() + "AA")
                .isAccepted());
        assertFalse(ask(byJwks, null, new PlainJWT(good().build()).serialize()).isAccepted());
        assertFalse(ask(byJwks, null, signed(JWSAlgorithm.RS512, "r1", new RSASSASigner(rsa), good().build()))
                .isAccepted());
        final JwtAuthenticator bySecret = authenticator(JwtKeys.secret(SECRET), claims());
        assertFalse(ask(bySecret, null, rs256(good().build())).isAccepted());
        assertFalse(ask(bySecret, null, signed(JWSAlgorithm.HS384, null, new MACSigner(new byte[48]), good().build()))
                .isAccepted());
    }

    @Test
    void shouldRefuseWhatWasChangedOrSignedByOthers() throws Exception {
        final JwtAuthenticator byJwks = authenticator(publicKeys(), claims());
        final String token = rs256(good().build());
        final String[] parts = token.split("\\.");
        final String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8).replace("press-07", "admin");
        final String forged = parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + "." + parts[2];
        assertFalse(ask(byJwks, null, forged).isAccepted());
        final RSAKey other = new RSAKeyGenerator(2048).keyID("r1").generate();
        assertFalse(ask(byJwks, null, signed(JWSAlgorithm.RS256, "r1", new RSASSASigner(other), good().build()))
                .isAccepted());
        assertEquals(0, unknownKeys.get());
        assertFalse(ask(byJwks, null, signed(JWSAlgorithm.RS256, "new", new RSASSASigner(other), good().build()))
                .isAccepted());
        assertEquals(1, unknownKeys.get(), "the set is fetched again");
        for (final String broken : List.of("ey..", "ey.ey.ey", "eyJhbGciOiJSUzI1NiJ9.e30.", token + "\0")) {
            assertEquals(AuthVerdict.Kind.REFUSED, ask(byJwks, null, broken).kind(), broken);
        }
        assertEquals(
                "its token is longer than 16384 bytes",
                ask(byJwks, null, "ey" + "a".repeat(20_000) + "..").reason());
    }

    @Test
    void shouldLeaveToOthersWhatIsNoToken() {
        final JwtAuthenticator byJwks = authenticator(publicKeys(), claims());
        for (final String password : new String[] {"secret", "a.b.c", "", "ey", null}) {
            assertEquals(AuthVerdict.Kind.PASSED, ask(byJwks, "bob", password).kind(), password);
        }
    }

    @Test
    void shouldHoldTheClaimsToTheConfiguration() throws Exception {
        refuses("has expired", good().expirationTime(new Date(NOW_MS - 31_000)).build());
        refuses("has no end", good().expirationTime(null).build());
        refuses(
                "is not valid yet",
                good().notBeforeTime(new Date(NOW_MS + 31_000)).build());
        refuses("is of another issuer", good().issuer("https://other").build());
        refuses("is of another issuer", good().issuer(null).build());
        refuses(
                "is for somebody else, see auth.jwt.audience",
                good().audience("other").build());
        refuses("has no claim sub", good().subject(null).build());
        refuses(
                "has claims of the wrong type",
                good().claim("roles", List.of(1)).build());
        final JwtAuthenticator byJwks = authenticator(publicKeys(), claims());
        assertTrue(ask(
                        byJwks,
                        null,
                        rs256(good().expirationTime(new Date(NOW_MS - 29_000)).build()))
                .isAccepted());
        assertEquals(
                "its token is of another user",
                ask(byJwks, "admin", rs256(good().build())).reason());
        assertEquals(
                Set.of("a", "b"),
                ask(byJwks, null, rs256(good().claim("roles", " a  b ").build()))
                        .roles());
    }

    @Test
    void shouldHoldTheClientIdToItsClaim() throws Exception {
        final JwtAuthenticator byJwks =
                authenticator(publicKeys(), new JwtAuthenticator.Claims("", "", 0, false, false, "sub", "", "cid"));
        final JWTClaimsSet.Builder any = new JWTClaimsSet.Builder().subject("u");
        final AuthVerdict endless =
                ask(byJwks, "ignored", rs256(any.claim("cid", "c").build()));
        assertEquals(AuthVerdict.accept("u"), endless);
        assertEquals(
                0x85, ask(byJwks, null, rs256(any.claim("cid", "d").build())).reasonCode());
        assertEquals(
                0x85, ask(byJwks, null, rs256(any.claim("cid", null).build())).reasonCode());
        assertEquals(
                "its token is for somebody else, see auth.jwt.audience",
                ask(byJwks, null, rs256(any.claim("cid", "c").audience("mqtt").build()))
                        .reason());
    }

    @Test
    void shouldSayWhatIsWrongWithKeys() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> JwtKeys.secret(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> JwtKeys.jwks("{}"));
        assertThrows(IllegalArgumentException.class, () -> JwtKeys.jwks("not json"));
        final String symmetric = new JWKSet(new OctetSequenceKey.Builder(SECRET).build()).toString(false);
        assertThrows(IllegalArgumentException.class, () -> JwtKeys.jwks(symmetric), "no secrets in public sets");
        final ECKey otherCurve = new ECKeyGenerator(Curve.P_384).generate();
        assertThrows(IllegalArgumentException.class, () -> JwtKeys.jwks(new JWKSet(otherCurve).toString()));
    }

    @Test
    void shouldKeepTheLastGoodSetOfAUrl() throws Exception {
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        final List<byte[]> bodies = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger status = new AtomicInteger(200);
        server.createContext("/keys", exchange -> {
            final byte[] body = bodies.get(0);
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        final List<String> events = Collections.synchronizedList(new ArrayList<>());
        final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        final URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        final HttpExchange http = new HttpExchange(TrustedServers.tls(null), TimeUnit.SECONDS.toNanos(5), 10_000);
        bodies.add(new JWKSet(rsa).toString().getBytes(UTF_8));
        try (JwksUrl keys = new JwksUrl(
                http, url, timer, TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(5), events::add)) {
            assertEquals(1, keys.get().size());
            bodies.set(0, new JWKSet(List.of(rsa, ec)).toString().getBytes(UTF_8));
            await(() -> keys.get().size() == 2);
            status.set(500);
            await(() -> events.size() == 1);
            assertEquals(2, keys.get().size());
            status.set(200);
            await(() -> events.size() == 2);
            bodies.set(0, new byte[20_000]);
            await(() -> events.size() == 3);
            assertEquals(2, keys.get().size());
            assertTrue(events.get(0).endsWith("can't be had: status 500; the last ones stay"), events.get(0));
            assertTrue(events.get(1).endsWith("are back"), events.get(1));
            assertTrue(events.get(2).contains("can't be had"), events.get(2));
        } finally {
            server.stop(0);
            timer.shutdownNow();
        }
    }

    @Test
    void shouldNotAskAUrlAgainBeforeItAnswered() throws Exception {
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        final ExecutorService handlers = Executors.newCachedThreadPool();
        final AtomicInteger requests = new AtomicInteger();
        final AtomicInteger open = new AtomicInteger();
        final AtomicInteger mostOpen = new AtomicInteger();
        final CompletableFuture<Void> answer = new CompletableFuture<>();
        final byte[] body = new JWKSet(rsa).toString().getBytes(UTF_8);
        server.setExecutor(handlers);
        server.createContext("/keys", exchange -> {
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            if (requests.incrementAndGet() > 1) {
                answer.join();
            }
            open.decrementAndGet();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
        final URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        final HttpExchange http = new HttpExchange(TrustedServers.tls(null), TimeUnit.SECONDS.toNanos(30), 10_000);
        try (JwksUrl keys = new JwksUrl(
                http, url, timer, TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(30), event -> {})) {
            await(() -> requests.get() >= 2);
            Thread.sleep(100);
            assertEquals(1, mostOpen.get());
            answer.complete(null);
            await(() -> requests.get() > 2);
            assertEquals(1, keys.get().size());
        } finally {
            answer.complete(null);
            server.stop(0);
            timer.shutdownNow();
            handlers.shutdownNow();
        }
    }

    private static void await(final BooleanSupplier condition) throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < endNs, "it did not come to be");
            Thread.sleep(5);
        }
    }
}
