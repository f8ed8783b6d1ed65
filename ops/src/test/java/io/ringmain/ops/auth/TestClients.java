package io.ringmain.ops.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringmain.engine.auth.AuthVerdict;
import io.ringmain.engine.auth.Authenticator;
import io.ringmain.engine.auth.ClientCertificate;
import io.ringmain.engine.auth.Credentials;

/** Credentials for tests, and verdicts waited for. */
final class TestClients {
    static final String LISTENER = "local";

    private TestClients() {}

    /** A client of a remote address; null for a user name or password that it hasn't got. */
    static Credentials client(final String username, final String password) {
        return client("192.0.2.7", "c", username, password);
    }

    static Credentials client(
            final String address, final String clientId, final String username, final String password) {
        return new Credentials(
                LISTENER,
                (address == null ? "127.0.0.1" : address) + ":4711",
                address,
                clientId,
                false,
                username,
                password == null ? null : password.getBytes(UTF_8),
                null,
                false);
    }

    static Credentials certified(final String clientId, final String name) {
        return new Credentials(
                LISTENER,
                "192.0.2.7:4711",
                "192.0.2.7",
                clientId,
                false,
                null,
                null,
                new ClientCertificate(name, null),
                true);
    }

    static AuthVerdict ask(final Authenticator authenticator, final Credentials credentials) {
        return authenticator.authenticate(credentials).toCompletableFuture().join();
    }

    static void accepts(final Authenticator authenticator, final Credentials credentials) {
        final AuthVerdict verdict = ask(authenticator, credentials);
        assertEquals(AuthVerdict.Kind.ACCEPTED, verdict.kind(), verdict.reason());
    }

    static void refuses(final int reasonCode, final Authenticator authenticator, final Credentials credentials) {
        final AuthVerdict verdict = ask(authenticator, credentials);
        assertEquals(AuthVerdict.Kind.REFUSED, verdict.kind());
        assertEquals(reasonCode, verdict.reasonCode(), verdict.reason());
    }
}
